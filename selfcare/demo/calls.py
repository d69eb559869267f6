"""The demo's prices and 13 months of calls, booked by the same rating as a switch's."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from billing.ingest.records import CallRecord
from billing.models import Account, Rate, Tariff, TimeSlot
from billing.operations.calls import book_calls
from centrex.models import Line
from selfcare.demo.discounts import make_discounts
from selfcare.demo.people import People
from selfcare.models import Customer

SEED = 2026
DAYS = 395
BATCH = 5_000
# Prefix, destination, country, USD a minute, share of calls abroad, digits that follow.
ABROAD = (
    ("44", "United Kingdom", "GB", "0.019", 20, "20794{:05}"),
    ("447", "United Kingdom, mobile", "GB", "0.089", 10, "911{:06}"),
    ("49", "Germany", "DE", "0.017", 22, "3023{:06}"), ("4915", "Germany, mobile", "DE", "0.098", 10, "1{:08}"),
    ("33", "France", "FR", "0.018", 9, "17018{:04}"), ("336", "France, mobile", "FR", "0.102", 4, "{:08}"),
    ("34", "Spain", "ES", "0.018", 6, "9112{:05}"), ("39", "Italy", "IT", "0.022", 4, "0294{:06}"),
    ("31", "Netherlands", "NL", "0.021", 4, "2079{:05}"), ("420", "Czechia", "CZ", "0.025", 3, "2340{:05}"),
    ("380", "Ukraine", "UA", "0.142", 2, "4439{:05}"), ("61", "Australia", "AU", "0.024", 3, "2801{:05}"),
    ("81", "Japan", "JP", "0.038", 2, "3457{:05}"), ("91", "India", "IN", "0.021", 1, "22400{:05}"),
)  # fmt: skip
AREAS = ("212", "646", "917", "206", "617", "312", "415", "305", "416", "604")
ALL_DAY = ((TimeSlot.FLAT, Decimal(1)),)
NIGHTS = ((TimeSlot.PEAK, Decimal(1)), (TimeSlot.OFF_PEAK, Decimal("0.7")))
HOURS = (0, 0, 0, 0, 0, 0, 1, 3, 8, 14, 15, 13, 10, 12, 14, 13, 11, 8, 4, 2, 1, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a customer telephones: calls on a working day and at weekends, share of each kind in percent."""

    customer: Customer
    workday: int
    weekend: int
    national: int
    abroad: int
    home_prefix: str


def make_calls(people: People, *, now: datetime) -> None:
    """Tariffs, discounts, then the calls of every customer up to `now`."""
    dollars = make_tariff("Northwind Business", "USD", Decimal(1))
    euros = make_tariff("Northwind Europa", "EUR", Decimal("0.9"))
    for customer, tariff in ((people.easycall, dollars), (people.berlin, euros), (people.lotus, dollars)):
        Account.objects.update_or_create(customer=customer, defaults={"tariff": tariff})
    made = [
        (habit.customer, calls_of(habit, now=now))
        for habit in (
            Habit(people.easycall, 106, 16, 48, 16, "1"),
            Habit(people.berlin, 19, 2, 30, 30, "49"),
            Habit(people.lotus, 14, 4, 60, 2, "1"),
        )
    ]
    make_discounts(people, made[0][1], start=now - timedelta(days=DAYS + 1), now=now)
    for customer, calls in made:
        tariff = Account.objects.get(customer=customer).tariff
        for start in range(0, len(calls), BATCH):
            book_calls(calls[start : start + BATCH], customer=customer, tariff=tariff, source="demo", now=now)


def calls_of(habit: Habit, *, now: datetime) -> list[CallRecord]:
    """All calls of one customer, oldest first, and the same each time."""
    rng = random.Random(f"{SEED} {habit.customer.company_name}")  # noqa: S311  # a demo, not a secret
    return sorted(records(habit, rng, now=now), key=lambda call: call.started_at)


def make_tariff(name: str, currency: str, factor: Decimal) -> Tariff:
    """Cheap calls in North America, mobiles abroad cheaper at night; calls between customers are free."""
    zone = "Europe/Berlin" if currency == "EUR" else "America/New_York"
    tariff = Tariff.objects.create(
        name=name, currency=currency, time_zone=zone, off_peak_hours="wd{mo-fr} hr{19-7}, wd{sa su}"
    )
    rows = [("1", "USA and Canada", "US", "0.012", 0, ""), *ABROAD]
    Rate.objects.bulk_create(
        Rate(
            tariff=tariff,
            prefix=prefix,
            destination=destination,
            country=country,
            connect_fee=Decimal("0.05") if "mobile" in destination else Decimal(0),
            first_interval=30 if prefix == "1" else 60,
            next_interval=6 if prefix == "1" else 60,
            time_slot=slot,
            price_first=Decimal(price) * factor * share,
            price_next=Decimal(price) * factor * share,
        )
        for prefix, destination, country, price, _share, _digits in rows
        for slot, share in (NIGHTS if "mobile" in destination else ALL_DAY)
    )
    return tariff


def records(habit: Habit, rng: random.Random, *, now: datetime) -> Iterator[CallRecord]:
    """Every call of one customer, day by day."""
    lines = list(Line.for_customer(habit.customer).select_related("extension"))
    today = now.astimezone(habit.customer.zone).date()
    for back in range(DAYS, -1, -1):
        day = today - timedelta(days=back)
        typical = habit.weekend if day.weekday() >= 5 else habit.workday
        for place in range(max(0, round(rng.gauss(typical, typical / 6)))):
            started = moment(day, rng, habit.customer)
            if started < now - timedelta(minutes=45):
                yield record(habit, rng.choice(lines), started, f"{habit.customer.pk}-{day:%Y%m%d}-{place}", rng)


def moment(day: date, rng: random.Random, customer: Customer) -> datetime:
    """A time of `day`, mostly in office hours of the customer's own clock."""
    hour = rng.choices(range(24), HOURS)[0]
    local = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), customer.zone)
    return local.astimezone(UTC)


def record(habit: Habit, line: Line, started: datetime, name: str, rng: random.Random) -> CallRecord:
    """One call of `line`, out or in; one in sixteen reaches nobody."""
    lot = rng.randrange(100)
    outgoing = lot < habit.national + habit.abroad
    other = foreign_number(rng) if habit.national <= lot < habit.national + habit.abroad else home_number(habit, rng)
    failed = rng.random() < 0.06
    seconds = 0 if failed else max(4, int(rng.lognormvariate(4.7, 1.0)))
    ring = rng.randrange(3, 25)
    return CallRecord(
        external_id=name,
        started_at=started,
        answered_at=None if failed else started + timedelta(seconds=ring),
        ended_at=started + timedelta(seconds=ring + seconds),
        seconds=seconds,
        cli=line.account_id if outgoing else other,
        cld=other if outgoing else line.account_id,
        cli_name="",
        account=line.account_id,
        disposition="NO ANSWER" if failed else "ANSWERED",
        cause=rng.choice(("No answer", "Busy")) if failed else "",
        failed=failed,
        lines=(1,),
        direction="out" if outgoing else "in",
    )


def home_number(habit: Habit, rng: random.Random) -> str:
    """A number of the customer's own part of the world."""
    if habit.home_prefix == "49":
        return f"493023{rng.randrange(10**6):06}"
    return f"1{rng.choice(AREAS)}555{rng.randrange(10**4):04}"


def foreign_number(rng: random.Random) -> str:
    """A number abroad, some countries more often than others; a few people are called again and again."""
    prefix, *_rest, digits = rng.choices(ABROAD, [row[4] for row in ABROAD])[0]
    return prefix + digits.format(int(rng.paretovariate(1.2)) % 10**4)
