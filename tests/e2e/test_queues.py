"""A call queue in the browser: numbers are tried, what callers hear is shown, and only Save keeps it."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import CallQueue
from tests.factories import ExtensionFactory, HuntgroupFactory, LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def add(live_server, easycall, alice, sign_in) -> Page:
    group = HuntgroupFactory(customer=easycall, number="89", name="Support")
    for position in (1, 2):
        extension = ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall))
        group.members.create(extension=extension, position=position)
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/queues/add/")
    return page


def heard(page: Page) -> list[str]:
    return page.locator("#heard tbody tr td:last-child").all_inner_texts()


def test_a_queue_is_tried_saved_and_deleted(add):
    page = add
    page.get_by_label("Huntgroup").select_option(label="89 Support")
    page.get_by_label("Maximum Number of Unconnected Calls").fill("3")
    page.get_by_label("Call Duration").fill("4:00")
    page.get_by_role("button", name="Work out what callers hear").click()
    expect(page.get_by_text("2 calls are answered at a time.")).to_be_visible()
    assert heard(page) == ["you are next", "about 2 minutes", "about 4 minutes"]
    assert not CallQueue.objects.exists()
    page.get_by_label("Maximum Number of Connected Calls").fill("1")
    page.get_by_role("button", name="Work out what callers hear").click()
    expect(page.get_by_text("1 call is answered at a time.")).to_be_visible()
    assert heard(page) == ["you are next", "about 4 minutes", "about 8 minutes"]
    page.get_by_label("Call Duration").press("Enter")  # saves; it does not work anything out
    expect(page.get_by_text("“89 Support” was added.")).to_be_visible()
    queue = CallQueue.objects.get()
    assert (queue.call_seconds, queue.max_waiting, queue.max_connected) == (240, 3, 1)

    page.get_by_role("link", name="Delete: 89 Support").click()
    page.get_by_role("button", name="Delete 89 Support").click()
    expect(page.get_by_text("“89 Support” was deleted.")).to_be_visible()
    assert not CallQueue.objects.exists()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(add):
    page = add
    page.get_by_label("Huntgroup").select_option(label="89 Support")
    page.get_by_label("Call Duration").fill("120")
    page.get_by_role("button", name="Work out what callers hear").click()
    assert heard(page)[1] == "about 1 minute"
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("“89 Support” was added.")).to_be_visible()
    assert CallQueue.objects.get().call_seconds == 120
