"""The stock at its real size: what a buyer asks is answered from the index, whatever others own."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrex.models import Did
from centrex.queries.dids import cities, countries
from tests.factories import CustomerFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FREE, SOLD = 10_000, 40_000
PLACES = [(country, f"City {n}") for country in ("US", "DE", "GB", "FR", "NL") for n in range(20)]


@pytest.fixture
def stock(easycall) -> None:
    """10,000 free numbers in a hundred cities, and many more that somebody has."""
    owners = [CustomerFactory() for _each in range(20)]
    Did.objects.bulk_create(
        (
            Did(
                number=f"1{2_000_000_000 + n}",
                country=PLACES[n % len(PLACES)][0],
                city=PLACES[n % len(PLACES)][1],
                currency="USD",
                customer=None if n < FREE else owners[n % len(owners)],
            )
            for n in range(FREE + SOLD)
        ),
        batch_size=5_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE centrex_did")


def plan_of(act: Any) -> list[str]:
    """The plan of each query that the act makes of the numbers."""
    with CaptureQueriesContext(connection) as asked:
        act()
    about = [query["sql"] for query in asked if '"centrex_did"' in query["sql"]]
    plans = []
    with connection.cursor() as cursor:
        for sql in about:
            cursor.execute(f"EXPLAIN {sql}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans


@pytest.mark.slow
def test_the_steps_read_the_index_and_ask_as_often_as_for_one_number(stock, easycall, as_alice):
    assert sum(place.free for place in countries(easycall, now=NOW)) == FREE
    assert len(cities(easycall, "US", now=NOW)) == 20
    addresses = (
        reverse("centrex:did-add"),
        reverse("centrex:did-cities") + "?country=US",
        reverse("centrex:did-numbers") + "?country=US&city=City+3",
        reverse("centrex:dids"),
    )
    for address in addresses:
        plans = plan_of(lambda address=address: as_alice.get(address))
        assert 1 <= len(plans) <= 4, address
        assert not [plan for plan in plans if "Seq Scan on centrex_did" in plan], address


@pytest.mark.slow
def test_the_plan_would_show_a_sequential_scan(stock):
    """The test above finds what it is made for."""
    assert "Seq Scan on centrex_did" in plan_of(lambda: list(Did.objects.filter(city__contains="zzz")))[0]
