"""Main office and branch office in two browsers: alice gives an extension and a group to Berlin, berta sees them."""

import pytest
from playwright.sync_api import Browser, Page, expect

from selfcare.models import Customer
from tests.e2e.conftest import complaints_of, give_session
from tests.factories import CustomerFactory, LineFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def berlin(easycall) -> Customer:
    return CustomerFactory(company_name="EasyCall Berlin", main_office=easycall)


@pytest.fixture
def berta(browser: Browser, live_server, berlin) -> Page:
    """The branch office's own browser."""
    with browser.new_context() as context:
        give_session(context, UserFactory(username="berta", customer=berlin, role="owner"), live_server.url)
        page = context.new_page()
        page.set_default_timeout(10_000)
        said = complaints_of(page)
        yield page
        assert said == []


def test_what_alice_gives_to_the_branch_berta_sees_and_cannot_change(live_server, alice, berlin, sign_in, berta):
    LineFactory(customer=berlin, account_id="493023125010", name="Berlin 1")
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/extensions/add/")
    page.get_by_label("Extension Number").fill("301")
    page.get_by_label("Extension Name").fill("Berta Hoffmann")
    page.get_by_label("Branch Office").select_option(label="EasyCall Berlin")
    page.get_by_label("Assigned To Phone Line").select_option(label="493023125010 (Berlin 1) – EasyCall Berlin")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“301 Berta Hoffmann” was added.")).to_be_visible()
    page.goto(f"{live_server.url}/centrex/huntgroups/add/")
    page.get_by_label("Huntgroup Number").fill("92")
    page.get_by_label("Huntgroup Name").fill("Berlin office")
    page.get_by_label("Branch Office").select_option(label="EasyCall Berlin")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Configure: 92 Berlin office").click()
    page.get_by_label("Add an extension").select_option(label="301 Berta Hoffmann")
    page.locator(".form-buttons").get_by_role("button", name="Save").click()
    expect(page.get_by_text("“92 Berlin office” was saved.")).to_be_visible()

    berta.goto(f"{live_server.url}/centrex/extensions/")
    row = berta.get_by_role("row", name="301 Berta Hoffmann")
    expect(row).to_contain_text("+49 30 23125010")
    expect(row.get_by_role("link", name="Edit")).to_have_count(0)
    expect(row.get_by_role("link", name="Delete")).to_have_count(0)
    expect(berta.get_by_role("link", name="Add Extension")).to_have_count(0)
    berta.get_by_role("navigation", name="Pages of this tab").get_by_role("link", name="Huntgroups").click()
    expect(berta.get_by_role("link", name="Add Huntgroup")).to_have_count(0)
    berta.get_by_role("link", name="Configure: 92 Berlin office").click()
    expect(berta.get_by_role("row", name="301 Berta Hoffmann")).to_be_visible()
    expect(berta.get_by_label("Ring Time, sec: 301 Berta Hoffmann")).to_be_disabled()
    expect(berta.get_by_role("button", name="Save")).to_have_count(0)
    expect(berta.get_by_role("button", name="Move 301 Berta Hoffmann up")).to_have_count(0)
    expect(berta.get_by_role("button", name="Drag 301 Berta Hoffmann")).to_have_count(0)
