"""An emergency address as customer and staff do it: typed, refused, checked, chosen, in force."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import EmergencyAddress
from tests.e2e.conftest import give_session
from tests.factories import LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def type_address(page: Page, postal_code: str) -> None:
    page.get_by_label("Street").fill("Pine Street")
    page.get_by_label("House number").fill("1520")
    page.get_by_label("City").fill("Seattle")
    page.get_by_label("Postal Code").fill(postal_code)
    page.get_by_label("Province/State").fill("WA")
    page.get_by_role("button", name="Have it checked").click()


def test_an_address_from_draft_to_force(live_server, alice, dora, easycall, sign_in, browser):
    line = LineFactory(customer=easycall, account_id="12125550101")
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/")
    expect(page.get_by_text("1 phone line has no emergency address in force.")).to_be_visible()
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/emergency/")
    page.get_by_role("link", name="This line").click()
    type_address(page, "9810")
    expect(page.get_by_text("Postal codes in United States of America look like").last).to_be_visible()
    type_address(page, "98101")
    expect(page.get_by_text("Your telephone company is checking this address")).to_be_visible()

    address = EmergencyAddress.objects.get()
    with browser.new_context() as office:
        give_session(office, dora, live_server.url)
        staff = office.new_page()
        staff.goto(f"{live_server.url}/admin/centrex/emergencyaddress/{address.pk}/change/")
        staff.get_by_role("link", name="Offer addresses").click()
        staff.get_by_label("Addresses found").fill("Pine Street North\nPine Street South;;98102")
        staff.get_by_role("button", name="Offer").click()
        expect(staff.get_by_text("The customer is asked to choose.")).to_be_visible()

    page.reload()
    page.get_by_role("button", name="Choose 1520 Pine Street South, 98102 Seattle").click()
    expect(page.get_by_text("The address is in force now.")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("No emergency address is in force")
