"""An auto attendant as a person makes it: by keyboard, and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import Menu
from tests.factories import HuntgroupFactory, LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def line(easycall):
    HuntgroupFactory(customer=easycall, number="88", name="Sales")
    return LineFactory(customer=easycall)


def choose_by_keys(page: Page, label: str, first_letters: str) -> None:
    """As somebody without a mouse chooses."""
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(first_letters)


def test_a_menu_made_with_the_keyboard(live_server, alice, line, sign_in):
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/attendant/")
    page.get_by_label("This line").select_option("own")
    page.get_by_label("On", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Edit: ROOT").focus()
    page.keyboard.press("Enter")
    group = page.get_by_label("Key 1: Huntgroup")
    expect(group).to_be_hidden()
    choose_by_keys(page, "Key 1: Action", "Hunt")
    expect(group).to_be_visible()
    expect(page.get_by_label("Key 1: Number")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(group).to_be_focused()
    page.keyboard.type("88")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The menu “ROOT” was saved.")).to_be_visible()
    expect(page.locator(".tree .name")).to_contain_text(["ROOT", "88 Sales"])
    assert Menu.objects.get().events.get(event="1").huntgroup.number == "88"


@pytest.mark.parametrize("javascript", [False])
def test_it_works_without_javascript(live_server, alice, line, browser, sign_in, javascript):
    cookies = sign_in(alice).context.cookies()
    context = browser.new_context(java_script_enabled=javascript)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/attendant/add/")
    number = page.get_by_label("Key 2: Number")
    expect(number).to_be_hidden()
    page.get_by_label("Key 2: Action").select_option("transfer")
    expect(number).to_be_visible()
    number.fill("call me")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Key 2:").first).to_be_visible()
    expect(page.get_by_label("Key 2: Number")).to_be_visible()
    page.get_by_label("Key 2: Action").select_option("directory")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The menu “ROOT” was saved.")).to_be_visible()
    page.get_by_label("Keys").fill("999")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("“Nobody has this name.”")).to_be_visible()
    context.close()
