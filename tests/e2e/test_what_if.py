"""What happens if: the answer follows what is typed, a box leads to its editor; and the same without JavaScript."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from centrex.models import Line
from tests.factories import ExtensionFactory, HuntgroupFactory, HuntgroupMemberFactory, LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bobs(easycall) -> Line:
    lines = {}
    for number, name in (("201", "Alice Morgan"), ("202", "Bob Fields")):
        lines[name] = LineFactory(customer=easycall, registered_until=datetime(2099, 1, 1, tzinfo=UTC))
        ExtensionFactory(customer=easycall, number=number, name=name, line=lines[name])
    return lines["Bob Fields"]


@pytest.fixture
def what_if(live_server, alice, bobs, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/what-if/")
    return page


def test_the_answer_follows_what_is_typed(what_if, bobs):
    shown = what_if.locator("#answer")
    expect(what_if.get_by_label("The caller's number")).to_be_visible()
    what_if.get_by_label("Who calls").select_option(label="201 Alice Morgan")
    expect(what_if.get_by_label("The caller's number")).to_be_hidden()
    what_if.get_by_label("Dialled number").fill("202")
    expect(shown).to_contain_text("Rings 202 Bob Fields for 30 seconds, then goes to voicemail.")
    expect(what_if).to_have_url(re.compile("dialled=202"))
    what_if.get_by_label("Dialled number").fill("hello")
    expect(shown).to_contain_text("The call is refused.")
    what_if.get_by_label("Dialled number").fill("202")
    expect(shown).to_contain_text("Rings 202 Bob Fields")
    what_if.reload()
    expect(shown).to_contain_text("Rings 202 Bob Fields")
    shown.locator("svg a").last.click()
    expect(what_if).to_have_url(re.compile(f"/centrex/lines/{bobs.pk}/"))


def test_the_drawing_stays_inside_its_frame_on_a_phone(what_if):
    what_if.set_viewport_size({"width": 360, "height": 740})
    what_if.get_by_label("Who calls").select_option(label="201 Alice Morgan")
    what_if.get_by_label("Dialled number").fill("202")
    expect(what_if.locator("svg.flow")).to_be_visible()
    assert what_if.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_javascript(what_if):
    what_if.get_by_label("Who calls").select_option(label="201 Alice Morgan")
    what_if.get_by_label("Dialled number").fill("202")
    what_if.get_by_role("button", name="Try this call").click()
    expect(what_if.locator("#answer")).to_contain_text("Rings 202 Bob Fields for 30 seconds")
    expect(what_if.locator("svg.flow")).to_be_visible()


def press_with_keys(page: Page, name: str) -> None:
    """Reach what has this name by its focus, and press it with the keyboard."""
    page.locator(name).focus()
    page.keyboard.press("Enter")


def test_an_unsaved_forwarding_is_tried_with_the_keyboard(live_server, what_if, bobs):
    alices = Line.objects.get(extension__number="201")
    what_if.goto(f"{live_server.url}/centrex/lines/{alices.pk}/forwarding/")
    what_if.get_by_label("Mode").select_option("simple")
    what_if.get_by_label("Forward To").fill("202")
    press_with_keys(what_if, "#what-if-panel summary")
    press_with_keys(what_if, "button[name=what-if]")
    shown = what_if.locator("#what-if-answer")
    expect(shown).to_contain_text("Rings 201 Alice Morgan for 30 seconds, then goes to voicemail.")
    expect(shown).to_contain_text("then rings 202 Bob Fields")
    expect(shown.locator("svg.flow")).to_have_count(2)
    alices.refresh_from_db()
    assert alices.forwarding == "none"
    # A mistake is shown at its field, with all that was typed still there.
    what_if.get_by_label("Forward To").fill("9")
    press_with_keys(what_if, "button[name=what-if]")
    expect(what_if.locator("#id_to.is-invalid")).to_have_value("9")
    expect(what_if.locator("#what-if-panel")).to_contain_text("First mend what is marked on this page")


def test_an_unsaved_huntgroup_is_tried_on_a_phone(live_server, what_if, bobs, easycall):
    alices = Line.objects.get(extension__number="201")
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    HuntgroupMemberFactory(huntgroup=group, extension=alices.extension, ring_time=15)
    what_if.set_viewport_size({"width": 360, "height": 740})
    what_if.goto(f"{live_server.url}/centrex/huntgroups/{group.pk}/members/")
    what_if.get_by_label("Add an extension").select_option(label="202 Bob Fields")
    what_if.locator("#what-if-panel summary").click()
    what_if.locator("button[name=what-if]").click()
    shown = what_if.locator("#what-if-answer")
    expect(shown).to_contain_text("What stands in the form changes this call. Nothing was saved.")
    expect(shown).to_contain_text("then rings 202 Bob Fields")
    assert what_if.evaluate("document.documentElement.scrollWidth") == 360
    assert group.members.count() == 1


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_an_unsaved_forwarding_without_javascript(live_server, what_if, bobs):
    alices = Line.objects.get(extension__number="201")
    what_if.goto(f"{live_server.url}/centrex/lines/{alices.pk}/forwarding/")
    what_if.get_by_label("Mode").select_option("simple")
    what_if.get_by_label("Forward To").fill("202")
    what_if.locator("#what-if-panel summary").click()
    what_if.locator("button[name=what-if]").click()
    expect(what_if.locator("#what-if-answer")).to_contain_text("then rings 202 Bob Fields")
    expect(what_if.get_by_label("Forward To")).to_have_value("202")
    alices.refresh_from_db()
    assert alices.forwarding == "none"
