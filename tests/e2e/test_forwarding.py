"""Forwarding with the period wizard, as a person does it: with JavaScript, by keys, and without."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import ForwardNumber, Line
from tests.e2e.test_accessibility import violations
from tests.factories import LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NIGHTS = "Monday to Friday, 20:00 until 08:00 the next morning"


@pytest.fixture
def line(easycall) -> Line:
    return LineFactory(customer=easycall, account_id="12125550201")


@pytest.fixture
def forwarding(live_server, alice, line, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/forwarding/")
    return page


def save(page: Page) -> None:
    page.locator(".form-buttons").last.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings of the line were saved.")).to_be_visible()


def build_nights(page: Page) -> None:
    """Choose the mode, add a number, and put the nights together with the wizard."""
    page.get_by_label("Mode").select_option(label="Follow-Me")
    page.get_by_role("button", name="Add New Number").click()
    page.get_by_label("Number", exact=False).and_(page.locator("[name^='number-'][name$='-number']")).fill(
        "+1 212 555 0102"
    )
    page.get_by_role("button", name="Set the times").click()
    page.get_by_label("Start Time").fill("20:00")
    page.get_by_label("End Time").fill("8:00")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri"):
        page.get_by_label(day, exact=True).check()
    page.get_by_role("button", name="Include New Period").click()
    expect(page.locator(".periods")).to_contain_text(NIGHTS)
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".wizard")).to_have_count(0)


def check_kept(page: Page) -> None:
    """After a reload the page says what was built, and the wizard shows it again."""
    assert ForwardNumber.objects.get().period == "wd{mo-fr} hr{20-23}, wd{tu-sa} hr{0-7}"
    page.reload()
    expect(page.locator(".schedule-words")).to_contain_text(NIGHTS)
    expect(page.locator(".schedule-words")).to_contain_text("America/New_York")
    page.get_by_role("button", name="Set the times").click()
    expect(page.locator(".periods li")).to_have_count(1)
    page.get_by_role("button", name=f"Remove {NIGHTS}").click()
    expect(page.locator(".periods")).to_have_count(0)
    page.get_by_role("button", name="Always", exact=True).click()
    expect(page.locator(".schedule-words")).to_contain_text("Always")


def test_the_wizard_with_javascript(forwarding):
    expect(forwarding.get_by_role("button", name="Add New Number")).to_be_hidden()  # the mode does not use the list
    build_nights(forwarding)
    save(forwarding)
    check_kept(forwarding)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_the_wizard_without_javascript(forwarding):
    build_nights(forwarding)
    save(forwarding)
    check_kept(forwarding)


def test_the_wizard_by_keys_alone(forwarding, line):
    forwarding.get_by_label("Mode").focus()
    forwarding.keyboard.type("Follow")
    add = forwarding.get_by_role("button", name="Add New Number")
    add.focus()
    forwarding.keyboard.press("Enter")
    forwarding.locator("[name^='number-'][name$='-number']").focus()
    forwarding.keyboard.type("+1 212 555 0102")
    forwarding.get_by_role("button", name="Set the times").focus()
    forwarding.keyboard.press("Space")
    forwarding.get_by_label("Start Time").focus()
    forwarding.keyboard.type("20:00")
    forwarding.keyboard.press("Tab")
    forwarding.keyboard.type("08:00")
    for _day in range(5):
        forwarding.keyboard.press("Tab")
        forwarding.keyboard.press("Space")
    include = forwarding.get_by_role("button", name="Include New Period")
    include.focus()
    forwarding.keyboard.press("Enter")
    expect(forwarding.locator(".periods")).to_contain_text(NIGHTS)
    expect(include).to_be_focused()
    forwarding.get_by_role("button", name="Finish").focus()
    forwarding.keyboard.press("Enter")
    expect(forwarding.get_by_role("button", name="Set the times")).to_be_focused()
    save(forwarding)
    assert ForwardNumber.objects.get().period == "wd{mo-fr} hr{20-23}, wd{tu-sa} hr{0-7}"


def test_the_order_by_dragging_and_by_keys(live_server, alice, line, sign_in):
    line.forwarding = Line.Forwarding.FOLLOW_ME
    line.save()
    for position, name in enumerate(("Anna", "Bert", "Cleo"), start=1):
        ForwardNumber.objects.create(
            line=line, position=position, number=f"1212555010{position}", description=name, ring_seconds=20
        )
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/forwarding/")
    page.set_viewport_size({"width": 1280, "height": 2000})  # a mouse drags within what is seen
    handle = page.get_by_role("button", name="Drag +1 212-555-0101 Anna")
    handle.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#order-live")).to_have_text("+1 212-555-0101 Anna, position 2 of 3")
    expect(handle).to_be_focused()
    items = page.locator("[data-order] > li")
    items.nth(2).locator(".row-order").drag_to(items.nth(0).locator(".row-order"))
    expect(page.locator("#order-live")).to_have_text("+1 212-555-0103 Cleo, position 1 of 3")
    save(page)
    assert list(line.forward_numbers.values_list("description", flat=True)) == ["Cleo", "Bert", "Anna"]


@pytest.mark.browser_context_args(reduced_motion="reduce")  # a fading colour has no contrast
def test_the_open_wizard_can_be_used_by_everybody(forwarding):
    forwarding.get_by_label("Mode").select_option(label="Advanced Forwarding")
    forwarding.get_by_role("button", name="Add New Number").click()
    forwarding.get_by_role("button", name="Set the times").click()
    assert violations(forwarding, "wizard") == []
