"""Transactions: totals, rows, one row, and downloads that hold exactly what the filter shows."""

import csv
import json
import re
from base64 import urlsafe_b64encode
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.client import HTTPConnection
from io import BytesIO, StringIO
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from billing.models import Service, Xdr
from billing.operations.ledger import LedgerRow, post_rows
from centrex.models import CallRecording
from selfcare.export import MOST_AT_ONCE, Copied
from selfcare.models import CustomerClass
from tests.factories import CallRecordingFactory, ExtensionFactory, InvoiceFactory, LineFactory, SiteFactory
from tests.people import signed_in

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
SUMMARY = "/billing/transactions/"
NOVEMBER = "from_date=2026-11-01&till_date=2026-11-30"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def post(customer, number, *, at=NOW, amount="0.12345", service=Service.CALLS, **more) -> None:
    row = LedgerRow(
        customer_id=customer.pk,
        service_id=service,
        started_at=at,
        amount=Decimal(amount),
        external_id=f"test:{customer.pk}-{number}",
        **{"charged_quantity": Decimal(61), "quantity": Decimal(61), "cli": "12125550100", "cld": "4930400400", **more},
    )
    post_rows([row], now=NOW)


def details(service=Service.CALLS, query=NOVEMBER) -> str:
    return f"{SUMMARY}{service}/?{query}"


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rows_of(answer) -> list[dict[str, str]]:
    """What a spreadsheet program would read in the download."""
    body = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(StringIO(body.removeprefix("\ufeff"), newline="")))


@pytest.mark.django_db
def test_without_a_question_the_page_shows_this_month(easycall, as_alice):
    post(easycall, 1)
    post(easycall, 2, amount="-10", service=Service.PAYMENTS)
    post(easycall, 3, at=NOW - timedelta(days=20))
    page = text(as_alice.get(SUMMARY))
    assert "Voice Calls 1 1:01 0.12345 USD" in page
    assert "Payments 1 – -10.00000 USD" in page
    assert "Total Services Used: 2" in page
    assert "Total Transactions: 2" in page
    assert "Total Charged Amount: -9.87655 USD" in page


@pytest.mark.django_db
def test_times_are_the_readers(easycall, as_alice):
    """New York's 1 November begins at 04:00 UTC, its 2 November at 05:00."""
    post(easycall, 1, at=datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC))
    post(easycall, 2, at=datetime(2026, 11, 1, 4, tzinfo=UTC))
    post(easycall, 3, at=datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC))
    post(easycall, 4, at=datetime(2026, 11, 2, 5, tzinfo=UTC))
    for query in (
        "from_date=2026-11-01&till_date=2026-11-01",
        "from_date=2026-11-01 00:00:00&till_date=2026-11-01 23:59:59",
        "from_date=2026-11-01T00:00&till_date=2026-11-01T23:59:59",
    ):
        assert "Total Transactions: 2" in text(as_alice.get(f"{SUMMARY}?{query}"))
    assert "Total Transactions: 1" in text(
        as_alice.get(f"{SUMMARY}?from_date=2026-11-01&till_date=2026-11-01 00:00:00")
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from_date=soon", "Enter a date and time such as"),
        ("from_date=2026-02-30", "This date does not exist."),
        ("from_date=0001-01-01", "between 2000 and 2099"),
        ("till_date=9999-12-31", "between 2000 and 2099"),
        ("from_date=2026-11-02&till_date=2026-11-01", "This is before the beginning."),
        ("from_date=2025-10-31&till_date=2026-11-30 12:00:00", "more than 13 months after the beginning"),
        ("from_date=2025-01-01", "more than 13 months after the beginning"),
        ("from_date=2000-01-01&till_date=2099-12-31", "more than 13 months after the beginning"),
        ("from_date=1%27%20OR%201=1--", "Enter a date and time such as"),
        ("show=line&line=1%27);DROP TABLE billing_xdr;--", "No line of yours"),
        ("show=line&line=%00", "Null characters are not allowed"),
        ("show=line", "Which line?"),
        ("show=line&line=999", "No line of yours"),
        ("service=77", "Select a valid choice"),
        ("show=x", "Select a valid choice"),
    ],
)
def test_a_wrong_filter_is_told_at_its_field(as_alice, query, words):
    assert words in text(as_alice.get(f"{SUMMARY}?{query}"))
    assert words in text(as_alice.get(details(query=query), follow=True))


@pytest.mark.django_db
def test_a_day_that_was_typed_shows_in_the_picker(as_alice):
    page = as_alice.get(f"{SUMMARY}?{NOVEMBER}").content.decode()
    assert 'value="2026-11-01T00:00:00"' in page
    assert 'value="2026-11-30T23:59:59"' in page


@pytest.mark.django_db
def test_an_end_alone_or_a_beginning_alone_is_enough(easycall, as_alice):
    post(easycall, 1)
    post(easycall, 2, at=NOW - timedelta(days=31))
    for query, count in {
        "from_date=2026-11-10": 1,
        "from_date=2026-10-01": 2,
        "till_date=2026-11-20": 1,
        "till_date=2026-10-31": 1,
    }.items():
        assert f"Total Transactions: {count}" in text(as_alice.get(f"{SUMMARY}?{query}")), query
    assert "from 01/01/2020 00:00 till 01/15/2020 23:59" in text(as_alice.get(f"{SUMMARY}?till_date=2020-01-15"))
    assert "from 02/03/2030 00:00 till 02/28/2030 23:59" in text(as_alice.get(f"{SUMMARY}?from_date=2030-02-03"))


@pytest.mark.django_db
def test_service_line_customer_and_failed_narrow_it(easycall, lotus, as_alice):
    line = LineFactory(customer=easycall, account_id="12125550100")
    ExtensionFactory(customer=easycall, line=line, number="201")
    foreign = LineFactory(customer=lotus)
    post(easycall, 1, line_id=line.pk)
    post(easycall, 2)
    post(easycall, 3, failed=True, amount="0")
    post(easycall, 4, service=Service.MESSAGES)
    for query, count in {
        "": 3,
        "service=1": 2,
        "show=customer": 2,
        "show=line&line=201": 1,
        "show=line&line=%2B1 212 555 0100": 1,
        "failed=on": 4,
        "failed=on&service=1&show=customer": 2,
    }.items():
        assert f"Total Transactions: {count}" in text(as_alice.get(f"{SUMMARY}?{NOVEMBER}&{query}")), query
    assert "No line of yours" in text(as_alice.get(f"{SUMMARY}?show=line&line={foreign.account_id}"))


@pytest.mark.django_db
def test_an_empty_time_says_so_and_where_to_go(as_alice):
    page = text(as_alice.get(f"{SUMMARY}?from_date=2026-01-01&till_date=2026-01-02"))
    assert "There are no transactions" in page
    assert "Show this month" in page


@pytest.mark.django_db
def test_the_details_are_the_rows_of_one_service(easycall, lotus, as_alice):
    post(easycall, 1, destination="Germany", country="DE", description="Desk")
    post(easycall, 2, service=Service.MESSAGES)
    post(lotus, 3)
    answer = as_alice.get(details())
    page = text(answer)
    assert 'aria-label="Details: 11/15/2026 07:00:00"' in answer.content.decode()
    assert "+49 30 400400" in page
    assert "Germany (DE)" in page
    assert "0.12345 USD" in page
    assert "1 – 1 of 1" in page
    assert as_alice.get(details(service=77)).status_code == 404


@pytest.mark.django_db
def test_the_link_to_the_details_keeps_the_filter(easycall, as_alice):
    post(easycall, 1)
    post(easycall, 2, failed=True)
    page = as_alice.get(f"{SUMMARY}?from_date=2026-11-15&failed=on").content.decode()
    link = re.search(r'href="(/billing/transactions/1/[^"]+)"', page)[1].replace("&amp;", "&")
    assert "1 – 2 of 2" in text(as_alice.get(link))


@pytest.mark.django_db
def test_pages_sort_and_columns_work_from_the_address(easycall, as_alice):
    for n in range(60):
        post(easycall, n, at=NOW - timedelta(minutes=n), amount=f"0.{n:05}")
    page = as_alice.get(details(query=f"{NOVEMBER}&sort=amount&per_page=25&columns=amount")).content.decode()
    amounts = re.findall(r"(0\.\d{5}) USD</td>", page)
    assert amounts == [f"0.{n:05}" for n in range(25)]
    assert 'aria-sort="ascending"' in page
    following = re.search(r'href="(\?[^"]*cursor=[^"]+)"[^>]*aria-label="Next page"', page)[1].replace("&amp;", "&")
    page = as_alice.get(f"{SUMMARY}1/{following}").content.decode()
    assert re.findall(r"(0\.\d{5}) USD</td>", page) == [f"0.{n:05}" for n in range(25, 50)]
    assert "26 – 50 of 60" in re.sub(r"\s+", " ", page)
    assert "Account ID</a>" not in page


@pytest.mark.django_db
def test_too_many_rows_have_heads_that_say_why_they_do_not_sort(easycall, as_alice, monkeypatch):
    monkeypatch.setattr("billing.queries.xdrs.MOST_TO_SORT", 1)
    post(easycall, 1)
    post(easycall, 2)
    month = as_alice.get(details(query=f"{NOVEMBER}&sort=amount")).content.decode()
    assert ">Amount <" in month, "a month is always sorted"
    assert "too many rows to sort" not in month
    page = as_alice.get(details(query="from_date=2026-10-01&till_date=2026-11-30&sort=amount")).content.decode()
    assert "These are too many rows to sort by anything but the date." in page
    assert '<span title="Too many rows to sort: choose a shorter time.">Amount</span>' in page
    assert "sort=started_at" in page
    assert ">Amount</a>" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"{SUMMARY}?{NOVEMBER}", details(), f"{SUMMARY}?show=customer"])
def test_the_number_of_queries_does_not_grow(easycall, as_alice, address):
    post(easycall, 1, line_id=LineFactory(customer=easycall).pk)
    as_alice.get(address)
    with CaptureQueriesContext(connection) as one:
        as_alice.get(address)
    for n in (2, 3):
        post(easycall, n, line_id=LineFactory(customer=easycall).pk)
    with CaptureQueriesContext(connection) as three:
        as_alice.get(address)
    assert len(three) == len(one), "\n".join(query["sql"][:200] for query in three)


def row_address(row: Xdr) -> str:
    return reverse("billing:transaction", args=[row.pk, f"{row.started_at:%Y-%m-%d}"])


@pytest.mark.django_db
def test_a_row_says_why_it_costs_what_it_costs(easycall, as_alice, as_bob, as_charlie):
    priced = {"rate": Decimal("0.06"), "connect_fee": Decimal("0.01"), "discount": Decimal("0.05")}
    post(easycall, 1, call_id="c-1", **priced)
    heard = CallRecording.objects.create(
        customer=easycall, call_id="c-1", started_at=NOW, status="ready", file="recordings/a.wav"
    )
    row = Xdr.objects.get()
    page = text(as_bob.get(row_address(row)))
    assert "Price a minute 0.06000 USD" in page
    assert "Connect fee 0.01000 USD" in page
    assert "Price before discount 0.17345 USD Discount −0.05000 USD" in page
    assert f"/centrex/recordings/{heard.pk}/" in as_alice.get(row_address(row)).content.decode()
    assert as_charlie.get(row_address(row)).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-11-14", "x", "9999-12-31", "0001-01-01"])
def test_a_row_is_found_on_its_own_day_only(easycall, as_alice, day):
    post(easycall, 1)
    address = reverse("billing:transaction", args=[Xdr.objects.get().pk, day])
    assert as_alice.get(address).status_code == 404


@pytest.mark.django_db
def test_a_failed_and_a_free_row_say_why(easycall, as_alice):
    post(easycall, 1, failed=True, amount="0", cause="USER_BUSY")
    post(easycall, 2, amount="0")
    pages = [text(as_alice.get(row_address(row))) for row in Xdr.objects.order_by("id")]
    assert "A call that was not answered costs nothing." in pages[0]
    assert "This transaction is free of charge." in pages[1]


@pytest.mark.django_db(transaction=True)
def test_the_csv_is_exactly_the_filtered_rows_with_formulas_defused(easycall, lotus, as_alice):
    line = LineFactory(customer=easycall, site=SiteFactory(customer=easycall, name="+ Bank"))
    post(easycall, 1, line_id=line.pk, description="=HYPERLINK(1)", cli="+49", cld="*98", destination='a,"b"\nc')
    post(easycall, 2, at=NOW - timedelta(days=1), amount="-5.5", description="@x", cause="-1", discount=Decimal("0.1"))
    post(easycall, 3, failed=True)
    post(easycall, 4, service=Service.MESSAGES)
    post(easycall, 5, at=NOW - timedelta(days=30))
    post(lotus, 6)
    found = rows_of(as_alice.get(f"{SUMMARY}?{NOVEMBER}&service=1&format=csv"))
    assert [Decimal(row["charged_amount"]) for row in found] == [Decimal("-5.5"), Decimal("0.12345")]
    assert [row["description"] for row in found] == ["'@x", "'=HYPERLINK(1)"]
    assert found[1] | {"xdr_id": ""} == {
        "xdr_id": "",
        "service": "Voice Calls",
        "account_id": line.account_id,
        "direction": "out",
        "cli": "'+49",
        "cli_name": "",
        "cld": "*98",
        "country": "",
        "area": 'a,"b"\nc',
        "description": "'=HYPERLINK(1)",
        "connect_time": "2026-11-15 07:00:00-05",
        "disconnect_time": "",
        "timezone": "America/New_York",
        "charged_quantity": "61.000",
        "unit": "seconds",
        "charged_amount": "0.12345",
        "currency": "USD",
        "discount_amount": "0.00000",
        "tax_amount": "0.00000",
        "disconnect_cause": "",
        "failed": "0",
        "recording_id": "",
        "call_id": "",
        "site": "'+ Bank",
        "invoice_number": "",
    }
    assert found[0]["disconnect_cause"] == "'-1"
    everything = rows_of(as_alice.get(f"{SUMMARY}?{NOVEMBER}&failed=on&format=csv"))
    expected = Xdr.objects.for_customer(easycall).filter(started_at__gte=NOW - timedelta(days=14))
    assert {int(row["xdr_id"]) for row in everything} == set(expected.values_list("id", flat=True))
    assert rows_of(as_alice.get(f"{SUMMARY}1/?{NOVEMBER}&format=csv")) == found


@pytest.mark.django_db
def test_the_workbook_has_the_same_rows_and_no_formula(easycall, as_alice):
    post(easycall, 1, description="=1+1")
    answer = as_alice.get(f"{SUMMARY}?{NOVEMBER}&format=xlsx")
    head, row = load_workbook(BytesIO(answer.content)).active.iter_rows()
    found = {name.value: cell for name, cell in zip(head, row, strict=True)}
    assert (found["description"].data_type, found["description"].value) == ("s", "=1+1")
    assert found["connect_time"].value == datetime(2026, 11, 15, 7)  # noqa: DTZ001 - a workbook knows no zones
    assert found["charged_amount"].value == pytest.approx(0.12345)


@pytest.mark.django_db
def test_too_many_rows_for_a_workbook_are_offered_as_csv(easycall, as_alice, monkeypatch):
    monkeypatch.setattr("selfcare.crud.downloads.MOST_IN_XLSX", 0)
    post(easycall, 1)
    page = text(as_alice.get(f"{SUMMARY}?{NOVEMBER}&format=xlsx", follow=True))
    assert page.count("has room for 0 rows here. The CSV file has them all.") == 2, "said, and then always in its place"
    assert "Total Transactions: 1" in page
    for address in (f"{SUMMARY}?{NOVEMBER}", details()):
        shown = as_alice.get(address).content.decode()
        assert "format=csv" in shown
        assert "format=xlsx" not in shown
        assert "has room for 0 rows here" in shown


@pytest.mark.django_db
def test_presets_lead_to_usual_times(easycall, as_alice):
    page = as_alice.get(SUMMARY).content.decode()
    links = re.findall(r'href="\?*[^"]*\?([^"]+)">(Today|This month|Last month)<', page)
    spans = {label: re.findall(r"_date=([0-9-]+)T([0-9%A]+)", query) for query, label in links}
    assert spans == {
        "Today": [("2026-11-15", "00%3A00%3A00"), ("2026-11-15", "23%3A59%3A59")],
        "This month": [("2026-11-01", "00%3A00%3A00"), ("2026-11-30", "23%3A59%3A59")],
        "Last month": [("2026-10-01", "00%3A00%3A00"), ("2026-10-31", "23%3A59%3A59")],
    }


def test_thirteen_months_are_not_too_many(as_alice):
    for query in ("from_date=2025-11-01&till_date=2026-11-30", "from_date=2025-10-31&till_date=2026-11-29 23:59:59"):
        assert "There are no transactions" in text(as_alice.get(f"{SUMMARY}?{query}"))


def jump(client, at: str, query: str = NOVEMBER, service=Service.CALLS):
    return client.get(details(service, f"{query}&per_page=25&at={at}"), follow=True)


def shown_numbers(answer) -> list[int]:
    """The calls on the page, by the number that `filled` gave each."""
    return [int(found) - 1000 for found in re.findall(r"text-nowrap\"[^>]*>(1\d{3})</td>", answer.content.decode())]


@pytest.fixture
def filled(easycall) -> None:
    """60 calls, call n at noon UTC (07:00 in New York) n hours before 15 November, called 1000 + n."""
    for n in range(60):
        post(easycall, n, at=NOW - timedelta(hours=n), cld=f"{1000 + n}", amount=f"{n}")


@pytest.mark.django_db
def test_one_goes_to_a_date(filled, as_alice):
    newest = jump(as_alice, "2026-11-14 07:00:00")
    assert shown_numbers(newest) == [*range(24, 49)]
    assert "25 – 49 of 60" in text(newest)
    assert "cursor=" in newest.redirect_chain[0][0]
    assert "at=" not in newest.redirect_chain[0][0].replace("_date=", "")
    assert shown_numbers(jump(as_alice, "2026-11-14"))[0] == 8, "a day is gone to by its end: 23:00"
    oldest = jump(as_alice, "2026-11-14", f"{NOVEMBER}&sort=started_at")
    assert shown_numbers(oldest) == [*range(31, 6, -1)], "or by its beginning, when the oldest is first"
    assert "29 – 53 of 60" in text(oldest)
    by_amount = jump(as_alice, "2026-11-14 07:00:00", f"{NOVEMBER}&sort=amount")
    assert shown_numbers(by_amount) == [*range(24, 49)], "a date has its place among dates"


@pytest.mark.django_db
def test_who_goes_beyond_the_last_row_gets_the_last_page(filled, as_alice):
    answer = jump(as_alice, "2026-11-02")
    assert shown_numbers(answer) == [*range(50, 60)]
    assert "51 – 60 of 60" in text(answer)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-10-31", "Choose a time from 11/01/2026 00:00 to 11/30/2026 23:59"),
        ("2026-12-01", "Choose a time from 11/01/2026 00:00 to 11/30/2026 23:59"),
        ("soon", "Enter a date and time such as"),
        ("", "This field is required"),
    ],
)
def test_a_wrong_date_to_go_to_is_told(filled, as_alice, at, words):
    answer = jump(as_alice, at)
    assert words in text(answer)
    assert shown_numbers(answer) == [*range(25)], "the rows stay"


@pytest.mark.django_db
@pytest.mark.parametrize("service", ["77", "0", "9" * 30])
@pytest.mark.parametrize("format", ["", "&format=csv", "&format=xlsx"])
def test_no_such_service(easycall, as_alice, service, format):
    post(easycall, 1)
    assert as_alice.get(f"{SUMMARY}{service}/?{NOVEMBER}{format}").status_code == 404


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from(
            ["from_date", "till_date", "service", "show", "line", "failed", "sort", "per_page", "at", "page"]
        ),
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(["2026-11-01", "2026-11-30T12:00", "9999-12-31T23:59:59", "-amount", "line", "1", "on"]),
            st.datetimes().map(str),
            st.integers().map(str),
        ),
        max_size=6,
    ),
    cursor=st.one_of(
        st.just(""),
        st.text(max_size=60),
        st.recursive(
            st.one_of(st.none(), st.floats(), st.integers(), st.text(st.characters(), max_size=8), st.just("after")),
            lambda inner: st.lists(inner, max_size=6),
        ).map(lambda parts: urlsafe_b64encode(json.dumps(parts).encode()).decode()),
    ),
)
def test_whatever_stands_in_the_address_is_answered(easycall, as_alice, values, cursor):
    post(easycall, 1)
    for address in (SUMMARY, f"{SUMMARY}1/"):
        answer = as_alice.get(address, values | {"cursor": cursor}, follow=True)
        assert answer.status_code in (200, 400, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["-started_at", "amount", "line", "cld", "charged_quantity"])
@pytest.mark.parametrize(
    "parts",
    [
        '["after", 1, "\\ud800", "2026-11-15T00:00:00+00:00", 1]',
        '["after", 1, "1e400", "2026-11-15T00:00:00+00:00", 1]',
        '["after", Infinity, "1", "2026-11-15T00:00:00+00:00", 1]',
        '["before", 1, "x\\u0000", "9999-12-31T23:59:59-23:59", 1]',
        '["after", -5, "", "0001-01-01T00:00:00+14:00", -1]',
        '["after", 1, "", "2026-11-15T00:00:00", 1]',
        '["last", 1, "", "2026-11-15T00:00:00+00:00", 1]',
        "[" * 1200,
        "{}",
    ],
)
def test_a_cursor_that_was_tampered_with_leads_to_rows_of_ones_own(easycall, lotus, as_alice, parts, sort):
    post(easycall, 1)
    post(lotus, 2, cld="4930999999")
    cursor = urlsafe_b64encode(parts.encode()).decode()
    page = text(as_alice.get(details(query=f"{NOVEMBER}&sort={sort}&cursor={cursor}")))
    assert "+49 30 400400" in page or "No rows" in page or "of 1" in page
    assert "4930999999" not in page


@pytest.mark.django_db
def test_a_row_tells_all_and_leads_on(easycall, as_alice, as_bob):
    line = LineFactory(customer=easycall, site=SiteFactory(customer=easycall))
    post(easycall, 1, line_id=line.pk, call_id="c-1", cause="NORMAL_CLEARING")
    start = datetime(2026, 11, 1, 4, tzinfo=UTC)
    invoice = InvoiceFactory(customer=easycall, period_start=start, period_end=start + timedelta(days=30))
    row = Xdr.objects.get()
    answer = as_alice.get(row_address(row))
    for fact in (line.site.name, f"Transaction No. {row.pk}", "Charged Quantity 1:01", "NORMAL_CLEARING", "c-1"):
        assert fact in text(answer), fact
    page = answer.content.decode()
    assert f'href="/centrex/lines/{line.pk}/"' in page
    assert f'<a href="/billing/invoices/{invoice.pk}/">{invoice.number}</a>' in page
    report = re.search(r'href="(/tickets/add/\?about=[^"]+)"', page)[1]
    form = as_alice.get(report).content.decode()
    assert f"Transaction {row.pk}, Voice Calls, 11/15/2026 07:00:00, +49 30 400400" in form
    assert "/tickets/add/" not in as_bob.get(row_address(row)).content.decode()


@pytest.mark.django_db
def test_a_row_leads_only_where_its_reader_may_go(easycall, as_alice):
    hidden = ["centrex:lines", "billing:invoices", "tickets:list"]
    easycall.customer_class = CustomerClass.objects.create(name="Plain", hidden_pages=hidden)
    easycall.save()
    post(easycall, 1, line_id=LineFactory(customer=easycall).pk)
    start = datetime(2026, 11, 1, 4, tzinfo=UTC)
    InvoiceFactory(customer=easycall, period_start=start, period_end=start + timedelta(days=30))
    page = as_alice.get(row_address(Xdr.objects.get())).content.decode()
    for address in ("/centrex/lines/", "/billing/invoices/", "/tickets/add/"):
        assert address not in page


@pytest.mark.django_db(transaction=True)
def test_a_record_names_direction_caller_recording_site_and_invoice(easycall, as_alice):
    line = LineFactory(customer=easycall, account_id="12125550100", site=SiteFactory(customer=easycall))
    ExtensionFactory(customer=easycall, line=line, number="201", name="=Anna")
    start = datetime(2026, 11, 1, 4, tzinfo=UTC)
    invoice = InvoiceFactory(customer=easycall, period_start=start, period_end=NOW)
    recording = CallRecordingFactory(customer=easycall, call_id="c-1", started_at=NOW)
    before = NOW - timedelta(hours=1)
    post(easycall, 1, at=before, line_id=line.pk)
    post(easycall, 2, at=before, cld="201", call_id="c-1")
    post(easycall, 3, at=before, description=Xdr.INCOMING, cli="442079460000", line_id=line.pk)
    post(easycall, 4, at=before, service=Service.PAYMENTS, amount="-5")
    post(easycall, 5, at=NOW)
    found = rows_of(as_alice.get(f"{SUMMARY}?{NOVEMBER}&format=csv"))
    names = ("direction", "cli_name", "recording_id", "site", "invoice_number")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("out", "201 =Anna", "", line.site.name, invoice.number),
        ("internal", "201 =Anna", f"{recording.pk}", "", invoice.number),
        ("in", "", "", line.site.name, invoice.number),
        ("", "201 =Anna", "", "", ""),
        ("out", "201 =Anna", "", "", ""),
    ]


@pytest.mark.django_db(transaction=True)
def test_too_many_downloads_at_once_are_refused_on_the_page(easycall, as_alice, as_charlie, lotus):
    for customer in (easycall, lotus):
        post(customer, 1)
    running = [Copied("COPY (SELECT 1) TO STDOUT", owner=f"customer {easycall.pk}") for _turn in range(MOST_AT_ONCE)]
    for format in ("csv", "xlsx"):
        answer = as_alice.get(f"{SUMMARY}?{NOVEMBER}&format={format}", follow=True)
        assert "3 downloads are being made for you already." in text(answer)
        assert answer.redirect_chain == [(f"{SUMMARY}?{NOVEMBER}", 302)]
    assert len(rows_of(as_charlie.get(f"{SUMMARY}?{NOVEMBER}&format=csv"))) == 1, "others are not held up"
    for parts in running:
        parts.close()


@pytest.mark.django_db(transaction=True)
def test_who_hangs_up_in_the_middle_leaves_no_query_behind(easycall, alice, live_server):
    """50 MB that nobody takes; the connection is cut after the first bytes."""
    for n in range(50):
        post(easycall, n, description="abandoned " * 100_000)
    cookie = signed_in(alice).cookies["sid"].value
    address = urlsplit(live_server.url)
    with closing(HTTPConnection(address.hostname, address.port, timeout=20)) as client:
        client.request("GET", f"{SUMMARY}?{NOVEMBER}&format=csv", headers={"Cookie": f"sid={cookie}"})
        assert client.getresponse().read(1000)
        assert copying() == 1
    begun = monotonic()
    while copying() and monotonic() - begun < 10:
        sleep(0.05)
    assert copying() == 0


def copying() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY (SELECT%%' AND state <> 'idle'")
        return cursor.fetchone()[0]
