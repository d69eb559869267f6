"""The frame around every page, in a browser: on a phone, by keyboard, in both themes, and without JavaScript."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.template.loader import select_template
from django.utils.html import strip_tags
from playwright.sync_api import Browser, Page, expect

from selfcare.models import Preference, User
from selfcare.navigation import TABS
from tests.e2e.conftest import complaints_of
from tests.factories import PASSWORD, CategoryFactory, LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 780}
SignIn = Callable[[User], Page]


@pytest.fixture
def without_scripts(browser: Browser, live_server) -> Iterator[Page]:
    """A page whose browser runs no script; every complaint fails the test."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    said = complaints_of(page)
    yield page
    context.close()
    assert said == []


def test_the_drawer_of_a_phone_holds_every_tab_and_page(live_server, alice, sign_in: SignIn):
    page = sign_in(alice)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url)
    drawer = page.get_by_role("navigation", name="All pages")
    expect(drawer).to_be_hidden()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(drawer.locator("p")).to_have_text([str(tab.label) for tab in TABS])
    expect(drawer.get_by_role("link")).to_have_text([str(item.label) for tab in TABS for item in tab.items])
    expect(drawer.locator("[aria-current]")).to_have_text("Dashboard")
    drawer.get_by_role("link", name="Huntgroups").click()
    expect(page.get_by_role("heading", name="Huntgroups")).to_be_visible()
    page.get_by_role("button", name="Menu").click()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_no_page_scrolls_sideways_on_a_phone(live_server, alice, sign_in: SignIn, pages):
    page = sign_in(alice)
    page.set_viewport_size(PHONE)
    wide = []
    for name, address in pages.items():
        page.goto(live_server.url + address)
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            wide.append(name)
    assert wide == []


def test_the_help_drawer_is_about_this_very_page(live_server, alice, sign_in: SignIn, pages):
    page = sign_in(alice)
    for name in ("centrex:extensions", "centrex:huntgroups", "billing:invoices", "tickets:list"):
        page.goto(live_server.url + pages[name])
        page.get_by_role("button", name="Help for this page").click()
        shown = page.locator("#help .help-text")
        expect(shown).to_be_visible()
        own = select_template([f"help/{name.replace(':', '/')}.html"]).render()
        assert words(shown.inner_html()) == words(own)
        page.keyboard.press("Escape")
        expect(shown).to_be_hidden()


def words(html: str) -> list[str]:
    return strip_tags(html).split()


def test_the_theme_follows_the_device_until_it_is_chosen_and_is_kept(live_server, alice, sign_in: SignIn):
    page = sign_in(alice)
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url)
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-bs-theme", "light")
    choose_theme(page, "Dark")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 28)"
    page.goto(f"{live_server.url}/tickets/")
    expect(root).to_have_attribute("data-bs-theme", "dark")
    alice.refresh_from_db()
    assert alice.theme == User.Theme.DARK
    choose_theme(page, "System")
    expect(root).to_have_attribute("data-bs-theme", "light")
    alice.refresh_from_db()
    assert alice.theme == User.Theme.SYSTEM


def choose_theme(page: Page, name: str) -> None:
    page.get_by_role("button", name="Account", exact=True).click()
    page.get_by_role("group", name="Theme").get_by_role("button", name=name).click()


def test_a_hidden_column_and_the_page_size_are_kept(live_server, alice, easycall, sign_in: SignIn):
    LineFactory.create_batch(26, customer=easycall)
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/")
    product = page.get_by_role("columnheader", name=re.compile("Product"))
    product.get_by_role("button").click()
    menu = page.locator("form.menu:popover-open")
    expect(menu.get_by_role("button", name="Sort ascending")).to_be_visible()
    menu.get_by_label("Product").uncheck()
    menu.get_by_role("button", name="Show these columns").click()
    expect(product).to_have_count(0)
    page.get_by_label("Rows a page").select_option("25")
    expect(page.locator(".pager .where")).to_have_text("1 – 25 of 26")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".portal-table tbody tr")).to_have_count(1)
    page.goto(f"{live_server.url}/centrex/lines/")  # another day: nothing of it stands in the address
    expect(page.get_by_label("Rows a page")).to_have_value("25")
    expect(page.get_by_role("columnheader", name=re.compile("Type"))).to_be_visible()
    expect(product).to_have_count(0)
    assert Preference.recall(alice, "table:lines")["per_page"] == 25


def test_leaving_a_changed_form_asks_first_and_saving_does_not(live_server, alice, sign_in: SignIn):
    page = sign_in(alice)
    asked: list[str] = []
    answers = [False, True]

    def answer(dialog) -> None:
        asked.append(dialog.type)
        dialog.accept() if answers.pop(0) else dialog.dismiss()

    page.on("dialog", answer)
    tickets = page.get_by_role("navigation", name="Main").get_by_role("link", name="Trouble Tickets")
    page.goto(f"{live_server.url}/profile/")
    tickets.click()
    expect(page.get_by_role("heading", name="Trouble Tickets")).to_be_visible()
    assert asked == []  # nothing was changed
    page.goto(f"{live_server.url}/profile/")
    page.get_by_label("City").press_sequentially("Albany")
    tickets.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("City")).to_have_value("Albany")  # she stays
    tickets.click()
    expect(page.get_by_role("heading", name="Trouble Tickets")).to_be_visible()  # she leaves
    assert len(asked) == 2
    page.goto(f"{live_server.url}/profile/")
    page.get_by_label("City").press_sequentially("Troy")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your details were saved.")).to_be_visible()
    tickets.click()
    expect(page.get_by_role("heading", name="Trouble Tickets")).to_be_visible()
    assert len(asked) == 2


def test_the_keyboard_alone_is_enough(live_server, alice, sign_in: SignIn):
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.reload()
    reached = {}
    for _step in range(25):
        page.keyboard.press("Tab")
        name, ring, width = page.evaluate(
            """() => { const on = document.activeElement, look = getComputedStyle(on);
                return [on.getAttribute("aria-label") || on.innerText.trim(), look.outlineStyle, look.outlineWidth] }"""
        )
        reached[name] = (ring, width)
    for stop in ("Help for this page", "Account", "Dashboard", "Trouble Tickets", "Phone Lines"):
        assert reached.get(stop) == ("solid", "3px"), f"{stop}: {reached}"
    page.get_by_role("button", name="Account", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Change Password")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Account", exact=True)).to_be_focused()


def test_everything_needed_works_without_javascript(without_scripts: Page, live_server, alice, easycall):
    page = without_scripts
    lines = LineFactory.create_batch(26, customer=easycall)
    CategoryFactory(name="Phone service")
    page.goto(live_server.url)
    page.get_by_label("Login").fill("alice")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    arranges_the_dashboard(page)
    corrects_the_profile(page)
    reads_a_list(page, sorted(line.account_id for line in lines))
    asks_for_help(page)


def arranges_the_dashboard(page: Page) -> None:
    titles = page.locator(".window h2")
    expect(titles).to_have_text(["Contact Information", "Brief Billing Information", "Spending", "Recent Calls"])
    page.get_by_role("button", name="Move Recent Calls up").click()
    page.get_by_role("button", name="Hide Contact Information").click()
    expect(titles).to_have_text(["Brief Billing Information", "Recent Calls", "Spending"])
    expect(page.locator(".grip").first).to_be_hidden()  # nothing is offered that cannot work


def corrects_the_profile(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="My Profile").click()
    page.get_by_label("City").fill("Albany")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your details were saved.")).to_be_visible()


def reads_a_list(page: Page, ids: list[str]) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="IP Centrex").click()
    page.get_by_role("navigation", name="Pages of this tab").get_by_role("link", name="Phone Lines").click()
    page.get_by_label("Rows a page").select_option("25")
    page.get_by_role("button", name="Set").click()
    rows = page.locator(".portal-table tbody tr")
    expect(rows).to_have_count(25)
    page.get_by_role("columnheader").get_by_role("link", name="ID", exact=True).click()
    first = rows.first.get_by_role("link").first
    expect(first).to_have_text(ids[-1])  # it was ascending, so the click turns it round
    page.get_by_role("link", name="Next page").click()
    expect(rows).to_have_count(1)
    page.get_by_label("ID or name").fill(ids[3])
    page.get_by_role("button", name="Search").click()
    expect(rows).to_have_count(1)
    expect(first).to_have_text(ids[3])
    page.get_by_role("button", name="Column menu of Type").click()
    menu = page.locator("form.menu:popover-open")
    menu.get_by_label("Batch").uncheck()
    menu.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name=re.compile("Batch"))).to_have_count(0)


def asks_for_help(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Trouble Tickets").click()
    page.get_by_role("link", name="Create Ticket").first.click()
    page.get_by_label("Subject").fill("Echo on calls")
    page.get_by_label("Category").select_option(label="Phone service")
    page.get_by_label("Message").fill("We hear ourselves.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=re.compile("Echo on calls"))).to_be_visible()
