"""The history of a discount opens in a window without a script, and closes by the keyboard."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from billing.models import DiscountUsage
from tests.billing.operations.test_rating import give_discount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_history_opens_over_the_list(live_server, easycall, alice, sign_in):
    discount = give_discount(
        easycall, [(6000, 100)], name="Hundred", reset="never", starts_at=timezone.now(), prefixes=["49"]
    )
    DiscountUsage.objects.create(discount=discount, period_start=discount.starts_at, used=5250)
    page = sign_in(alice)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{live_server.url}/billing/discounts/")
    expect(page.get_by_text("12:30 min left").first).to_be_visible()
    history = page.get_by_role("dialog", name="Hundred")
    expect(history).to_be_hidden()
    page.get_by_role("button", name="History: Hundred").click()
    expect(history.get_by_text("up to 100 min: Free")).to_be_visible()
    page.keyboard.press("Escape")
    expect(history).to_be_hidden()
    page.get_by_role("link", name="Hundred").click()
    expect(page.get_by_role("heading", name="Hundred")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
