"""External numbers in a browser: buying one step by step, assigning it by button and by double click, releasing it."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billing.models import Subscription, Xdr
from centrex.models import Did
from tests.factories import DidFactory, FreeDidFactory, LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(easycall):
    return LineFactory(customer=easycall, account_id="12125550100", name="Front desk")


@pytest.fixture
def stock(db) -> Did:
    for last in range(3):
        FreeDidFactory(country="GB", city="London", number=f"44207946015{last}", monthly_fee=Decimal(4))
    return FreeDidFactory(country="DE", city="Berlin", number="493023125020")


@pytest.fixture
def dids(live_server, alice, desk, stock, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/dids/")
    return page


def buy(page: Page) -> None:
    """From the list to a bought number."""
    page.get_by_role("link", name="Add DID").first.click()
    page.get_by_role("link", name="United Kingdom").click()
    page.get_by_role("link", name="London").click()
    page.get_by_label("Digits in the number").fill("0151")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Choose +44 20 7946 0151").click()
    expect(page.get_by_text("Reserved for you for 10 minutes more")).to_be_visible()
    assert not Xdr.objects.exists()
    page.get_by_role("button", name="Buy for").click()
    expect(page.get_by_text("The number is yours.")).to_be_visible()


def release(page: Page) -> None:
    page.get_by_role("link", name="Delete: +44 20 7946 0151").click()
    expect(page.get_by_text("Phone line 12125550100 (Front desk) loses it.")).to_be_visible()
    page.get_by_role("button", name="Release +44 20 7946 0151").click()
    expect(page.get_by_text("+44 20 7946 0151 was released.")).to_be_visible()
    did = Did.objects.get(number="442079460151")
    assert (did.customer, did.line) == (None, None)
    assert Subscription.objects.get().ended_at is not None


def assign_by_button(page: Page) -> None:
    page.get_by_role("link", name="Assign: +44 20 7946 0151").click()
    page.get_by_label("Assigned to").select_option(label="12125550100 (Front desk)")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("+44 20 7946 0151 rings that phone line now.")).to_be_visible()


def test_buy_assign_release(dids, desk):
    buy(dids)
    row = dids.get_by_role("row", name="+44 20 7946 0151")
    expect(row).to_contain_text("Unassigned")
    expect(dids.get_by_text("You pay for 1 number that rings no phone.")).to_be_visible()
    assign_by_button(dids)
    expect(row).to_contain_text("Front desk")
    assert Did.objects.get(line=desk).number == "442079460151"
    release(dids)


def test_a_double_click_on_the_row_assigns_in_place(dids, easycall, desk, live_server):
    did = DidFactory(line=None, customer=easycall, number="16175550162", country="US", city="Boston")
    dids.reload()
    row = dids.get_by_role("row", name="+1 617-555-0162")
    row.get_by_text("Boston").dblclick()
    card = dids.locator(".in-place")
    lines = card.get_by_label("Assigned to")
    expect(lines).to_be_focused()
    lines.select_option(label="12125550100 (Front desk)")
    card.get_by_role("button", name="Assign").click()
    expect(dids.get_by_text("+1 617-555-0162 rings that phone line now.")).to_be_visible()
    expect(row).to_contain_text("Front desk")
    row.get_by_role("link", name="12125550100 (Front desk)").click()  # one click on the cell does it as well
    expect(lines).to_be_focused()
    lines.select_option(label="Unassigned")
    card.get_by_role("button", name="Assign").click()
    expect(dids.get_by_text("+1 617-555-0162 rings no phone now.")).to_be_visible()
    did.refresh_from_db()
    assert did.line is None


def test_a_double_click_on_buy_is_one_purchase(dids, stock, live_server):
    dids.goto(f"{live_server.url}/centrex/dids/add/numbers/?country=DE&city=Berlin")
    dids.get_by_role("button", name="Choose").click()
    dids.get_by_role("button", name="Buy for").dblclick()
    expect(dids.get_by_text("The number is yours.")).to_be_visible()
    assert Subscription.objects.count() == 1
    assert Xdr.objects.filter(service_id=5).count() == 1


def test_cancelling_goes_back_to_the_numbers(dids, stock, live_server):
    dids.goto(f"{live_server.url}/centrex/dids/add/numbers/?country=DE&city=Berlin")
    dids.get_by_role("button", name="Choose").click()
    dids.get_by_role("button", name="Cancel and choose another").click()
    expect(dids.get_by_text("+49 30 23125020 is no longer reserved. Nothing was charged.")).to_be_visible()
    expect(dids.get_by_role("button", name="Choose")).to_be_visible()
    stock.refresh_from_db()
    assert stock.reserved_for is None


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(dids):
    buy(dids)
    assign_by_button(dids)
    release(dids)
