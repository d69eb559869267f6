"""Subscriptions on a phone: a card for each, every value under its name, and those that are over when asked for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import SubscriptionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_nothing_is_cut_off_on_a_phone(live_server, easycall, alice, sign_in):
    now = timezone.now()
    begun = {"started_at": now - timedelta(days=90), "charged_until": now}
    SubscriptionFactory(customer=easycall, name="Hosting", default_fee=Decimal(10), discount=Decimal(20), **begun)
    SubscriptionFactory(customer=easycall, name="Old fax", ended_at=now - timedelta(days=1), **begun)
    later = now + timedelta(days=3)
    SubscriptionFactory(customer=easycall, name="New line", started_at=later, charged_until=later)
    page = sign_in(alice)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(live_server.url + reverse("billing:subscriptions"))
    rows = page.locator(".portal-table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("8.00 USD a month")
    expect(rows.last).to_contain_text("New line Pending")
    label = rows.first.locator("[data-label='Periodic Fee']")
    assert "Periodic Fee" in label.evaluate("one => getComputedStyle(one, '::before').content")
    assert page.locator(".table-frame").evaluate("one => one.scrollWidth <= one.clientWidth")
    page.get_by_label("Show those that have ended").check()
    page.get_by_role("button", name="Search").click()
    expect(rows).to_have_count(3)
    expect(page.get_by_text("Old fax")).to_be_visible()
