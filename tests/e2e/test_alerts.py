"""The owner lowers a limit, is asked for the password when it becomes higher, and sees what stops calls."""

import pytest
from playwright.sync_api import expect

from billing.models import SpendLimits
from selfcare.models import AuditEvent
from tests.billing.pages.test_alerts import spend
from tests.e2e.test_accessibility import violations
from tests.factories import PASSWORD, LineFactory, LineLimitFactory, SpendNoticeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_limit_goes_down_and_up_again(live_server, easycall, alice, sign_in):
    spend(easycall, "12")
    page = sign_in(alice)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{live_server.url}/billing/alerts/")
    expect(page.get_by_text("the usual one for you")).to_be_visible()
    daily = page.get_by_label("Calls may cost in a day")
    daily.fill("12")
    daily.press("Enter")
    expect(page.get_by_text("The limit is reached: no more calls that cost money.")).to_be_visible()
    daily.fill("30")
    daily.press("Enter")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Your password").press("Enter")
    expect(page.get_by_text("Your settings were saved.")).to_be_visible()
    assert SpendLimits.objects.get().daily_limit == 30
    assert AuditEvent.objects.filter(record_type="billing.spendlimits").count() == 2
    page.get_by_role("link", name="Raise for today").click()
    page.get_by_label("Calls may cost today").fill("45")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Raise for today").click()
    expect(page.get_by_text("raised for today")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_use_it(width, live_server, easycall, alice, sign_in):
    spend(easycall, "20")
    LineLimitFactory(line=LineFactory(customer=easycall, name="Lobby"))
    SpendNoticeFactory(customer=easycall, percent=100)
    page = sign_in(alice)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    for path in ("alerts/", "alerts/raise/", "alerts/lines/add/"):
        page.goto(f"{live_server.url}/billing/{path}")
        assert not violations(page, path)
        page.emulate_media(color_scheme="light")
        assert page.evaluate("document.documentElement.scrollWidth") == width
