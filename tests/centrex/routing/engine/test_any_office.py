"""Whatever an office has set, a call ends, goes round no circle, stays with its customer, and help is always reached.

The offices are made at random: branches, blocked lines, forwards in circles, groups inside each other, rules, bars,
hours. `ENGINE_EXAMPLES` asks about more of them than the 500 of an ordinary run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrex.routing.codes import Service
from centrex.routing.dialing.emergency import emergency_numbers
from centrex.routing.dialing.rules import DialingRules, Kind
from centrex.routing.engine import Call, Decision, Target, decide
from centrex.routing.engine.calls import MOST_HOPS
from centrex.routing.features import Answering, AutoAttendant, Barring, Effective, Fax, Limits, Source, Voicemail
from centrex.routing.hunting import Inclusion, Member
from centrex.routing.plan import (
    Action,
    BarringClass,
    Company,
    Extension,
    Forwarding,
    ForwardTo,
    Group,
    Line,
    NumberFilter,
    Plan,
    Queue,
    Record,
    ScreeningRule,
    TimeFilter,
)
from centrex.routing.policy import Policy
from centrex.routing.schedule import parse

EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "500"))
LINES, GROUPS = range(1, 7), range(1, 4)
STRANGERS = range(101, 104)  # lines of another customer, with the same extensions
HOME, BRANCH = 1, 2
OUTSIDE = ("19175550123", "442071234567", "19005551234", "911", "5", "88", "")
COUNTRIES = {HOME: "US", BRANCH: "DE"}
PERIODS = ("", "none", "wd{mo-fr} hr{8-17}", "hr{20-7}", "md{1}")
ZONES = (ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"))
NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
PHONES = {line: f"1212555{line:04}" for line in (*LINES, *STRANGERS)}
EXTENSIONS = {line: str(200 + line % 100) for line in PHONES}
NUMBERS = (*PHONES.values(), *EXTENSIONS.values(), *OUTSIDE)
EVERYTHING = BarringClass(1, "Everything", ("%",))
PREMIUM = BarringClass(2, "Premium", ("1900%",), barred_by_default=True)
CODES = {
    Service.PAGING: "*33", Service.PICKUP: "*40", Service.PARK: "*70", Service.RELEASE: "*71",
    Service.HIDE_CLI: "*67", Service.SHOW_CLI: "*82",
}  # fmt: skip

numbers = st.sampled_from(NUMBERS)
periods = st.sampled_from(PERIODS).map(parse)
flags = st.booleans()


def own(*features: Any) -> dict[str, Effective[Any]]:
    return {each.NAME: Effective(enabled, each, Source.LINE) for enabled, each in features}


features = st.builds(
    own,
    st.tuples(flags, st.builds(Answering, ring=flags, forward=flags, voicemail=flags, call_waiting=flags)),
    st.tuples(flags, st.builds(Voicemail)),
    st.tuples(flags, st.builds(Fax, fax_only=flags)),
    st.tuples(flags, st.builds(Limits, max_calls=st.none() | st.integers(1, 3))),
    st.tuples(st.integers(0, 9).map(lambda one_in_ten: one_in_ten == 0), st.just(AutoAttendant())),
    st.tuples(flags, st.builds(Barring, barred=st.sampled_from([(), (1,), (2,)]))),
)
entries = st.builds(
    ForwardTo, st.just(Record("forward", 1, "entry")), numbers, period=periods, enabled=flags, keep_cld=flags,
    display=st.sampled_from(["caller", "caller_forwarder", "forwarder"]), must_accept=flags,
)  # fmt: skip
forwardings = st.builds(
    Forwarding,
    st.sampled_from(["none", "follow_me", "follow_me", "advanced", "simple", "sip_uri"]),
    st.sampled_from(["listed", "random", "simultaneous"]),
    st.lists(entries, max_size=4).map(tuple),
    uri=st.just("sip:a@example.com"),
)
actions = st.builds(Action, ring=flags, forward=flags, voicemail=flags) | st.sampled_from(
    [Action(reject=True), Action(play=7, then_hang_up=True)]
) | st.builds(Action, number=numbers, voicemail=flags)  # fmt: skip
filters = st.none() | st.builds(
    NumberFilter, st.just(Record("filter", 1, "filter")),
    st.lists(st.sampled_from(["%", "1%", "2xx", "44%"]), max_size=2).map(tuple), flags,
)  # fmt: skip
hours = st.none() | st.builds(TimeFilter, st.just(Record("schedule", 1, "hours")), periods)
rules = st.builds(
    ScreeningRule, st.just(Record("screening", 1, "rule")), actions, filters, filters, hours, enabled=flags
)
dialing = st.sampled_from([
    DialingRules(),
    DialingRules(enabled=True, kind=Kind.RESIDENTIAL, country_code="1", always_area=True, national_lengths=(10,)),
    DialingRules(enabled=True, kind=Kind.PBX, country_code="1", outside_prefix="9", national_lengths=(10,)),
    DialingRules(enabled=True, kind=Kind.CUSTOM, custom="s/^0//;"),
])  # fmt: skip


@st.composite
def lines(draw: st.DrawFn, number: int) -> Line:
    return Line(
        id=number, account_id=PHONES[number], name=f"Line {number}", customer=draw(st.sampled_from([HOME, BRANCH])),
        zone=draw(st.sampled_from(ZONES)), blocked=draw(st.integers(0, 4)) == 0,
        extension=EXTENSIONS[number], primary_group=draw(st.sampled_from(["", "81", "82"])), dialing=draw(dialing),
        forwarding=draw(forwardings), screening=tuple(draw(st.lists(rules, max_size=2))), features=draw(features),
    )  # fmt: skip


@st.composite
def offices(draw: st.DrawFn) -> Plan:
    members = st.lists(
        st.builds(Member, st.sampled_from(LINES), st.integers(0, 5), st.none() | st.integers(1, 9), flags),
        max_size=4, unique_by=lambda member: member.extension,
    ).map(tuple)  # fmt: skip
    inside = st.lists(st.builds(Inclusion, st.sampled_from(GROUPS), flags), max_size=2).map(tuple)
    queue = st.none() | st.just(Queue(1, 5, 60, 1))
    sequence = st.sampled_from(["order", "random", "simultaneous", "least_used"])
    companies = {
        pk: Company(
            pk, f"Company {pk}", country, active=draw(st.integers(0, 4)) > 0,
            available=draw(st.sampled_from([None, Decimal(0), Decimal(5)])), distinctive_ring=draw(flags),
            blocked_callers=draw(st.sampled_from([frozenset(), frozenset({""}), frozenset({"442079460000"})])),
        )
        for pk, country in COUNTRIES.items()
    }  # fmt: skip
    targets = {"7": draw(numbers), "6": "911"}
    codes = {EXTENSIONS[number]: "" for number in LINES} | {f"8{number}": "" for number in GROUPS} | targets
    return Plan(
        companies=companies,
        lines={number: draw(lines(number)) for number in LINES},
        extensions={
            number: Extension(number, EXTENSIONS[number], "", number if draw(st.integers(0, 4)) else None)
            for number in LINES
        },
        groups={
            number: Group(number, f"8{number}", "", draw(sequence), pickup_allowed=draw(flags), queue=draw(queue))
            for number in GROUPS
        },
        members={number: draw(members) for number in GROUPS},
        includes={number: draw(inside) for number in GROUPS},
        barring_classes=(EVERYTHING, PREMIUM),
        codes=CODES if draw(flags) else {},
        numbers=codes,
        policy=draw(st.sampled_from([Policy(), Policy(denied=("%",)), Policy(denied=("44%",))])),
    )


def help_calls() -> st.SearchStrategy[tuple[int, str, bool, int]]:
    """Who calls, a code before the number, whether the prefix to the outside is dialled, and hops."""
    return st.tuples(st.sampled_from(LINES), st.sampled_from(["", "*67", "*82"]), flags, st.integers(0, 7))


@st.composite
def calls(draw: st.DrawFn) -> Call:
    service = st.sampled_from(["", "", "", *CODES.values(), "9"])
    dialled = draw(st.sampled_from(["", "", "+"])) + draw(service) + draw(numbers | st.sampled_from(["81", "82", "7"]))
    line = draw(st.none() | st.sampled_from([*LINES, 999]))
    caller = draw(st.sampled_from(["", "442079460000", "anonymous"]))
    return Call(dialled, line=line, caller=caller, hops=draw(st.integers(0, 7)), seed=draw(st.integers(0, 9)))


moments = st.integers(0, 14 * 24).map(lambda hours: NOW + timedelta(hours=hours))


def targets_of(decision: Decision) -> Iterator[Target]:
    """All that the decision could ring, and what answers in the end."""
    for step in (*decision.steps, *decision.behind):
        yield from step.targets
    if decision.otherwise is not None:
        yield decision.otherwise


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(offices(), st.lists(calls(), min_size=3, max_size=6), moments, help_calls())
def test_whatever_is_set(plan, tried, now, for_help):
    """One office answers several questions: making it takes longer than asking it."""
    for call in tried:
        decision = decide(plan, call, now)
        targets = [*targets_of(decision)]
        ends(plan, decision, targets)
        goes_round_no_circle(plan, call, decision, targets)
        stays_with_its_customer(plan, targets)
    reaches_help(plan, for_help, now)


def ends(plan: Plan, decision: Decision, targets: list[Target]) -> None:
    assert decision.trace
    assert (decision.cause is None) == bool(targets)
    assert all(target.hops <= MOST_HOPS for target in targets)
    # Each line forwards once at most, to at most four numbers, on each of the ways by which a group rings it.
    ways = 1 + sum(len(members) for members in plan.members.values())
    assert len(targets) <= ways * len(LINES) * 6


def goes_round_no_circle(plan: Plan, call: Call, decision: Decision, targets: list[Target]) -> None:
    """By forwarding each phone is rung once, and no call leaves the office for a number of its own."""
    forwarded = [target.line for target in targets if target.kind == "line" and target.hops > call.hops]
    assert len(forwarded) == len(set(forwarded))
    if not any(step.code in ("called.huntgroup", "called.paged_group") for step in decision.trace):
        rung = [target.line for target in targets if target.kind == "line"]
        assert len(rung) == len(set(rung))
    assert not [target for target in targets if target.kind == "trunk" and plan.line_by_number(target.address)]


def stays_with_its_customer(plan: Plan, targets: list[Target]) -> None:
    """A stranger's phone is reached as everybody's in the world: by its number, outside."""
    for target in targets:
        assert target.line is None or target.line in plan.lines
        if target.kind == "line":
            line = plan.lines[target.line or 0]
            assert target.address == line.account_id
            assert plan.can_be_called(line)
        assert target.kind != "trunk" or target.address not in EXTENSIONS.values()


def reaches_help(plan: Plan, call: tuple[int, str, bool, int], now: datetime) -> None:
    """However it is dialled, and whatever is blocked, suspended, barred, denied or spent."""
    number, code, with_prefix, hops = call
    line = plan.lines[number]
    code = code if code in plan.codes.values() else ""
    prefix = line.dialing.outside if with_prefix and line.dialing.enabled else ""
    known = emergency_numbers(plan.company_of(line).country)
    for dialled in (*(f"{code}{prefix}{each}" for each in known), "6"):
        decision = decide(plan, Call(dialled, line=number, hops=hops), now)
        assert decision.emergency
        assert [(target.kind, target.caller.hidden) for target in targets_of(decision)] == [("trunk", False)]
        assert decision.limits == ()
        assert decision.max_seconds is None
