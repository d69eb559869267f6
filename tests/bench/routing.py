"""Where calls go: one question to the engine, and reading the plan that it asks."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from functools import partial
from itertools import cycle

from centrex.models import DialCode, Extension, ForwardNumber, Huntgroup, HuntgroupMember, Line, ScreeningRule
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, decide
from centrex.routing.plan import Plan
from selfcare.models import Customer
from tests.bench.data import NOW, World
from tests.bench.measure import Figure, at_least, at_most, in_turn, seconds

SMALL, LARGE = 20, 500
GROUP_SIZE = 10
ROUNDS = 15
MILLISECOND = 1000


def routing(world: World) -> Iterator[Figure]:
    """Offices of 20 and of 500 lines, with a group for each ten lines, forwarding, and rules."""
    small, large = office_with(SMALL), office_with(LARGE)
    plan = plan_of(large, now=NOW)
    yield at_most("", f"decide() for {LARGE} lines, median", [deciding(plan)], "ms", 1)
    ratio = deciding(plan) / deciding(plan_of(small, now=NOW))
    yield at_most("", f"The same, of an office of {SMALL} lines", [ratio], "times as long", 2)
    for count, office, most in ((SMALL, small, 0.3), (LARGE, large, 1.5)):
        read = partial(plan_of, office, now=NOW)
        yield at_most("", f"Reading the plan of {count} lines", [seconds(read) for _round in range(ROUNDS)], "s", most)
    ratios = in_turn(lambda: plan_of(large, now=NOW), lambda: rows_of(large))
    yield at_least("", "The same, of fetching the same rows as records", ratios, "times the speed", 0.15)


def office_with(count: int) -> Customer:
    """A main office with so many lines."""
    office = Customer.objects.create(company_name=f"Office of {count}", currency="USD", country="US")
    lines = Line.objects.bulk_create(
        Line(customer=office, account_id=f"1212{count:03}{n:04}", name=f"Desk {n}", forwarding="follow_me")
        for n in range(count)
    )
    extensions = Extension.objects.bulk_create(
        Extension(customer=office, number=str(2000 + n), name=f"Desk {n}", line=line) for n, line in enumerate(lines)
    )
    groups = Huntgroup.objects.bulk_create(
        Huntgroup(customer=office, number=str(8000 + n), name=f"Group {n}") for n in range(count // GROUP_SIZE)
    )
    HuntgroupMember.objects.bulk_create(
        HuntgroupMember(huntgroup=groups[n // GROUP_SIZE], extension=extension, position=n, ring_time=15,
                        ignore_forwarding=n % 2 == 0)
        for n, extension in enumerate(extensions)
    )  # fmt: skip
    ForwardNumber.objects.bulk_create(
        ForwardNumber(line=line, position=place, number=number, period="wd{mo-fr} hr{8-17}")
        for n, line in enumerate(lines)
        for place, number in enumerate((f"1917555{n:04}", str(2000 + (n + 1) % count)))
    )
    ScreeningRule.objects.bulk_create(ScreeningRule(line=line, position=1, action="all") for line in lines)
    codes = [(each.number, DialCode.Kind.EXTENSION) for each in extensions]
    codes += [(each.number, DialCode.Kind.HUNTGROUP) for each in groups]
    DialCode.objects.bulk_create(DialCode(customer=office, code=code, kind=kind) for code, kind in codes)
    return office


def deciding(plan: Plan) -> float:
    """The median over many different calls, in ms: inside, to groups, outside, and from outside."""
    lines, numbers = list(plan.lines.values()), cycle([*plan.extensions_by_number, *plan.groups_by_number])
    calls = [Call(next(numbers), line=line.id) for line in lines]
    calls += [Call(f"4420794{n:05}", line=line.id) for n, line in enumerate(lines)]
    calls += [Call(line.account_id, caller=f"4930{n:06}") for n, line in enumerate(lines)]
    calls += [Call(number, line=lines[0].id) for number in plan.groups_by_number]
    return MILLISECOND * statistics.median(seconds(lambda call=call: decide(plan, call, NOW)) for call in calls)  # type: ignore[misc]


def rows_of(office: Customer) -> None:
    """What the plan is read from, as Django gives it."""
    for rows in (Line, Extension, Huntgroup, DialCode):
        list(rows.for_customer(office))
    list(ForwardNumber.objects.filter(line__customer=office))
    list(ScreeningRule.objects.filter(line__customer=office))
    list(HuntgroupMember.objects.filter(huntgroup__customer=office))
