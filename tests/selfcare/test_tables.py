"""What every list can do, shown on Phone Lines."""

import csv
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from centrex.models import Line
from selfcare.crud.tables import BaseTable, Column, TableState
from selfcare.models import Preference
from selfcare.navigation import address_of_row
from tests.factories import LineFactory

PAGE = "/centrex/lines/"
KEEP = "/preferences/tables/lines/"


@pytest.fixture
def lines(easycall) -> list[Line]:
    return [LineFactory(customer=easycall, account_id=f"1212555{n:04}", name=f"Desk {94 - n:02}") for n in range(95)]


def body(client, query: str = "") -> str:
    return client.get(PAGE + query).content.decode()


def test_pages_and_where_one_is(as_alice, lines):
    first, second = body(as_alice), body(as_alice, "?page=2")
    assert "1 – 50 of 95" in first
    assert "51 – 95 of 95" in second
    assert "12125550050" in second
    assert "12125550050" not in first


@pytest.mark.parametrize("page", ["99", "0", "-1", "x", "9" * 30, "1e3"])
def test_an_impossible_page_shows_one_that_exists(as_alice, lines, page):
    assert "of 95" in body(as_alice, f"?page={page}")


def test_sorting_both_ways_is_a_link_and_marked(as_alice, lines):
    up, down = (body(as_alice, f"?columns=account_id,name&sort={sort}") for sort in ("name", "-name"))
    assert up.index("Desk 00") < up.index("Desk 01")
    assert down.index("Desk 94") < down.index("Desk 93")
    assert 'aria-sort="ascending"' in up
    assert 'aria-sort="descending"' in down


@pytest.mark.parametrize("sort", ["password", "customer__email", "-", "name; drop table", "name,account_id", "\x00"])
def test_only_its_own_columns_can_be_sorted_by(as_alice, lines, sort):
    assert as_alice.get(PAGE, {"sort": sort}).status_code == 200


def test_columns_are_chosen_and_kept_for_the_user(as_alice, as_bob, lines):
    answer = as_alice.post(KEEP, {"column": ["account_id", "product"], "next": PAGE})
    assert answer["Location"] == f"{PAGE}?columns=account_id,product"
    assert 'id="head-lines-kind"' not in body(as_alice)
    assert 'id="head-lines-kind"' in body(as_bob)
    assert Preference.objects.get().value == {"columns": ["account_id", "product"]}


def test_the_address_wins_over_what_is_kept(as_alice, lines):
    as_alice.post(KEEP, {"column": ["account_id"], "per_page": "25", "next": PAGE})
    assert "1 – 25 of 95" in body(as_alice)
    assert "1 – 100" not in body(as_alice, "?per_page=1000")
    assert "1 – 95 of 95" in body(as_alice, "?per_page=100")
    assert "Desk 94" in body(as_alice, "?columns=account_id,name")


def test_the_head_menus_sort_is_kept(as_alice, lines):
    as_alice.post(KEEP, {"sort": "-name", "next": PAGE})
    page = body(as_alice)
    assert page.index("Desk 94") < page.index("Desk 93")


def test_compact_rows_are_kept_for_the_user_and_table(as_alice, as_bob, lines):
    assert "listing dense" not in body(as_alice)
    as_alice.post(KEEP, {"density": "compact", "next": PAGE})
    assert "listing dense" in body(as_alice)
    assert "listing dense" not in body(as_bob)
    as_alice.post(KEEP, {"density": "normal", "next": PAGE})
    assert "listing dense" not in body(as_alice)
    assert "listing dense" not in body(as_alice, "?density=huge")


@pytest.mark.parametrize("evil", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_keeping_a_table_does_not_lead_away(as_alice, evil):
    assert as_alice.post(KEEP, {"per_page": "25", "next": evil})["Location"].startswith("/?")


def test_a_download_holds_what_is_filtered_in_the_columns_shown(as_alice, lines):
    answer = as_alice.get(PAGE, {"text": "Desk 1", "columns": "account_id,name", "format": "csv"})
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")
    rows = list(csv.reader(StringIO(text)))
    assert rows[0] == ["ID", "Name"]
    assert len(rows) == 11
    book = load_workbook(BytesIO(as_alice.get(PAGE, {"text": "Desk 1", "format": "xlsx"}).content))
    assert book.active.max_row == 11


def test_nothing_found_offers_to_clear_the_filter(as_alice, lines):
    page = body(as_alice, "?text=zzz")
    assert "Nothing matches this filter." in page
    assert "Clear the filter" in page


def test_an_empty_list_says_what_it_is(as_alice):
    assert "set up by your telephone company" in body(as_alice)


def test_a_list_costs_the_same_with_one_and_three_rows(as_alice, easycall, django_assert_num_queries):
    LineFactory(customer=easycall)
    body(as_alice)
    with CaptureQueriesContext(connection) as one:
        body(as_alice)
    LineFactory.create_batch(2, customer=easycall)
    with django_assert_num_queries(len(one)):
        body(as_alice)


def test_strangers_lines_are_not_in_the_list_or_the_download(as_charlie, lines):
    assert "12125550" not in body(as_charlie)
    answer = as_charlie.get(PAGE, {"format": "csv"})
    assert b"12125550" not in b"".join(answer.streaming_content)


@pytest.mark.parametrize("odd", ["0", "-1", "1000000", "9" * 30, "x"])
def test_page_and_size_that_are_not_offered_give_what_is(as_alice, easycall, odd):
    LineFactory(customer=easycall)
    answer = as_alice.get("/centrex/lines/", {"per_page": odd, "page": odd})
    assert answer.status_code == 200
    table = answer.context["table"]
    assert (table.current.number, table.current.paginator.per_page) == (1, 50)


class Careless(Column):
    """A column that forgets to say that its cell is text."""

    def draw(self, value, record):
        return "<b>"


class GroupedTable(BaseTable):
    account_id = Careless()

    class Meta(BaseTable.Meta):
        model = Line
        fields = ("account_id",)

    def heading_of(self, record):
        return "<i>"


def test_what_a_column_or_a_group_says_is_never_taken_for_html(lines, rf, alice):
    request = rf.get("/")
    request.user, request.customer, request.viewing_as, request.portal_page = (
        alice,
        alice.customer,
        False,
        "centrex:lines",
    )
    table = GroupedTable(Line.for_customer(alice.customer), request=request, state=TableState.of(request, GroupedTable))
    page = table.rows_html()
    assert page.count("<td>&lt;b&gt;</td>") == 50
    assert page.count('<tr class="group"><th scope="rowgroup" colspan="1">&lt;i&gt;</th></tr>') == 1


def test_the_menu_of_a_head_returns_to_the_filtered_page_with_a_token(as_alice, lines):
    page = body(as_alice, "?columns=account_id,name&text=Desk&sort=name")
    menu = page.partition('id="head-lines-name"')[2].partition("</form>")[0]
    assert 'name="next" value="/centrex/lines/?columns=account_id,name&amp;text=Desk&amp;sort=name"' in menu
    assert 'name="csrfmiddlewaretoken" value="' in menu
    assert '<input type="checkbox" name="column" value="name" checked>' in menu


def test_the_address_of_a_row_is_the_one_of_the_address_book():
    assert address_of_row("centrex:line", 42) == reverse("centrex:line", args=[42])
    assert address_of_row("billing:transaction", 7, "2026-03-31") == reverse(
        "billing:transaction", args=[7, "2026-03-31"]
    )
