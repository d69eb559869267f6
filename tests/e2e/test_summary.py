"""The Billing Summary in a browser: choosing a time, the figures behind a chart, and letters that stay readable."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from billing.operations.ledger import LedgerRow, post_rows
from tests.e2e.test_accessibility import SIZES, violations

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def calls(easycall):
    """A call a day for two months."""
    now = timezone.now()
    post_rows(
        [
            LedgerRow(
                customer_id=easycall.pk,
                service_id=1,
                started_at=now - timedelta(days=back, hours=1),
                amount=Decimal(back % 5 + 1),
                charged_quantity=Decimal(60),
                destination="United Kingdom, mobile, special services" if back % 3 else "Germany",
                country="GB",
                external_id=f"e2e:{back}",
            )
            for back in range(61)
        ],
        now=now,
    )


@pytest.mark.parametrize("size", SIZES)
def test_charts_are_for_everybody(size, calls, alice, sign_in, live_server):
    page = sign_in(alice)
    page.set_viewport_size(SIZES[size])
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.goto(live_server.url + "/billing/")
    expect(page.locator("svg[role=img]")).to_have_count(4)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    letters = page.locator(".chart-area text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
    assert min(height for height in letters if height) >= 12
    for figures in page.locator(".chart-figures summary").all():
        figures.click()
    assert violations(page, "billing:summary") == []
    page.get_by_role("link", name="12 months").click()
    expect(page.get_by_role("link", name="12 months")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("heading", name="Spend by period and service")).to_be_visible()
