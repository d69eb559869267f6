"""Planning a weekend, by keyboard alone and without JavaScript; and changing what is planned."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from centrex.models import Line, PlannedChange
from tests.factories import ExtensionFactory, LineFactory, ScreeningRuleFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "%Y-%m-%dT%H:%M"


@pytest.fixture
def line(easycall) -> Line:
    ExtensionFactory(customer=easycall, number="205", line=LineFactory(customer=easycall))
    return LineFactory(customer=easycall)


def times() -> tuple[str, str]:
    return tuple((timezone.now() + timedelta(days=days)).strftime(TYPED) for days in (2, 4))


def press(page: Page, name: str) -> None:
    """A button by the keyboard."""
    button = page.get_by_role("button", name=name)
    button.focus()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def test_by_the_keyboard(live_server, alice, sign_in, line):
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/forwarding/")
    page.get_by_label("Mode").select_option("simple")
    page.get_by_label("Forward To").fill("205")
    press(page, "Plan for a time…")
    start, end = times()
    expect(page.get_by_label("Forward To")).to_have_value("205")
    page.get_by_label("From").fill(start)
    page.get_by_label("Until").fill(end)
    page.get_by_label("Until").press("Enter")  # Enter plans and does not save
    expect(page.get_by_role("note").get_by_text("Forward To becomes 205")).to_be_visible()
    change = PlannedChange.objects.get()
    assert change.new == {"mode": "simple", "to": "205"}
    assert Line.objects.get(pk=line.pk).forwarding == "none"
    page.get_by_role("note").get_by_role("link", name="Cancel").press("Enter")
    press(page, "Call it off")
    expect(page.locator("td").get_by_text("Cancelled", exact=True)).to_be_visible()


def test_without_javascript(live_server, alice, sign_in, browser, line):
    cookies = sign_in(alice).context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/incoming/")
    page.get_by_label("This line").select_option("own")
    page.get_by_label("Ring for, sec").fill("15")
    page.get_by_role("button", name="Plan for a time…").click()
    start, _end = times()
    page.get_by_label("From").fill(start)
    page.get_by_role("button", name="Plan this change").click()
    expect(page.get_by_role("note").get_by_text("Ring for, sec becomes 15")).to_be_visible()
    context.close()
    change = PlannedChange.objects.get()
    assert (change.new["ring_seconds"], change.ends_at) == (15, None)


def test_a_planned_rule_is_changed_in_its_own_form(live_server, alice, sign_in, line):
    ScreeningRuleFactory(line=line, name="Usual", action="ring")
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/screening/")
    page.get_by_role("link", name="Add rule").click()
    page.get_by_label("Description").fill("Fair")
    page.get_by_label("Action").select_option(label="Reject")
    page.get_by_role("button", name="Plan for a time…").click()
    planning = page.locator("#planning")
    for label, typed in zip(("From", "Until"), times(), strict=True):
        planning.get_by_label(label).fill(typed)
    page.get_by_role("button", name="Plan this change").click()
    page.get_by_role("note").get_by_role("link", name="Change").click()
    page.get_by_role("link", name="Change what is planned").click()
    expect(page.get_by_text("you are changing what is planned for then")).to_be_visible()
    page.get_by_role("link", name="Fair", exact=True).click()
    expect(page.get_by_label("Action")).to_have_value("reject")
    page.get_by_label("Action").select_option(label="Voicemail only")
    page.get_by_role("button", name="Save the planned change").click()
    expect(page.get_by_role("note").get_by_text("“Fair”: Every call: voicemail only")).to_be_visible()
    assert list(line.screening_rules.values_list("name", flat=True)) == ["Usual"]
    change = PlannedChange.objects.get()
    assert (change.version, "voicemail" in change.new.values()) == (2, True)
