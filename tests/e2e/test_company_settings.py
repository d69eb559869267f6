"""The company's pages in a browser: fields come with their switch, examples follow, and all without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from centrex.models import AbbreviatedNumber, CompanySettings, DialCode, HuntgroupMember
from tests.factories import PASSWORD, CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(easycall):
    """Anna is in Sales, which is her primary group and allows pickup; 401 is Bert's extension."""
    sales = HuntgroupFactory(customer=easycall, number="88", name="Sales", pickup_allowed=True)
    anna = ExtensionFactory(customer=easycall, number="201", name="Anna", primary_group=sales)
    HuntgroupMember.objects.create(huntgroup=sales, extension=anna, position=1)
    ExtensionFactory(customer=easycall, number="401", name="Bert")
    LineFactory(customer=easycall, account_id="12125550100", name="Lobby phone")
    return easycall


@pytest.fixture
def at(live_server, alice, office, sign_in):
    page = sign_in(alice)

    def at(name: str) -> Page:
        page.goto(f"{live_server.url}/centrex/{name}/")
        return page

    return at


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def codes() -> set[str]:
    return set(DialCode.objects.filter(kind="service").values_list("code", flat=True))


def test_incoming_calls(at):
    page = at("incoming")
    prefix = page.get_by_label("Group Pickup Prefix")
    expect(prefix).to_be_hidden()
    page.get_by_role("switch", name="Group Pickup").check()
    prefix.fill("*77")
    expect(page.locator(".example").first).to_contain_text("Dial *7788 to answer a call that rings in Sales.")
    expect(page.get_by_label("Park Prefix")).to_be_hidden()
    page.get_by_role("switch", name="Call Parking").check()
    expect(page.locator(".example").nth(1)).to_contain_text("Transfer a call to *70")
    prefix.fill("40")
    save(page)
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Group Pickup Prefix: 40 is the beginning of 401 (extension Bert)")
    expect(prefix).to_have_value("40")
    expect(page.get_by_role("link", name="extension Bert")).to_have_count(2)
    prefix.fill("*77")
    save(page)
    expect(page.get_by_text("Your settings were saved.")).to_be_visible()
    assert codes() == {"*77", "*70", "*71"}
    page.get_by_label("Park Prefix").fill("*71")
    page.get_by_label("Release Prefix").fill("*70")
    save(page)
    expect(page.get_by_text("Your settings were saved.")).to_be_visible()
    expect(page.get_by_label("Park Prefix")).to_have_value("*71")


def test_the_link_of_a_refusal_leads_there(at):
    page = at("incoming")
    page.get_by_role("switch", name="Group Pickup").check()
    page.get_by_label("Group Pickup Prefix").fill("40")
    save(page)
    page.once("dialog", lambda dialog: dialog.accept())  # what was typed is not saved
    page.get_by_role("alert").get_by_role("link", name="extension Bert").click()
    expect(page.get_by_label("Extension Number")).to_have_value("401")


def test_identity(at, office):
    page = at("identity")
    hide = page.get_by_label("Hide CLI Prefix")
    expect(hide).to_be_hidden()
    page.get_by_role("radio", name="Automatic").check()
    hide.fill("*31")
    expect(page.locator(".example")).to_contain_text("Dial *31 2025550123 and your number is hidden")
    save(page)
    expect(page.get_by_text("Your settings were saved.")).to_be_visible()
    assert codes() == {"*31", "*82"}
    page.get_by_role("radio", name="Always").check()
    expect(hide).to_be_hidden()
    save(page)
    expect(page.get_by_text("Your settings were saved.")).to_be_visible()
    settings = CompanySettings.objects.get(customer=office)
    assert (settings.hide_cli, settings.hide_cli_prefix) == ("always", "*31")
    assert codes() == set()


def test_what_the_telephone_company_sets(at, office):
    settings = {"paging_enabled": True, "paging_prefix": "*33", "limit_calls": True, "max_calls": 12}
    CompanySettings.objects.filter(customer=office).update(**settings)
    page = at("general")
    expect(page.get_by_role("main")).to_contain_text("*33")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    page = at("outgoing")
    expect(page.get_by_role("main")).to_contain_text("12")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)


def walk_through_abbreviated(page: Page) -> None:
    page.get_by_role("link", name="Set the length").first.click()
    page.get_by_label("Abbreviated Number Length").select_option("2")
    save(page)
    page.get_by_role("link", name="Add Abbreviated Number").first.click()
    page.get_by_label("Abbreviated #").fill("88")
    page.get_by_label("# To Dial").fill("(212) 555-0100")
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("88 is already the number of huntgroup Sales.")
    page.get_by_label("Abbreviated #").fill("71")
    page.get_by_label("Description").fill("Lobby")
    save(page)
    expect(page.get_by_text("“71 Lobby” was added.")).to_be_visible()
    expect(page.get_by_role("link", name="+1 212-555-0100 Lobby phone")).to_be_visible()
    page.get_by_role("link", name="Edit: 71 Lobby").click()
    page.get_by_label("# To Dial").fill("+44 20 7946 0018")
    save(page)
    page.get_by_label("Your password").fill(PASSWORD)  # abroad: whoever dials the short number pays for it
    save(page)
    expect(page.get_by_role("cell", name="+44 20 7946 0018")).to_be_visible()
    assert AbbreviatedNumber.objects.get().target == "442079460018"
    page.get_by_role("link", name="Delete: 71 Lobby").click()
    page.get_by_role("button", name="Delete 71 Lobby").click()
    expect(page.get_by_text("“71 Lobby” was deleted.")).to_be_visible()
    assert not AbbreviatedNumber.objects.exists()


def test_abbreviated_dialing(at):
    walk_through_abbreviated(at("abbreviated"))


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(at):
    page = at("incoming")
    for label in ("Group Pickup Prefix", "Park Prefix", "Release Prefix"):
        expect(page.get_by_label(label)).to_be_visible()
    expect(page.locator(".example").first).to_contain_text("Dial *4088 to answer a call that rings in Sales.")
    page.get_by_role("switch", name="Group Pickup").check()
    save(page)
    expect(page.get_by_text("Your settings were saved.")).to_be_visible()
    assert codes() == {"*40"}
    page = at("identity")
    expect(page.get_by_label("Show CLI Prefix")).to_be_visible()
    page.get_by_role("radio", name="Automatic").check()
    save(page)
    expect(page.get_by_text("Your settings were saved.")).to_be_visible()
    assert codes() == {"*40", "*67", "*82"}
    walk_through_abbreviated(at("abbreviated"))


def test_a_branch_office_looks_at_it(live_server, office, sign_in):
    branch = CustomerFactory(main_office=office)
    page = sign_in(UserFactory(username="berta", customer=branch))
    CompanySettings.objects.filter(customer=office).update(pickup_enabled=True, pickup_prefix="*77")
    page.goto(f"{live_server.url}/centrex/incoming/")
    expect(page.get_by_text("Your main office keeps this; you can look at it here.")).to_be_visible()
    expect(page.get_by_label("Group Pickup Prefix")).to_have_value("*77")
    expect(page.get_by_label("Group Pickup Prefix")).to_be_disabled()
    expect(page.get_by_role("main").get_by_role("button", name="Save")).to_have_count(0)
