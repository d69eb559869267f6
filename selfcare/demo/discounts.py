"""The demo's volume discounts: nearly used, used up, for the future, once only, and two that go together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.ingest.records import CallRecord
from billing.models import CustomerDiscount, DestinationGroup, DiscountPlan, DiscountStep, Service
from selfcare.demo.people import People
from selfcare.models import Customer

BRITAIN = ("44",)
EUROPE = ("31", "33", "34", "39", "44", "49")
NEARLY_USED = timedelta(minutes=88)
Reset, Combination = DiscountPlan.Reset, DiscountPlan.Combination


def make_discounts(people: People, calls: Sequence[CallRecord], *, start: datetime, now: datetime) -> None:
    """Plans from `start` on; by EasyCall's `calls` the free minutes to Britain are nearly used up at `now`."""
    north_america = group("USA and Canada", "1")
    europe = group("Europe", *EUROPE)
    bundle = plan("North America bundle", north_america, (90_000, 100), reset=Reset.NEVER, precedence=20)
    six_hundred = plan("Europe 600", europe, (600, 50), (None, 10), combination=Combination.CUMULATIVE)
    loyalty = plan("Loyalty Europe", europe, (None, 5), combination=Combination.CUMULATIVE, precedence=5)
    hundred = plan("Britain 100", group("United Kingdom", *BRITAIN), (100, 100), (None, 50), precedence=30)
    welcome = plan("Welcome to Japan", group("Japan", "81"), (20, 100), reset=Reset.NEVER, precedence=30)
    evenings = plan("Quiet evenings", north_america, (300, 100), peak_level=DiscountPlan.PeakLevel.OFF_PEAK,
                    roll_over=True, precedence=5)  # fmt: skip
    for customer, given, begins in (
        (people.easycall, bundle, start),
        (people.easycall, six_hundred, start),
        (people.easycall, loyalty, start),
        (people.easycall, welcome, start),
        (people.easycall, hundred, begin_of_use(calls, BRITAIN, now=now)),
        (people.easycall, evenings, now + timedelta(days=10)),
        (people.berlin, six_hundred, start),
    ):
        give(customer, given, begins)


def group(name: str, *prefixes: str) -> DestinationGroup:
    """A destination group."""
    return DestinationGroup.objects.create(name=name, prefixes=[*prefixes])


def plan(name: str, destinations: DestinationGroup, *steps: tuple[int | None, int], **more: Any) -> DiscountPlan:
    """A plan for calls, its steps in minutes; monthly unless `more` says otherwise."""
    made = DiscountPlan.objects.create(
        name=name, service_id=Service.CALLS, destination_group=destinations, **{"reset": Reset.MONTHLY} | more
    )
    DiscountStep.objects.bulk_create(
        DiscountStep(plan=made, upto=upto and upto * 60, percent=Decimal(percent)) for upto, percent in steps
    )
    return made


def give(customer: Customer, given: DiscountPlan, begins: datetime) -> None:
    """A customer's discount."""
    CustomerDiscount.objects.create(customer=customer, plan=given, starts_at=begins)


def begin_of_use(calls: Sequence[CallRecord], prefixes: tuple[str, ...], *, now: datetime) -> datetime:
    """The moment since which calls to these prefixes, by the minute begun, have taken NEARLY_USED."""
    taken = timedelta(0)
    for call in reversed(calls):
        if call.direction == "out" and call.cld.startswith(prefixes) and call.started_at <= now:
            taken += timedelta(minutes=-(-call.seconds // 60))
            if taken >= NEARLY_USED:
                return call.started_at + timedelta(seconds=1)
    return now
