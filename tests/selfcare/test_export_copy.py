"""A download by COPY: the same cells as row by row, and nothing left behind when the client goes away."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import StringIO
from time import monotonic, sleep

import psycopg2
import pytest
from django.db import connection
from django.db.models import F

from selfcare.errors import Refused
from selfcare.export import MOST_AT_ONCE, Copied, copy_response, defused, defused_column, second_of, turn_of
from selfcare.models import Customer
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db(transaction=True)
NASTY = ["=1+1", "+49", "-5", "@x", " =1", "＝1", 'say "no", twice', "a\nb", "", "plain", "100%", "'quoted", "\\N"]


def running(words: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND pid <> pg_backend_pid() AND state <> 'idle'",
            [f"COPY%{words}%"],
        )
        return cursor.fetchone()[0]


@contextmanager
def freed_turn() -> Iterator[None]:
    """A turn of customer 1, as soon as the server has noticed who went away."""
    for _try in range(20):
        with suppress(Refused), turn_of("customer 1"):
            break
        sleep(0.05)
    with turn_of("customer 1"):
        yield


def test_cells_come_as_row_by_row_with_formulas_defused():
    for name in NASTY:
        CustomerFactory(company_name=name)
    rows = Customer.objects.filter(pk__gt=0).order_by("pk")
    answer = copy_response("x", {"id": F("pk"), "name": defused_column("company_name")}, rows)
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeffid,name\n")
    found = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))[1:]
    assert [name for _pk, name in found] == [defused(name) for name in NASTY]
    assert answer["Content-Disposition"] == 'attachment; filename="x.csv"'


def test_whatever_a_cell_begins_with():
    names = [f"{space}{chr(sign)}1" for sign in (*range(1, 128), 0xFF1D, 0xE9) for space in ("", " ", "\u3000")]
    Customer.objects.bulk_create(Customer(company_name=name) for name in names)
    rows = Customer.objects.filter(company_name__in=names).order_by("pk")
    text = b"".join(copy_response("x", {"name": defused_column("company_name")}, rows).streaming_content).decode()
    found = [name for (name,) in list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))[1:]]
    assert found == [defused(name) for name in names]


def test_a_text_in_the_filter_cannot_leave_its_quotes():
    CustomerFactory(company_name="it's 100%; \\")
    rows = Customer.objects.filter(company_name="it's 100%; \\")
    text = b"".join(copy_response("x", {"id": F("pk")}, rows).streaming_content).decode()
    assert text == f"\ufeffid\n{rows.get().pk}\n"


def test_a_reader_who_goes_away_leaves_no_query_behind():
    parts = Copied("COPY (SELECT repeat('abandoned', 100) FROM generate_series(1, 100000000)) TO STDOUT")
    assert next(parts)
    assert running("abandoned") == 1
    begun = monotonic()
    parts.close()
    while running("abandoned") and monotonic() - begun < 5:
        sleep(0.05)
    assert monotonic() - begun < 1
    assert running("abandoned") == 0


def test_a_query_that_fails_on_the_way_breaks_the_download():
    parts = Copied("COPY (SELECT 1 / (50000 - n) FROM generate_series(1, 60000) AS n) TO STDOUT")
    with pytest.raises(psycopg2.errors.DivisionByZero):
        list(parts)


def test_no_time_limit_stops_a_long_download():
    parts = b"".join(Copied("COPY (SELECT current_setting('statement_timeout')) TO STDOUT"))
    assert parts == b"0\n"


def test_times_have_the_offset_of_their_zone():
    """The hour that comes twice in New York can be told apart."""
    hours = [datetime(2026, 11, 1, hour, 30, 0, 999, tzinfo=UTC) for hour in (5, 6)]
    for hour in hours:
        Customer.objects.filter(pk=CustomerFactory().pk).update(created_at=hour)
    rows = Customer.objects.filter(created_at__in=hours).order_by("created_at")
    answer = copy_response("x", {"at": second_of("created_at")}, rows, zone="America/New_York")
    assert b"".join(answer.streaming_content).decode().splitlines()[1:] == [
        "2026-11-01 01:30:00-04",
        "2026-11-01 01:30:00-05",
    ]


def test_an_owner_has_only_so_many_downloads_at_once():
    """The others wait, whatever kind they are; who has ended one, or gone away, may begin another."""
    endless = "COPY (SELECT repeat('capped', 100) FROM generate_series(1, 100000000)) TO STDOUT"
    running = [Copied(endless, owner="customer 1") for _turn in range(MOST_AT_ONCE)]
    for parts in running:
        next(parts)
    with pytest.raises(Refused, match="are being made for you already"):
        Copied(endless, owner="customer 1")
    with pytest.raises(Refused), turn_of("customer 1"):
        pytest.fail("a workbook was made as one too many")
    with turn_of("customer 2"):
        pass
    running.pop().close()
    with freed_turn(), pytest.raises(Refused):
        Copied(endless, owner="customer 1")
    assert b"".join(Copied("COPY (SELECT 1) TO STDOUT", owner="customer 1")) == b"1\n"
    for parts in running:
        parts.close()


def test_a_download_that_nobody_reads_gives_its_place_back():
    for _turn in range(MOST_AT_ONCE):
        copy_response("x", {"id": F("pk")}, Customer.objects.all(), owner="customer 1").close()
    with freed_turn():
        pass


def test_without_a_cap_there_would_be_more():
    """The twin: nothing but the owner's places holds the next one back."""
    parts = [Copied("COPY (SELECT 1) TO STDOUT") for _turn in range(MOST_AT_ONCE + 1)]
    assert [b"".join(part) for part in parts] == [b"1\n"] * (MOST_AT_ONCE + 1)
