"""A huntgroup's order: by dragging, by buttons and by keys, with an announcement; and a number edited in place."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import Huntgroup
from centrex.operations.membership import Member, set_contents
from tests.factories import ExtensionFactory, HuntgroupFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ["Anna", "Bert", "Cleo", "Dora", "Emil"]


@pytest.fixture
def sales(easycall, alice) -> Huntgroup:
    people = [ExtensionFactory(customer=easycall, number=str(201 + n), name=name) for n, name in enumerate(NAMES)]
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    members = [Member(each.pk) for each in people[:4]]
    return set_contents(user=alice, huntgroup=group, version=None, members=members, included=[])


@pytest.fixture
def configure(live_server, alice, sales, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/huntgroups/{sales.pk}/members/")
    return page


def shown(page: Page) -> list[str]:
    rows = page.locator("[data-order] > tr")
    return [str(name).split()[1] for name in rows.evaluate_all("rows => rows.map(row => row.dataset.name)")]


def kept(group: Huntgroup) -> list[str]:
    return list(group.members.values_list("extension__name", flat=True))


def save(page: Page) -> None:
    page.locator(".form-buttons").get_by_role("button", name="Save").click()
    expect(page.get_by_text("“88 Sales” was saved.")).to_be_visible()


def test_by_dragging(configure, sales):
    rows = configure.locator("[data-order] > tr")
    configure.get_by_label("Ring Time, sec: 203 Cleo").fill("33")
    rows.nth(2).locator(".row-order").drag_to(rows.nth(0).locator(".row-order"))
    expect(configure.locator("#order-live")).to_have_text("203 Cleo, position 1 of 4")
    assert shown(configure) == ["Cleo", "Anna", "Bert", "Dora"]
    assert rows.locator("[data-position]").all_inner_texts() == ["1", "2", "3", "4"]
    save(configure)
    assert kept(sales) == ["Cleo", "Anna", "Bert", "Dora"]
    assert sales.members.get(extension__name="Cleo").ring_time == 33


def test_by_buttons(configure, sales):
    up = configure.get_by_role("button", name="Move 203 Cleo up")
    up.click()
    expect(configure.locator("#order-live")).to_have_text("203 Cleo, position 2 of 4")
    expect(up).to_be_focused()
    up.click()
    expect(up).to_be_disabled()
    configure.get_by_role("button", name="Move 201 Anna down").click()
    assert shown(configure) == ["Cleo", "Bert", "Anna", "Dora"]
    assert kept(sales) == ["Anna", "Bert", "Cleo", "Dora"]  # nothing before Save
    save(configure)
    assert kept(sales) == ["Cleo", "Bert", "Anna", "Dora"]


def test_by_keys_alone(configure, sales):
    handle = configure.get_by_role("button", name="Drag 201 Anna")
    handle.focus()
    configure.keyboard.press("ArrowDown")
    configure.keyboard.press("ArrowDown")
    expect(configure.locator("#order-live")).to_have_text("201 Anna, position 3 of 4")
    expect(handle).to_be_focused()
    configure.keyboard.press("ArrowUp")
    assert shown(configure) == ["Bert", "Anna", "Cleo", "Dora"]
    configure.get_by_label("Ring Delay, sec: 201 Anna").press("Enter")  # saves; it does not press the first Move up
    expect(configure.get_by_text("“88 Sales” was saved.")).to_be_visible()
    assert kept(sales) == ["Bert", "Anna", "Cleo", "Dora"]


def test_by_tab_and_enter_and_space_the_focus_stays_on_the_moved_row(configure, sales):
    down = configure.get_by_role("button", name="Move 201 Anna down")
    configure.get_by_role("button", name="Drag 201 Anna").focus()
    configure.keyboard.press("Tab")  # Move up of the first row is disabled, so the next stop is Move down
    expect(down).to_be_focused()
    configure.keyboard.press("Enter")
    assert shown(configure) == ["Bert", "Anna", "Cleo", "Dora"]
    expect(down).to_be_focused()
    configure.keyboard.press("Space")
    assert shown(configure) == ["Bert", "Cleo", "Anna", "Dora"]
    expect(down).to_be_focused()
    configure.keyboard.press("Shift+Tab")
    expect(configure.get_by_role("button", name="Move 201 Anna up")).to_be_focused()
    configure.keyboard.press("Enter")
    configure.keyboard.press("Space")
    assert shown(configure) == ["Anna", "Bert", "Cleo", "Dora"]
    expect(configure.get_by_role("button", name="Drag 201 Anna")).to_be_focused()  # Up has nowhere to go any more
    configure.keyboard.press("ArrowDown")
    assert shown(configure) == ["Bert", "Anna", "Cleo", "Dora"]
    expect(configure.locator("#order-live")).to_have_text("201 Anna, position 2 of 4")
    save(configure)
    assert kept(sales) == ["Bert", "Anna", "Cleo", "Dora"]


def test_leaving_a_moved_list_asks_first(configure, sales):
    configure.get_by_role("button", name="Move 203 Cleo up").click()
    asked = []
    configure.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    configure.get_by_role("link", name="Cancel").click()
    configure.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert configure.url.endswith("/members/")


def test_adding_keeps_the_order_and_still_guards(configure, sales):
    configure.get_by_role("button", name="Move 203 Cleo up").click()
    configure.get_by_label("Add an extension").select_option(label="205 Emil")
    configure.get_by_role("button", name="Add extension").click()
    expect(configure.get_by_role("row", name="205 Emil")).to_be_visible()
    assert shown(configure) == ["Anna", "Cleo", "Bert", "Dora", "Emil"]
    assert kept(sales) == ["Anna", "Bert", "Cleo", "Dora"]
    save(configure)
    assert kept(sales) == ["Anna", "Cleo", "Bert", "Dora", "Emil"]


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(configure, sales):
    expect(configure.get_by_role("button", name="Drag 201 Anna")).to_be_hidden()
    configure.get_by_label("Ring Time, sec: 203 Cleo").fill("33")
    configure.get_by_role("button", name="Move 203 Cleo up").click()
    configure.get_by_role("button", name="Delete 201 Anna from the huntgroup").click()
    expect(configure.locator("td.name")).to_have_text(["203 Cleo", "202 Bert", "204 Dora"])
    save(configure)
    assert kept(sales) == ["Cleo", "Bert", "Dora"]
    assert sales.members.get(extension__name="Cleo").ring_time == 33


def test_a_number_is_edited_in_place(live_server, alice, sales, sign_in):
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/extensions/?sort=name")
    link = page.get_by_role("link", name="Bert", exact=True)
    link.focus()
    page.keyboard.press("Enter")
    card = page.locator(".in-place")
    name = card.get_by_label("Extension Name")
    expect(name).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(link).to_be_focused()
    link.click()
    card.get_by_label("Extension Number").fill("201")
    card.get_by_label("Extension Number").press("Enter")
    expect(card.get_by_text("201 is already the number of extension Anna.")).to_be_visible()
    card.get_by_label("Extension Number").fill("299")
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“299 Bert” was saved.")).to_be_visible()
    expect(page.get_by_role("link", name="299", exact=True)).to_be_visible()
    assert "sort=name" in page.url
