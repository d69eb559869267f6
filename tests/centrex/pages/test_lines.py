"""The page of Phone Lines: columns, filter, groups, order, download."""

import csv
import io
from datetime import timedelta
from decimal import Decimal
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import Account
from centrex.models import Line
from selfcare.models import Role
from tests.factories import BatchFactory, CustomerFactory, ExtensionFactory, LineFactory, SiteFactory, UserFactory
from tests.people import signed_in

PAGE = "/centrex/lines/"


def body(client, **query: object) -> str:
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    return answer.content.decode()


def order(page: str, *words: str) -> list[str]:
    return sorted(words, key=page.index)


def rows_of(client, **query: object) -> list[dict[str, str]]:
    answer = client.get(PAGE, query | {"format": "csv"})
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


@pytest.fixture
def desks(easycall):
    return BatchFactory(customer=easycall, name="Desks")


def test_every_column_says_what_it_is_for(as_alice, easycall, desks):
    Account.objects.create(customer=easycall, balance=Decimal("120.5"))
    now = timezone.now()
    LineFactory(customer=easycall, account_id="12125550100", name="Anna", batch=desks, product="Office line",
                site=SiteFactory(customer=easycall, name="Tower"), phone_model="Snom D735", forwarding="follow_me",
                last_used_at=now - timedelta(days=12, hours=3), registered_until=now + timedelta(minutes=5),
                kind="debit")  # fmt: skip
    LineFactory(customer=easycall, account_id="12125550101", registered_until=now - timedelta(seconds=1))
    page = body(as_alice)
    for head in ("ID", "Idle days", "Available Funds", "Type", "Product", "Batch", "Site", "Forwarding Enabled", "SIP",
                 "IP Phone Model", "Group By Batch"):  # fmt: skip
        assert head in page, head
    for cell in ("12 days", "379.50 USD", "Debit", "Office line", "Desks", "Tower", "Follow-Me", "Snom D735",
                 '<span class="badge good">Registered</span>', "Never used",
                 "Not registered", "Credit", "Default"):  # fmt: skip
        assert cell in page, cell
    assert "All lines draw on it together" in page


def test_who_may_not_see_the_billing_sees_no_funds(easycall):
    Account.objects.create(customer=easycall, balance=Decimal("120.5"))
    LineFactory(customer=easycall)
    manager = signed_in(UserFactory(customer=easycall, role=Role.CENTREX_MANAGER))
    page = body(manager, columns="account_id,available", sort="available")
    assert "379.50" not in page
    assert "Available Funds" not in page.partition("<table")[2].partition("</table>")[0]
    assert "379" not in str(rows_of(manager, columns="account_id,available"))
    assert "379.50" not in manager.get(f"{PAGE}{Line.objects.get().pk}/").content.decode()


def test_idle_lines_are_put_in_order(as_alice, easycall):
    now = timezone.now()
    for number, used in (("1", now), ("2", None), ("3", now - timedelta(days=40)), ("4", now - timedelta(days=1))):
        LineFactory(customer=easycall, account_id=f"Line {number}", last_used_at=used)
    names = ("Line 1", "Line 2", "Line 3", "Line 4")
    page = body(as_alice, sort="idle")
    assert order(page, *names) == ["Line 1", "Line 4", "Line 3", "Line 2"]
    assert order(body(as_alice, sort="-idle"), *names) == ["Line 2", "Line 3", "Line 4", "Line 1"]
    for words in ("Under a day", "1 day", "40 days", "Never used"):
        assert words in page
    assert [row["Idle days"] for row in rows_of(as_alice, sort="idle")] == ["0", "1", "40", ""]


def test_the_filter(as_alice, easycall, desks):
    now, tower = timezone.now(), SiteFactory(customer=easycall, name="Tower")
    LineFactory(customer=easycall, account_id="Line 1", batch=desks, site=tower)
    LineFactory(customer=easycall, account_id="Line 2", registered_until=now + timedelta(hours=1))
    LineFactory(customer=easycall, account_id="Line 3", name="Anna", site=tower, registered_until=now)

    def found(**query: object) -> set[str]:
        return {row["ID"][-1] for row in rows_of(as_alice, **query)}

    assert found(text="ann") == {"3"}
    assert found(site=tower.pk) == {"1", "3"}
    assert found(batch=desks.pk) == {"1"}
    assert found(registered="yes") == {"2"}
    assert found(registered="no") == {"1", "3"}
    assert found(site=tower.pk, registered="no", text="Line 1") == {"1"}


def test_lines_without_a_site_are_those_of_default(as_alice, easycall):
    SiteFactory(customer=easycall, name="Tower")
    LineFactory(customer=easycall, account_id="Line 1")
    LineFactory(customer=easycall, account_id="Line 2", site=SiteFactory(customer=easycall))
    default = as_alice.get(PAGE, {"text": ""}).context["filter"].fields["site"].queryset.get(is_default=True)
    assert [row["ID"] for row in rows_of(as_alice, site=default.pk)] == ["Line 1"]


def test_what_is_anothers_cannot_be_filtered_by(as_alice, easycall, lotus):
    LineFactory(customer=easycall)
    site, batch = SiteFactory(customer=lotus, name="Clinic"), BatchFactory(customer=lotus, name="Beds")
    page = body(as_alice, site=site.pk, batch=batch.pk)
    assert "Clinic" not in page
    assert "Beds" not in page
    assert page.count("Select a valid choice") == 2


def test_groups_by_batch_in_every_order_and_download(as_alice, easycall, desks):
    cars = BatchFactory(customer=easycall, name="Cars")
    for name, batch in (("Zoe", cars), ("Anna", desks), ("Carla", None), ("Bert", cars)):
        LineFactory(customer=easycall, name=name, batch=batch)
    page = body(as_alice, by_batch="on", sort="name")
    heads = ("Batch: Cars", "Batch: Desks", "Without a batch")
    assert order(page.partition("<tbody>")[2], *heads, "Zoe", "Anna", "Carla", "Bert") == [
        "Batch: Cars", "Bert", "Zoe", "Batch: Desks", "Anna", "Without a batch", "Carla"
    ]  # fmt: skip
    assert all(page.count(head) == 1 for head in heads)
    assert "by_batch=on" in page.partition("Download")[2]
    rows = rows_of(as_alice, by_batch="on", sort="-name", columns="name")
    assert [(row["Batch"], row["Name"]) for row in rows] == [
        ("Cars", "Zoe"), ("Cars", "Bert"), ("Desks", "Anna"), ("", "Carla")
    ]  # fmt: skip
    turned = body(as_alice, by_batch="on", sort="-batch").partition("<tbody>")[2]
    assert order(turned, *heads) == ["Without a batch", "Batch: Desks", "Batch: Cars"]
    assert "Batch: Cars" not in body(as_alice, sort="batch")


def test_a_group_goes_on_on_the_next_page(as_alice, easycall, desks):
    for _line in range(30):
        LineFactory(customer=easycall, batch=desks)
    seen = [body(as_alice, by_batch="on", sort="kind", per_page=25, page=page) for page in (1, 2)]
    assert all("Batch: Desks" in page for page in seen)
    shown = [line for line in Line.objects.all() for page in seen if f'href="{PAGE}{line.pk}/"' in page]
    assert len(shown) == len(set(shown)) == 30  # rows that are equal in the order neither go nor come twice


def test_two_thousand_lines_page_fast(as_alice, easycall, desks):
    site = SiteFactory(customer=easycall)
    Line.objects.bulk_create(
        Line(customer=easycall, account_id=f"1646555{n:04}", batch=desks, site=site) for n in range(2000)
    )
    body(as_alice)
    with CaptureQueriesContext(connection) as asked:
        started = perf_counter()
        page = body(as_alice, by_batch="on", sort="-idle", page=39)
        took = perf_counter() - started
    assert "1,901 – 1,950 of 2,000" in page
    assert len(asked) < 25
    assert took < 3  # 0.1 s on an idle machine


def test_a_line_says_where_it_is_and_how_it_does(as_alice, easycall):
    line = LineFactory(customer=easycall, registered_until=timezone.now() + timedelta(hours=1))
    ExtensionFactory(customer=easycall, line=line, number="201", name="Anna")
    page = as_alice.get(f"{PAGE}{line.pk}/").content.decode()
    for words in ("201 Anna", "Registered", "Never used", "500.00 USD", "Default", "Choose another site"):
        assert words in page


def test_a_branch_sees_its_own_lines_only(easycall):
    branch = CustomerFactory(main_office=easycall)
    LineFactory(customer=easycall, account_id="Main line")
    LineFactory(customer=branch, account_id="Branch line")
    page = body(signed_in(UserFactory(customer=branch)))
    assert "Branch line" in page
    assert "Main line" not in page
