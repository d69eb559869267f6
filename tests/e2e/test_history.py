"""A change, the Undo in the message after it, and both in the list of activity."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import Extension
from centrex.operations.extensions import add_extension

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_name_is_changed_and_the_change_undone(sign_in, live_server, easycall, alice):
    add_extension(user=alice, extension=Extension(customer=easycall, number="201", name="Anna"))
    page: Page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/extensions/")
    page.get_by_role("link", name="Edit: 201 Anna").click()
    page.get_by_label("Extension Name").fill("Hanna")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("“201 Hanna” was saved.")
    page.get_by_role("status").first.get_by_role("link", name="Undo").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Undo")
    expect(page.locator("form .change")).to_have_text("Extension name Hanna → Anna")
    page.get_by_role("button", name="Undo this change").click()
    expect(page.get_by_role("status").first).to_contain_text("Undone: “201 Anna”.")

    page.get_by_role("link", name="History").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("Undid: Changed")
    expect(rows.nth(0)).to_contain_text("Hanna → Anna")
    expect(rows.nth(1)).to_contain_text("Anna → Hanna")
    expect(rows.nth(1)).to_contain_text("Undone")
    expect(rows.nth(2)).to_contain_text("Added")
    assert Extension.objects.get().name == "Anna"

    page.goto(f"{live_server.url}/centrex/extensions/{Extension.objects.get().pk}/")
    history = page.locator("details.history")
    expect(history.get_by_role("listitem").first).to_be_hidden()
    history.locator("summary").first.click()
    expect(history.get_by_role("listitem")).to_have_count(3)
    history.get_by_role("link", name="All changes").click()
    expect(page.locator("tbody tr")).to_have_count(3)
