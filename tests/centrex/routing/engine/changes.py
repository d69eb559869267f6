"""Changes of the small office, for the rows of the tables: each gives a function that makes a plan of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from centrex.routing import bandwidth
from centrex.routing.codes import Service
from centrex.routing.dialing.rules import DialingRules
from centrex.routing.features import Effective, Feature, Source
from centrex.routing.hunting import Inclusion, Member
from centrex.routing.plan import (
    Action,
    BarringClass,
    Company,
    Extension,
    Forwarding,
    ForwardTo,
    NumberFilter,
    Plan,
    Queue,
    Record,
    ScreeningRule,
    TimeFilter,
)
from centrex.routing.policy import Policy
from tests.centrex.routing.engine.office import ALICE, BOB, RULES, SALES
from tests.centrex.routing.engine.table import Change

DANA, BERTA = 4, 5  # lines
BERLIN = 2


def has(line: int, *features: Feature, enabled: bool = True) -> Change:
    """The line's own settings of these features, beside those that it has."""

    def change(plan: Plan) -> Plan:
        said = {each.NAME: Effective(enabled, each, Source.LINE) for each in features}
        return with_line(plan, line, features={**plan.lines[line].features, **said})

    return change


def line(number: int, **values: Any) -> Change:
    """One line changed."""
    return lambda plan: with_line(plan, number, **values)


def with_line(plan: Plan, number: int, **values: Any) -> Plan:
    return replace(plan, lines={**plan.lines, number: replace(plan.lines[number], **values)})


def dana(**values: Any) -> Change:
    """A third phone: Dana, extension 204, who is in no group."""

    def change(plan: Plan) -> Plan:
        usual: dict[str, Any] = {"id": DANA, "account_id": "12125550104", "name": "Dana", "extension": "204",
                                 "primary_group": "", "numbers": ()}  # fmt: skip
        added = replace(plan, lines={**plan.lines, DANA: replace(plan.lines[ALICE], **(usual | values))})
        return another_extension(4, "204", DANA)(added)

    return change


def berta(**values: Any) -> Change:
    """A branch office in Berlin, with Berta at extension 301."""

    def change(plan: Plan) -> Plan:
        usual: dict[str, Any] = {
            "id": BERTA, "account_id": "493055501", "name": "Berta", "customer": BERLIN, "extension": "301",
            "zone": ZoneInfo("Europe/Berlin"), "primary_group": "", "numbers": (), "dialing": DialingRules(),
        }  # fmt: skip
        added = replace(
            plan,
            companies={**plan.companies, BERLIN: Company(BERLIN, "Berlin", country="DE")},
            lines={**plan.lines, BERTA: replace(plan.lines[ALICE], **(usual | values))},
        )
        return another_extension(5, "301", BERTA)(added)

    return change


def rules(number: int = ALICE, **values: Any) -> Change:
    """The dialing rules at a line."""
    return line(number, dialing=replace(RULES, **values))


def company(number: int = 1, **values: Any) -> Change:
    """One company changed."""
    return lambda plan: replace(plan, companies={**plan.companies, number: replace(plan.companies[number], **values)})


def group(number: int = SALES, **values: Any) -> Change:
    """One huntgroup changed."""
    return lambda plan: replace(plan, groups={**plan.groups, number: replace(plan.groups[number], **values)})


def members(number: int, *found: Member) -> Change:
    """The whole list of a huntgroup's extensions."""
    return lambda plan: replace(plan, members={**plan.members, number: found})


def includes(number: int, *found: Inclusion) -> Change:
    """The groups inside a group."""
    return lambda plan: replace(plan, includes={**plan.includes, number: found})


def extension(number: int, **values: Any) -> Change:
    """One extension changed."""
    return lambda plan: replace(
        plan, extensions={**plan.extensions, number: replace(plan.extensions[number], **values)}
    )


def another_extension(number: int, code: str, line: int | None) -> Change:
    """One extension more, in the number space as well."""
    return lambda plan: replace(
        plan,
        extensions={**plan.extensions, number: Extension(number, code, "", line)},
        numbers={**plan.numbers, code: ""},
    )


def site(line: int, limits: bandwidth.Limits) -> Change:
    """The line is in a site with these limits."""

    def change(plan: Plan) -> Plan:
        return with_line(replace(plan, sites={**plan.sites, 4: (Record("site", 4, "Main"), limits)}), line, site=4)

    return change


def queue(number: int = SALES, **values: Any) -> Change:
    """A call queue in front of a group."""
    usual: dict[str, Any] = {"id": 1, "max_waiting": 10, "call_seconds": 180, "max_connected": 2}
    return group(number, queue=Queue(**(usual | values)))


def codes(**found: str) -> Change:
    """The service codes that are switched on, and no others."""
    return lambda plan: replace(plan, codes={Service(name): code for name, code in found.items()})


def numbers(**found: str) -> Change:
    """Numbers of the number space more, "n701" for 701, with their targets."""
    return lambda plan: replace(plan, numbers={**plan.numbers, **{key[1:]: value for key, value in found.items()}})


def classes(*found: BarringClass) -> Change:
    """The ITSP's classes of numbers."""
    return lambda plan: replace(plan, barring_classes=found)


def policy(found: Policy) -> Change:
    """The ITSP's lists."""
    return lambda plan: replace(plan, policy=found)


def entry(number: str = "19175550123", **values: Any) -> ForwardTo:
    """A number to forward to."""
    return ForwardTo(Record("forward", 1, values.pop("name", number)), number, **values)


def forwards(*entries: ForwardTo, line: int = BOB, mode: str = "follow_me", **values: Any) -> Change:
    """A line that forwards, Bob's if no other is named."""
    return lambda plan: with_line(plan, line, forwarding=Forwarding(mode, numbers=entries, **values))


def rule(action: Action, name: str = "rule", **values: Any) -> ScreeningRule:
    """A screening rule."""
    return ScreeningRule(Record("screening", 1, name), action, **values)


def screens(*found: ScreeningRule, line: int = BOB) -> Change:
    """The screening rules of a line, Bob's if no other is named."""
    return lambda plan: with_line(plan, line, screening=found)


def filtered(*patterns: str, anonymous: bool = False) -> NumberFilter:
    """A named list of numbers."""
    return NumberFilter(Record("filter", 1, "Filter"), patterns, anonymous)


def times(period: Any, days: Any = None) -> TimeFilter:
    """Named hours."""
    return TimeFilter(Record("schedule", 1, "Hours"), period, days or {})
