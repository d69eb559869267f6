"""A download by COPY: the same cells as row by row, and nothing left behind when the client goes away."""

import csv
from io import StringIO
from time import monotonic, sleep

import psycopg2
import pytest
from django.db import connection
from django.db.models import F

from selfcare.export import copied, copy_response, defused, defused_column
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


def test_a_text_in_the_filter_cannot_leave_its_quotes():
    CustomerFactory(company_name="it's 100%; \\")
    rows = Customer.objects.filter(company_name="it's 100%; \\")
    text = b"".join(copy_response("x", {"id": F("pk")}, rows).streaming_content).decode()
    assert text == f"\ufeffid\n{rows.get().pk}\n"


def test_a_reader_who_goes_away_leaves_no_query_behind():
    parts = copied("COPY (SELECT repeat('abandoned', 100) FROM generate_series(1, 100000000)) TO STDOUT")
    assert next(parts)
    assert running("abandoned") == 1
    begun = monotonic()
    parts.close()
    while running("abandoned") and monotonic() - begun < 5:
        sleep(0.05)
    assert monotonic() - begun < 1
    assert running("abandoned") == 0


def test_a_query_that_fails_on_the_way_breaks_the_download():
    parts = copied("COPY (SELECT 1 / (50000 - n) FROM generate_series(1, 60000) AS n) TO STDOUT")
    with pytest.raises(psycopg2.errors.DivisionByZero):
        list(parts)


def test_no_time_limit_stops_a_long_download():
    parts = b"".join(copied("COPY (SELECT current_setting('statement_timeout')) TO STDOUT"))
    assert parts == b"0\n"
