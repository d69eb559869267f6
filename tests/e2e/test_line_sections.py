"""The sections of a line that have no browser test of their own: one small journey each, as a person clicks."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from centrex.models import BarringClass, CompanySettings, Line
from centrex.queries.features import effective_of
from centrex.routing.features import Answering, Barring, Dialing, Feature, Identity, Limits, Music, Recording
from tests.factories import PASSWORD, DidFactory, LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def line(easycall) -> Line:
    CompanySettings.for_customer(easycall).update(call_recording=True)
    BarringClass.objects.create(name="Premium", patterns="1900%")
    DidFactory(line=None, customer=easycall, number="12125550999")
    return LineFactory(customer=easycall, account_id="12125550201", name="Desk")


@pytest.fixture
def page(page: Page) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


def open_section(page: Page, name: str) -> None:
    page.locator(".side .sections").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def own(page: Page) -> None:
    """Choose that the line has its own setting, which shows the fields."""
    page.get_by_label("This line").select_option(label="Has its own setting")


def save(page: Page) -> None:
    page.locator(".form-buttons").last.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings of the line were saved.")).to_be_visible()


def counts(line: Line, feature: type[Feature]) -> Feature:
    return effective_of(Line.objects.get(pk=line.pk), feature).values


def test_every_section_keeps_what_is_set(live_server, alice, line, sign_in):
    page = sign_in(alice)
    page.goto(live_server.url + reverse("centrex:line", args=[line.pk]))
    open_section(page, "Incoming Calls")
    own(page)
    page.get_by_label("Ring for, sec").fill("45")
    save(page)
    assert counts(line, Answering).ring_seconds == 45
    open_section(page, "Call Recording")
    own(page)
    page.get_by_label("On", exact=True).check()
    page.get_by_label("Keep for, days").fill("90")
    save(page)
    assert counts(line, Recording).keep_days == 90
    open_section(page, "Call Barring")
    own(page)
    page.get_by_label("Bar Premium").check()
    save(page)
    assert len(counts(line, Barring).barred) == 1
    open_section(page, "Identity")
    own(page)
    page.get_by_label("Hide CLI").select_option("always")
    save(page)
    assert counts(line, Identity).hide_cli == "always"
    open_section(page, "Music On Hold")
    own(page)
    page.get_by_label("On", exact=True).uncheck()
    save(page)
    assert not effective_of(Line.objects.get(pk=line.pk), Music).enabled
    open_section(page, "Dialing Rules")
    own(page)
    page.get_by_label("Your country code").fill("1")
    page.get_by_label("International dialing prefix").fill("011")
    save(page)
    assert counts(line, Dialing).country_code == "1"
    open_section(page, "External Numbers")
    page.get_by_label("Add a number").select_option(index=1)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("The number rings this line now.")).to_be_visible()
    open_section(page, "General")
    page.locator("dd", has_text="None of its own").get_by_role("link", name="Change").click()
    own(page)
    page.get_by_label("On", exact=True).check()
    page.get_by_label("Calls at the same time").fill("3")
    save(page)
    assert counts(line, Limits).max_calls == 3


def test_general_gives_the_phone_a_name_and_a_password(live_server, alice, line, sign_in):
    page = sign_in(alice)
    page.goto(live_server.url + reverse("centrex:line", args=[line.pk]))
    page.get_by_role("link", name="Change name and device").click()
    page.get_by_label("MAC address").fill("00-15-65-1A-2B-3C")
    page.get_by_label("IP Phone Model").fill("Snom D735")
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("00:15:65:1a:2b:3c")).to_be_visible()
    page.get_by_role("link", name="Make one").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Make a new password").click()
    words = page.locator("#sip-secret").inner_text()
    assert len(words) == 26
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-copy=sip-secret]").click()
    expect(page.locator("#copied")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == words
    page.get_by_role("link", name="I have copied it").click()
    expect(page.locator("dd", has_text="Made ")).to_be_visible()
    assert words not in page.content()


def test_lena_sees_her_line_and_nothing_else(live_server, lena, sign_in):
    page = sign_in(lena)
    page.goto(live_server.url + reverse("dashboard"))
    expect(page.get_by_role("heading", level=1)).to_have_text("General")
    tabs = page.locator("nav.tabs a")
    expect(tabs).to_have_text(["My Phone"])
    expect(page.locator(".side > ul > li > a")).to_have_text(["My Phone", "Call Logs"])
    open_section(page, "Incoming Calls")
    own(page)
    page.get_by_label("Ring for, sec").fill("20")
    save(page)
    page.locator(".side").get_by_role("link", name="Call Logs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call Logs")
