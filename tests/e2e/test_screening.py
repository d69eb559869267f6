"""Call Screening as a person does it: a filter, two rules with it, their order by keys, and all of it kept."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall)


def add_rule(page: Page, name: str, action: str, callers: str | None = None) -> None:
    page.get_by_role("link", name="Add rule").click()
    page.get_by_label("Description").fill(name)
    if callers:
        page.get_by_label("From", exact=True).select_option(label=callers)
    page.get_by_label("Action").select_option(label=action)
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("The rule was saved.")).to_be_visible()


def test_a_filter_two_rules_and_their_order_by_keys(live_server, alice, line, sign_in):
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/filters/")
    page.get_by_role("link", name="Add number filter").first.click()
    page.get_by_label("Name").fill("London")
    page.get_by_label("Numbers").fill("+44 20%")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“London” was added.")).to_be_visible()

    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/screening/")
    add_rule(page, "Everybody", "Reject")
    add_rule(page, "Important", "Ring only", callers="London")
    names = page.locator("[data-order] > tr .name")
    expect(names).to_have_text(["Everybody", "Important"])
    handle = page.get_by_role("button", name="Drag Important")
    handle.focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#order-live")).to_have_text("Important, position 1 of 2")
    expect(handle).to_be_focused()
    page.locator(".form-buttons").get_by_role("button", name="Save").click()
    expect(page.get_by_text("The rules of the line were saved.")).to_be_visible()
    expect(names).to_have_text(["Important", "Everybody"])
    assert list(line.screening_rules.values_list("name", "callers__patterns")) == [
        ("Important", "4420%"),
        ("Everybody", None),
    ]


def test_what_an_action_needs_is_shown_with_it(live_server, alice, line, sign_in):
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/screening/add/")
    number = page.get_by_label("Number", exact=True)
    expect(number).to_be_hidden()
    page.get_by_label("Action").select_option(label="Forward to a number")
    expect(number).to_be_visible()
    page.get_by_label("Action").select_option(label="Play a message, then hang up")
    expect(number).to_be_hidden()
    expect(page.get_by_label("Upload a message")).to_be_visible()
