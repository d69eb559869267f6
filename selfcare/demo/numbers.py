"""The demo's external numbers: a stock in many cities, and what EasyCall bought of it, as one does in the portal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from billing.operations.did_orders import buy_did
from billing.operations.ledger import make_missing_months
from centrex.models import Did, Line
from centrex.operations.dids import assign, reserve
from selfcare.demo.calls import DAYS
from selfcare.demo.people import People

ACTIVATION = Decimal(5)
# Country, city, number, monthly fee in USD; EasyCall has these.
OWN = (
    ("US", "New York", "12125550150", "2.50"), ("US", "Seattle", "12065550151", "2.50"),
    ("CA", "Toronto", "14165550152", "3.00"), ("GB", "London", "442079460153", "4.00"),
    ("DE", "Berlin", "493023125020", "4.50"), ("FR", "Paris", "33170185154", "4.50"),
    ("NL", "Amsterdam", "31207946155", "4.00"), ("ES", "Madrid", "34911234156", "4.50"),
    ("IT", "Milan", "390294756157", "5.00"), ("CZ", "Prague", "420234096158", "4.00"),
    ("UA", "Kyiv", "380443904159", "6.00"),
)  # fmt: skip
# Country, city, beginning of the numbers, monthly fee in USD, how many are free.
STOCK = (
    ("US", "New York", "121255501", "2.50", 30), ("US", "Boston", "161755501", "2.50", 12),
    ("US", "Chicago", "131255501", "2.50", 9), ("US", "Los Angeles", "121355501", "2.50", 7),
    ("US", "Seattle", "120655501", "2.50", 5), ("CA", "Toronto", "141655501", "3.00", 8),
    ("CA", "Vancouver", "160455501", "3.00", 4), ("GB", "London", "4420794602", "4.00", 14),
    ("GB", "Manchester", "4416149602", "4.00", 6), ("DE", "Hamburg", "49402269016", "4.50", 8),
    ("DE", "Berlin", "49302312503", "4.50", 7), ("FR", "Paris", "331701852", "4.50", 6),
    ("NL", "Amsterdam", "312079462", "4.00", 3), ("AU", "Sydney", "612801551", "5.50", 5),
    ("JP", "Tokyo", "813457892", "7.50", 4),
)  # fmt: skip
EUROPE = ("DE", "FR", "NL", "GB")
RATE = Decimal("0.9")


def make_numbers(people: People, *, now: datetime) -> None:
    """EasyCall's numbers, bought when the demo's months begin; every third waits to be assigned. Then the stock."""
    begin = now - timedelta(days=DAYS)
    make_missing_months({begin})
    desks = list(Line.for_customer(people.easycall).order_by("pk"))
    for place, (country, city, number, fee) in enumerate(OWN):
        did = Did.objects.create(
            number=number,
            country=country,
            city=city,
            currency=people.easycall.currency,
            activation_fee=ACTIVATION,
            monthly_fee=Decimal(fee),
        )
        who = {"user": people.alice, "customer": people.easycall, "did_id": did.pk, "now": begin}
        reserve(**who)
        bought = buy_did(**who).did
        if place % 3:
            assign(user=people.alice, did=bought, line=desks[place])
    Did.objects.bulk_create(stock())


def stock() -> Iterator[Did]:
    """Free numbers for customers with dollars, and in Europe other ones for those with euros."""
    taken = {number for _country, _city, number, _fee in OWN}
    for country, city, beginning, fee, count in STOCK:
        for place in range(count):
            number = f"{beginning}{10 + place}"
            in_euros = country in EUROPE and place % 2 == 1
            if number not in taken:
                yield Did(
                    number=number,
                    country=country,
                    city=city,
                    currency="EUR" if in_euros else "USD",
                    activation_fee=ACTIVATION,
                    monthly_fee=(Decimal(fee) * RATE if in_euros else Decimal(fee)).quantize(Decimal("0.01")),
                )
