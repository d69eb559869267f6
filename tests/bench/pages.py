"""What a page costs: totals, charts, pages far behind, and how dear our frame, tables and forms are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.urls import reverse

from billing.models import Service, Xdr
from billing.pages.transactions.table import address
from billing.queries.keyset import KeysetPage
from billing.queries.spending import busiest_hours, spend_by_day, top_destinations
from billing.queries.xdrs import Wanted, service_totals, transactions_page
from selfcare.crud.days import span_query
from tests.bench.data import NOW, SPAN, World
from tests.bench.measure import Figure, at_least, at_most, buffers, cpu_seconds, statements, times_as_long
from tests.bench.served import cookies_of, served

ROWS = 50
DEEP = 1000
ROUNDS, ROUNDS_OF_RATES = 100, 5
PAGES = "pages of 8 kB"
LONGER = "times as long"
RATE = "times the requests a second"
YEAR = timedelta(days=365)
EVERYTHING = Wanted(start=NOW - SPAN, end=NOW, failed=True)
CALLS = Wanted(start=NOW - SPAN, end=NOW, failed=True, service_id=Service.CALLS)
EVER = urlencode(span_query(NOW - SPAN, NOW) | {"failed": "on"})


def pages(world: World) -> Iterator[Figure]:
    """Q1 to Q3, R1 and R2 of the goals."""
    show = visitor(world)
    newest = Xdr.for_customer(world.whale).between(NOW - timedelta(days=2), NOW).latest("started_at")
    summary = partial(show, f"{reverse('billing:transactions')}?{EVER}")
    ratios = times_as_long(summary, partial(show, address(newest)), rounds=ROUNDS)
    yield at_most("Q1", "Totals of 13 months, of the page of one transaction", ratios, LONGER, 1.5)
    totals = buffers(lambda: service_totals(world.whale, EVERYTHING))
    yield at_most("Q2", "What these totals read", [totals], PAGES, 100)
    for name, chart in charts(world):
        yield at_most("Q2", f"What the chart of 12 months by {name} reads", [buffers(chart)], PAGES, 100)
    yield from far_behind(world)
    yield from rates(world)
    yield from lists(show)


def visitor(world: World) -> Callable[[str], None]:
    """What shows a page to the user without a server between; `RuntimeError` for any answer but 200."""
    handler, browser = WSGIHandler(), RequestFactory(HTTP_COOKIE=cookies_of(world.user))

    def show(path: str) -> None:
        answer = handler.get_response(browser.get(path))
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status_code}")

    return show


def charts(world: World) -> Iterator[tuple[str, Callable[[], object]]]:
    """What each chart of the Billing Summary reads for 12 months."""
    days = {"first": (NOW - YEAR).date(), "end": NOW.date()}
    yield "day", partial(spend_by_day, world.whale, **days)
    yield "destination", partial(top_destinations, world.whale, **days, limit=8)
    yield "hour of the week", partial(busiest_hours, world.whale, **days)


def far_behind(world: World) -> Iterator[Figure]:
    """Page 1000 of the calls, reached by Next."""
    total = sum(one.transactions for one in service_totals(world.whale, CALLS))
    deep, number = "", 1

    def page(cursor: str) -> KeysetPage:
        return transactions_page(world.whale, CALLS, sort="", cursor=cursor, size=ROWS, total=total)

    while number < DEEP and (following := page(deep).next):
        deep, number = following, number + 1
    asked = " ".join(statements(partial(page, deep)))
    if "OFFSET" in asked or "COUNT(" in asked:
        raise RuntimeError("a page is found by OFFSET, or its rows are counted")
    ratios = times_as_long(partial(page, deep), partial(page, ""), rounds=ROUNDS)
    yield at_most("Q3", f"Page {number} of the calls, of page 1", ratios, LONGER, 1.2)
    yield at_most("Q3", "What that page reads", [buffers(partial(page, deep))], PAGES, 100)


def rates(world: World) -> Iterator[Figure]:
    """Requests a second of two workers, kept busy by eight connections."""
    with served(world.user, workers=2) as site:
        busy = {"connections": 8, "seconds": 2}

        def beside_hello() -> float:
            return site.rate("/bench/last-call/", **busy) / site.rate("/bench/hello/", **busy, signed_in=False)

        beside_hello()  # all workers warm
        ratios = [beside_hello() for _round in range(ROUNDS_OF_RATES)]
    yield at_least(
        "R1", "A page with sign-in and one question to the ledger, of one that says hello", ratios, RATE, 0.15
    )


def lists(show: Callable[[str], Any]) -> Iterator[Figure]:
    """Pages with 50 rows, by what they keep the process busy."""
    least = partial(show, "/bench/last-call/")
    log = f"{reverse('centrex:calls')}?{urlencode(span_query(NOW - timedelta(days=300), NOW))}"
    rows = f"{reverse('billing:transactions-of', args=[Service.CALLS])}?{EVER}"
    lists = {"Transactions of a service": rows, "The log of calls with its filter": log}
    for name, path in lists.items():
        ratios = times_as_long(partial(show, path), least, rounds=ROUNDS, taken=cpu_seconds)
        yield at_most(
            "R2", f"{name}, 50 rows, of a page with sign-in and one question", ratios, "times the CPU time", 5
        )
