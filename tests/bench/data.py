"""The calls: those of many customers in order of time, one call in ten of a customer with far more than the others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.core.management import call_command
from django.db import connection, connections

from billing.operations.ledger import LedgerRow, post_rows
from centrex.models import Extension, Line
from selfcare.embedded.postgres import Cluster
from selfcare.models import Customer, Role, User
from tests.bench import cluster as server

NOW = datetime(2026, 11, 1, tzinfo=UTC)
SPAN = timedelta(days=395)
BATCH, FILLING = 10_000, 50_000
WHALE_SHARE = 10
LINES = 200
SEED = 42
PLACES = [("DE" if n % 3 else "GB", f"Area {n:03}", f"49{300 + n}") for n in range(200)]
SERVICES = (1,) * 17 + (2, 2, 3)
TABLES = "billing_xdr, billing_xdrday, billing_callplace, billing_xdrkey, billing_account"
NIGHT = 0.8  # how much quieter the night is: 0 not at all, 1 silent


@dataclass(slots=True)
class World:
    """The customers of the bench, the user who looks, and the calls, which go on from `next_row` and `moment`."""

    cluster: Cluster
    whale: Customer
    user: User
    lines: list[int]
    others: list[int]
    random: Random
    step: timedelta
    next_row: int = 0
    moment: datetime = NOW - SPAN

    def calls(self, count: int) -> list[LedgerRow]:
        """The next calls, as they would come in."""
        return [self._call() for _turn in range(count)]

    def _call(self) -> LedgerRow:
        number, random = self.next_row, self.random
        self.next_row, self.moment = number + 1, self.moment + self.step
        whale = number % WHALE_SHARE == 0
        country, destination, prefix = random.choice(PLACES)
        seconds, failed = random.randrange(1, 900), random.random() < 0.1
        started_at = by_day(self.moment)
        return LedgerRow(
            # The others have more calls the further in front they stand.
            customer_id=self.whale.pk if whale else self.others[int(len(self.others) * random.random() ** 2)],
            line_id=random.choice(self.lines) if whale else None,
            service_id=random.choice(SERVICES),
            started_at=started_at,
            ended_at=started_at + timedelta(seconds=0 if failed else seconds),
            failed=failed,
            cli="12125550100",
            cld=f"{prefix}{random.randrange(10**6):06}",
            country=country,
            destination=destination,
            quantity=Decimal(0 if failed else seconds),
            charged_quantity=Decimal(0 if failed else -(-seconds // 60) * 60),
            amount=Decimal(0 if failed else random.randrange(10**5)).scaleb(-5),
            rate=Decimal("0.06"),
            cause="NO_ANSWER" if failed else "NORMAL_CLEARING",
            external_id=f"bench:{number}",
            call_id=f"call-{number}",
        )


def by_day(moment: datetime) -> datetime:
    """The same day, but at an hour at which people call; order is kept."""
    midnight = datetime.combine(moment.date(), time(), tzinfo=UTC)
    part = (moment - midnight) / timedelta(days=1)
    return midnight + timedelta(days=part + NIGHT * math.sin(2 * math.pi * part) / (2 * math.pi))


def fill(cluster: Cluster, rows: int) -> World:
    """The customers, a copy of the database that has nothing else, and so many calls by the way that all calls go."""
    call_command("migrate", verbosity=0)
    customers = Customer.objects.bulk_create(
        Customer(company_name=f"Company {n}", currency="EUR", time_zone="Europe/Berlin", country="DE")
        for n in range(1 + max(100, min(20_000, rows // 1000)))
    )
    whale = customers[0]
    user = User.objects.create(username="bench", customer=whale, role=Role.OWNER, date_format="iso")
    lines = Line.objects.bulk_create(
        Line(customer=whale, account_id=f"1212555{n:04}", name=f"Desk {n}") for n in range(LINES)
    )
    Extension.objects.bulk_create(
        Extension(customer=whale, number=str(1000 + n), name=f"Desk {n}", line=line) for n, line in enumerate(lines)
    )
    others = [customer.pk for customer in customers[1:]]
    world = World(cluster, whale, user, [line.pk for line in lines], others, Random(SEED), SPAN / rows)
    connection.close()
    server.create(cluster, server.EMPTY, like=server.NAME)
    for done in range(0, rows, FILLING):
        post_rows(world.calls(min(FILLING, rows - done)), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {TABLES}")
        cursor.execute("CHECKPOINT")
    return world


@contextmanager
def in_empty_database() -> Iterator[None]:
    """The same customers with a ledger that has no rows."""
    full = connections["default"]
    empty = full.copy()
    empty.settings_dict["NAME"] = server.EMPTY
    connections["default"] = empty
    try:
        yield
    finally:
        empty.close()
        connections["default"] = full
