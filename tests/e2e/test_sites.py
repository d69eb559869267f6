"""Sites in the browser: limits that show when they count, calls that fit while one types, lines that move."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import Line, Site
from tests.factories import BatchFactory, LineFactory, SiteFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lines(easycall) -> list[Line]:
    batch = BatchFactory(customer=easycall, name="Desks")
    return [
        LineFactory(customer=easycall, account_id=f"1212555010{place}", name=name, batch=batch if place else None)
        for place, name in enumerate(("Anna", "Bert", "Cleo"))
    ]


@pytest.fixture
def start(live_server, alice, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/sites/")
    return page


def test_a_site_is_made_filled_and_deleted(start, easycall, lines):
    page = start
    page.get_by_role("link", name="Add Site").first.click()
    page.get_by_label("Site Name").fill("New York")
    expect(page.get_by_label("Max Number of Simultaneous Calls")).to_be_hidden()
    page.get_by_label("Limit Simultaneous Calls").check()
    page.get_by_label("Max Number of Simultaneous Calls").fill("4")
    page.get_by_label("Max Number of Incoming Calls").fill("9")
    page.get_by_label("Max Bandwidth", exact=True).fill("2000")
    fit = page.locator("[data-fits=id_max_bandwidth]")
    expect(fit).to_have_text("Room for calls at a time: 22.")
    page.get_by_label("Codec Connectivity Profile").select_option("g729")
    expect(fit).to_have_text("Room for calls at a time: 64.")
    page.get_by_label("Max Bandwidth", exact=True).fill("")
    expect(fit).to_be_hidden()
    page.get_by_label("Max Bandwidth", exact=True).fill("2000")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_contain_text("may not be more than Max Number of Simultaneous Calls")
    expect(fit).to_have_text("Room for calls at a time: 64.")
    page.get_by_label("Max Number of Incoming Calls").fill("3")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row").filter(has_text="New York")
    expect(row).to_contain_text("4 calls: 3 incoming; 2,000 kbit/s (64 calls)")

    row.get_by_role("link", name="Choose phone lines").click()
    for name in ("Anna", "Bert"):
        page.get_by_role("row").filter(has_text=name).get_by_role("checkbox").check()
    page.get_by_role("button", name="Move the ticked lines").click()
    expect(page.get_by_text("2 phone lines moved to New York.")).to_be_visible()
    expect(row.get_by_role("link", name="2", exact=True)).to_be_visible()
    site = Site.for_customer(easycall).get(name="New York")
    assert set(site.lines.values_list("name", flat=True)) == {"Anna", "Bert"}

    row.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("2 phone lines move to the site Default")).to_be_visible()
    page.get_by_role("button", name="Delete New York").click()
    expect(page.get_by_text("2 phone lines moved to the site Default: 12125550100 (Anna)")).to_be_visible()
    assert not Line.objects.exclude(site=None).exists()


def test_an_error_in_a_limit_that_is_switched_off_stays_in_sight(start):
    page = start
    page.get_by_role("link", name="Add Site").first.click()
    page.get_by_label("Site Name").fill("New York")
    page.get_by_label("Limit Simultaneous Calls").check()
    page.get_by_label("Max Number of Outgoing Calls").fill("0")
    page.get_by_label("Limit Simultaneous Calls").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Max Number of Outgoing Calls")).to_be_visible()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript_every_limit_shows(start, easycall):
    page = start
    page.get_by_role("link", name="Add Site").first.click()
    page.get_by_label("Site Name").fill("New York")
    page.get_by_label("Max Number of Forwarded Calls").fill("2")
    page.get_by_label("Limit Simultaneous Calls").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Calls: 2 forwarded")).to_be_visible()


def test_lines_are_grouped_by_a_tick_and_moved_one_by_one(start, live_server, easycall, lines):
    site, page = SiteFactory(customer=easycall, name="Tower"), start
    page.goto(f"{live_server.url}/centrex/lines/")
    expect(page.get_by_text("Batch: Desks")).to_have_count(0)
    page.get_by_label("Group By Batch").check()  # a tick is its own button
    expect(page.get_by_role("rowheader", name="Batch: Desks")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Without a batch")).to_be_visible()
    assert "by_batch=on" in page.url
    page.get_by_role("link", name="Idle days").click()
    expect(page.get_by_role("rowheader", name="Batch: Desks")).to_be_visible()
    page.get_by_role("link", name="12125550101", exact=True).click()
    page.get_by_role("link", name="Choose another site").click()
    page.get_by_label("Site").select_option(label="Tower")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Tower")).to_be_visible()
    assert site.lines.get().name == "Bert"
