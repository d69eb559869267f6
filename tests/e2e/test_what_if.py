"""What happens if: the answer follows what is typed, a box leads to its editor; and the same without JavaScript."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from centrex.models import Line
from tests.factories import ExtensionFactory, LineFactory

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
