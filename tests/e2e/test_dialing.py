"""Dialing rules: a sample, live answers, saving; and the same without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import DialingRules

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rules(live_server, alice, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/dialing/")
    return page


def load(page: Page, sample: str) -> None:
    page.get_by_label("Sample", exact=True).select_option(label=sample)
    page.get_by_role("button", name="Load sample").click()
    expect(page.get_by_text("Nothing is saved before you press Save.", exact=False).first).to_be_visible()


def save_and_reload(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your dialing rules were saved.")).to_be_visible()
    page.reload()


def test_a_sample_is_tried_live_and_saved(rules, easycall):
    load(rules, "Europe, Germany, Berlin")
    shown = rules.locator("#answers")
    expect(shown).to_contain_text("+49 30 23125020")
    rules.get_by_label("Your area code(s)").fill("40")
    expect(shown).to_contain_text("+49 40 23125020")  # nobody pressed a button
    rules.get_by_label("Any other number").fill("112")
    expect(shown).to_contain_text("112, unchanged")
    rules.get_by_label("Your area code(s)").fill("")
    expect(shown).to_contain_text("Enter your area code")
    rules.get_by_label("Your area code(s)").fill("40")
    expect(shown).to_contain_text("+49 40 23125020")
    assert not DialingRules.objects.exists()
    save_and_reload(rules)
    expect(rules.get_by_label("Your area code(s)")).to_have_value("40")
    expect(shown).to_contain_text("+49 40 23125020")
    assert DialingRules.objects.get(customer=easycall).name == "Europe, Germany, Berlin"


def test_only_the_fields_of_the_type_are_shown(rules):
    custom, outside = rules.get_by_label("Custom Rule", exact=True), rules.get_by_label("Prefix to reach the outside")
    country = rules.get_by_label("Your country code")
    kind = rules.get_by_label("Type")
    expect(outside).to_be_hidden()
    expect(custom).to_be_hidden()
    kind.select_option("pbx")
    expect(outside).to_be_visible()
    kind.select_option("custom")
    expect(country).to_be_hidden()
    expect(outside).to_be_hidden()
    rules.get_by_label("Dialing Rules", exact=True).check()
    custom.fill("s/^0(/49/")
    expect(rules.locator("#answers")).to_contain_text("Character 5, at “(/49/”: this bracket has no partner.")
    custom.fill("s/^0/49/; s/^9//")
    rules.get_by_label("Any other number").fill("030 23125020")
    expect(rules.locator("#answers")).to_contain_text("+49 30 23125020")
    save_and_reload(rules)
    expect(custom).to_have_value("s/^0/49/; s/^9//")


def test_enter_checks_and_does_not_save(rules):
    load(rules, "Europe, France, 10 digits everywhere")
    other = rules.get_by_label("Any other number")
    other.fill("01 70 18 51 54")
    other.press("Enter")
    expect(rules.get_by_text("Checked, not saved", exact=False)).to_be_visible()
    expect(rules.locator("#answers")).to_contain_text("+33 1 70 18 51 54")
    assert not DialingRules.objects.exists()


def test_trying_a_number_does_not_ask_before_leaving(rules):
    rules.get_by_label("Any other number").fill("112")
    expect(rules.locator("#answers")).to_contain_text("112")
    rules.get_by_role("link", name="Huntgroups").first.click()
    expect(rules.get_by_role("heading", name="Huntgroups")).to_be_visible()


def test_who_may_only_read_tries_the_saved_rules_live(live_server, bob, easycall, sign_in):
    DialingRules.objects.create(customer=easycall, enabled=True, country_code="34", international_prefix="00",
                                always_area=True, national_lengths="9")  # fmt: skip
    page = sign_in(bob)
    page.goto(f"{live_server.url}/centrex/dialing/")
    expect(page.get_by_label("Your country code")).to_be_disabled()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.get_by_label("Any other number").fill("911 234 156")
    expect(page.locator("#answers")).to_contain_text("911 234 156 → +34 911 23 41 56")


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(rules, easycall):
    load(rules, "North America, WA, 7 digit dialing")
    rules.get_by_label("Your area code(s)").fill("425")
    rules.get_by_label("Type").select_option("pbx")
    rules.get_by_label("Prefix to reach the outside").fill("9")
    rules.get_by_label("A local number", exact=True).fill("9 555 0151")
    rules.get_by_role("button", name="Check").click()
    expect(rules.get_by_text("Checked, not saved", exact=False)).to_be_visible()
    expect(rules.locator("#answers")).to_contain_text("9 555 0151 → +1 425-555-0151")
    expect(rules.get_by_label("Your area code(s)")).to_have_value("425")
    assert not DialingRules.objects.exists()
    save_and_reload(rules)
    row = DialingRules.objects.get(customer=easycall)
    assert (row.area_codes, row.outside_prefix, row.kind) == ("425", "9", "pbx")
