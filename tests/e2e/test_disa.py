"""DISA as a person does it: switched on with a PIN and the password, locked by wrong PINs, unlocked on its page."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from centrex.operations.disa import failed
from centrex.queries.features import effective_of
from centrex.routing.features import Disa
from tests.factories import PASSWORD, LineFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_switched_on_locked_and_unlocked(live_server, alice, easycall, sign_in):
    line = LineFactory(customer=easycall, account_id="12125550101")
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/lines/{line.pk}/disa/")
    expect(page.get_by_label("PIN", exact=True)).to_be_hidden()  # the line inherits
    page.get_by_label("This line").select_option(label="Has its own setting")
    page.get_by_label("On", exact=True).check()
    page.get_by_label("PIN", exact=True).fill("123456")
    page.get_by_label("Callers that it serves").fill("+1 917 555 0123")
    save = page.get_by_role("button", name="Save").last
    save.click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("PIN", exact=True).fill("123456")
    save.click()
    expect(page.locator(".invalid-feedback").filter(has_text="stand in a row")).to_be_visible()
    page.get_by_label("PIN", exact=True).fill("740961")
    page.get_by_label("Your password").fill(PASSWORD)
    save.click()
    expect(page.get_by_text("The settings of the line were saved.")).to_be_visible()
    expect(page.get_by_text("A PIN is set.")).to_be_visible()
    assert effective_of(line, Disa).values.callers == ("19175550123",)

    for _try in range(5):
        failed(line=line, caller="19175550123", now=datetime.now(UTC))
    page.reload()
    expect(page.get_by_text("DISA is locked")).to_be_visible()
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("DISA is unlocked.")).to_be_visible()
    expect(page.get_by_text("DISA is locked")).to_have_count(0)
