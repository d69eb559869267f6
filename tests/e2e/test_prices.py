"""From a price list to a customer who reads why his call cost what it did: staff's part and his, in a browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from billing.models import Account, Xdr
from billing.operations.calls import book_calls, tariff_of
from selfcare.models import User
from tests.billing.operations.test_calls import call
from tests.billing.priced import NOW
from tests.factories import TariffFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = b"prefix,destination,price,connect fee\n4930,Germany Berlin,0.06,0.02\n44x,England,0.02,0\n"


def test_a_price_list_is_imported_tried_and_explained(
    live_server, sign_in: Callable[[User], Page], dora: User, alice: User, easycall
) -> None:
    tariff = TariffFactory(currency=easycall.currency)
    Account.objects.create(customer=easycall, tariff=tariff)
    page = sign_in(dora)
    page.goto(live_server.url + reverse("admin:billing_tariff_change", args=[tariff.pk]))
    page.click("a:has-text('Import a price list')")
    page.set_input_files("#id_file", {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST})
    page.fill("#id_effective", "2026-01-01")
    page.click("button:has-text('Show the difference')")
    expect(page.locator(".findings")).to_contain_text("New: 1")
    page.click("button:has-text('Apply the new prices')")
    expect(page.locator(".errorlist")).to_contain_text("Some rows were rejected")
    page.check("#id_without_rejected")
    page.click("button:has-text('Apply the new prices')")
    expect(page.locator(".messagelist .success")).to_contain_text("1 prices are new")

    page.click("a:has-text('What does a call cost')")
    page.fill("#id_number", "+49 30 400400")
    page.fill("#id_seconds", "61")
    page.click("button:has-text('Show the price')")
    expect(page.locator(".why tfoot")).to_contain_text("0.14000 USD")

    made = call(cld="+4930400400")
    book_calls([made], customer=easycall, tariff=tariff_of(easycall), source="portal", now=NOW)
    row = Xdr.objects.get()
    page = sign_in(alice)
    page.goto(live_server.url + reverse("billing:transaction", args=[row.pk, f"{row.started_at:%Y-%m-%d}"]))
    reasons = page.locator(".why")
    expect(reasons).to_contain_text("begins with 4930: Germany Berlin")
    expect(reasons.locator("tfoot")).to_contain_text("0.14000 USD")
