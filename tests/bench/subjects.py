"""What is measured: downloads, totals, deep pages, booking and drawing a table."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import django_tables2 as tables2
from django.db import connection
from django.template.loader import render_to_string
from django.test import RequestFactory

from billing.models import Xdr
from billing.operations.ledger import CELLS, COLUMNS, COPY, LedgerRow, post_rows
from billing.pages.transactions.table import TransactionsTable
from billing.queries.records import record_columns
from billing.queries.spending import busiest_hours, spend_by_day, top_destinations
from billing.queries.xdrs import Wanted, service_totals, transactions, transactions_page
from selfcare import export
from selfcare.crud.tables import TableState
from selfcare.models import Role
from tests.bench.data import BATCH, NOW, SPAN, World
from tests.bench.measure import Figure, buffers, in_turn, memory_growth
from tests.bench.reports import reports
from tests.bench.routing import routing
from tests.bench.sheet import sheets

PAGE = 50
DEEP = 1000
PARTS = 5
YEAR = timedelta(days=365)
EVERYTHING = Wanted(start=NOW - SPAN, end=NOW, failed=True)


def downloads(world: World) -> Iterator[Figure]:
    """The whale's CSV against COPY alone and against rows through Python."""
    rows, columns = record_columns(
        transactions(world.whale, EVERYTHING), world.whale, ZoneInfo("Europe/Berlin"), export.defused_column
    )
    sql, params = rows.values_list(*columns.values()).query.sql_with_params()
    copy = f"COPY ({connection.ops.compose_sql(sql, params)}) TO STDOUT (FORMAT csv)"

    def ours() -> None:
        for _part in export.copy_response("bench", columns, rows).streaming_content:
            pass

    def bare() -> None:
        with open(os.devnull, "wb") as nowhere, connection.cursor() as cursor:
            cursor.copy_expert(copy, nowhere)

    growth = memory_growth(ours)
    yield Figure("Download of the whale's CSV, of PostgreSQL's own COPY", in_turn(ours, bare), "times the speed", 0.9)
    yield Figure("Memory that this download takes", growth, "MB", 16, above=False)
    total = rows.count()

    def a_part_by_rows() -> None:
        for _line in export.csv_lines([*columns], map(cells, rows[: total // PARTS].iterator(2000))):
            pass

    ratio = in_turn(ours, a_part_by_rows) * PARTS
    yield Figure("The same, of the same cells written row by row", ratio, "times the speed", 8)


def cells(row: Xdr) -> list[object]:
    """What `record_columns` has, from an object of the ORM; csv_lines brings times to the zone and defuses text.

    What takes a look-up besides is left empty, which is in favour of the rows.
    """
    line = row.line.account_id if row.line else ""
    texts = (row.service.name, line, "out", row.cli, "", row.cld, row.country, row.destination, row.description)
    numbers = (row.charged_quantity, row.service.unit, row.amount, "EUR", row.discount, row.tax)
    ends = (row.cause, row.failed, "", row.call_id, "", "")
    return [row.id, *texts, row.started_at, row.ended_at, "Europe/Berlin", *numbers, *ends]


def totals_and_pages(world: World) -> Iterator[Figure]:
    """The whale's 13 months by service, and a page far behind."""
    touched = buffers(lambda: service_totals(world.whale, EVERYTHING))
    yield Figure("Totals of the whale's 13 months", touched, "pages of 8 kB", 100, above=False)
    yield Figure("Charts of the whale's 12 months", buffers(lambda: charts(world)), "pages of 8 kB", 100, above=False)
    total = sum(one.transactions for one in service_totals(world.whale, EVERYTHING))

    def page(cursor: str) -> Any:
        return transactions_page(world.whale, EVERYTHING, sort="", cursor=cursor, size=PAGE, total=total)

    deep = ""
    for _turn in range(min(DEEP, total // PAGE) - 1):
        deep = page(deep).next or deep
    ratio = 1 / in_turn(lambda: page(deep), lambda: page(""), rounds=30)
    yield Figure(
        f"Page {min(DEEP, total // PAGE)} of the whale's calls, of page 1", ratio, "times the time", 1.5, above=False
    )
    yield Figure("The same page", buffers(lambda: page(deep)), "pages of 8 kB", 100, above=False)


def charts(world: World) -> None:
    """What the charts of the Billing Summary read for 12 months: spend by day, destinations, hours."""
    days = {"first": (NOW - YEAR).date(), "end": NOW.date()}
    spend_by_day(world.whale, **days)
    top_destinations(world.whale, **days, limit=8)
    busiest_hours(world.whale, **days)


def booking(world: World) -> Iterator[Figure]:
    """10,000 calls into the ledger with keys, totals and balances, against a bare table with the same indexes."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_plain (LIKE billing_xdr INCLUDING ALL)")
    by_copy = in_turn(fresh(world, lambda rows: post_rows(rows, now=NOW)), fresh(world, copy_plainly))
    yield Figure("Booking 10,000 calls, of COPY without totals", by_copy, "times the speed", 0.18)
    with plain_model():
        by_orm = in_turn(
            fresh(world, lambda rows: post_rows(rows, now=NOW)),
            fresh(world, lambda rows: Xdr._default_manager.bulk_create(map(as_model, rows), batch_size=1000)),
            rounds=3,
        )
    yield Figure("The same, of bulk_create without totals", by_orm, "times the speed", 2.5)


def fresh(world: World, act: Callable[[list[LedgerRow]], Any]) -> Callable[[], Any]:
    """The act on calls that are new each time; they are made before, when the last turn ends."""
    waiting = [world.rows(BATCH) for _turn in range(7)]
    return lambda: act(waiting.pop())


def copy_plainly(rows: list[LedgerRow]) -> None:
    buffer = StringIO()
    csv.writer(buffer).writerows(map(CELLS, rows))
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY.replace("billing_xdr", "bench_plain", 1), buffer)


def as_model(row: LedgerRow) -> Xdr:
    return Xdr(**{name: getattr(row, name) for name in COLUMNS})


@contextmanager
def plain_model() -> Iterator[None]:
    """The model over the bare table."""
    Xdr._meta.db_table = "bench_plain"
    try:
        yield
    finally:
        Xdr._meta.db_table = "billing_xdr"


def drawing(world: World) -> Iterator[Figure]:
    """A page of 50 rows as the portal draws it, and as django-tables2 does by itself."""
    keyset = transactions_page(world.whale, EVERYTHING, sort="", cursor="", size=PAGE, total=PAGE)
    for row in keyset.rows:
        row.customer = world.whale
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(role=Role.OWNER, is_authenticated=True)
    request.customer, request.viewing_as, request.portal_page = world.whale, False, "billing:transactions"
    state = TableState(sort="", per_page=PAGE, page=1, columns=tuple(TransactionsTable.column_names()))

    def ours() -> None:
        table = TransactionsTable(keyset, Xdr._default_manager.none(), request=request, state=state, sortable=True)
        render_to_string("tables/table.html", {"table": table, "title": "Calls"}, request)

    def usual() -> None:
        UsualTable(keyset.rows, template_name="django_tables2/bootstrap5.html").as_html(request)

    yield Figure("Drawing a table of 50 rows, of django-tables2", in_turn(ours, usual, rounds=15), "times the speed", 2)


class UsualTable(tables2.Table):
    """The same columns as django-tables2 makes them from the model."""

    class Meta:
        model = Xdr
        fields = TransactionsTable._meta.fields


SUBJECTS = (downloads, totals_and_pages, drawing, booking, sheets, routing, reports)
