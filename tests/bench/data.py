"""A database of its own with calls of many customers, one of them a whale; it is dropped afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from django.db import connection

from billing.operations.ledger import LedgerRow, post_rows
from centrex.models import Line
from selfcare.models import Customer

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SPAN = timedelta(days=395)
BATCH = 10_000
WHALE_SHARE = 5
PLACES = [f"Germany, area {n}" for n in range(30)]


@dataclass(slots=True)
class World:
    """The customers of the bench; row numbers go on from `next_row`."""

    whale: Customer
    others: list[Customer]
    line: Line
    random: Random
    next_row: int = 0

    def rows(self, count: int, *, whale: bool | None = None) -> list[LedgerRow]:
        """Calls in order of time, every fifth of the whale's unless `whale` says."""
        step = SPAN / max(count, 1)
        made = []
        for n in range(count):
            self.next_row += 1
            of_whale = self.next_row % WHALE_SHARE == 0 if whale is None else whale
            customer = self.whale if of_whale else self.random.choice(self.others)
            seconds = self.random.randrange(1, 900)
            made.append(
                LedgerRow(
                    customer_id=customer.pk,
                    line_id=self.line.pk if of_whale else None,
                    service_id=self.random.choice((1, 1, 1, 1, 2, 3)),
                    started_at=NOW - SPAN + step * n,
                    ended_at=NOW - SPAN + step * n + timedelta(seconds=seconds),
                    cli="12125550100",
                    cld=f"4930{self.random.randrange(10**6):06}",
                    country="DE",
                    destination=self.random.choice(PLACES),
                    quantity=Decimal(seconds),
                    charged_quantity=Decimal(-(-seconds // 60) * 60),
                    amount=Decimal(self.random.randrange(10**5)) / 10**5,
                    rate=Decimal("0.06"),
                    cause="NORMAL_CLEARING",
                    external_id=f"bench:{self.next_row}",
                    call_id=f"call-{self.next_row}",
                )
            )
        return made


@contextmanager
def throw_away(rows: int) -> Iterator[World]:
    """Make the database, fill it with so many rows by the way that all rows go, and drop it at the end."""
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"selfcare_bench_{Random().randrange(10**9)}"  # a name
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield _fill(rows)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _fill(rows: int) -> World:
    customers = Customer.objects.bulk_create(
        Customer(company_name=f"Company {n}", currency="EUR", time_zone="Europe/Berlin", country="DE")
        for n in range(101)
    )
    line = Line.objects.create(customer=customers[0], account_id="bench-line")
    world = World(customers[0], customers[1:], line, Random(42))  # the same calls in each run
    waiting = world.rows(rows)
    for start in range(0, rows, BATCH):
        post_rows(waiting[start : start + BATCH], now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "VACUUM ANALYZE billing_xdr, billing_xdrday, billing_callplace, billing_callhours, billing_xdrkey"
        )
    return world
