"""The administration in a browser under the portal's strict Content-Security-Policy: nothing is blocked."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from selfcare.models import Customer, User
from tests.factories import PASSWORD, CustomerDiscountFactory, LineFactory, MessageFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def said(page: Page) -> list[str]:
    """What the browser complains of."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture
def admin(page: Page, live_server, dora: User, said: list[str]) -> Page:
    page.goto(f"{live_server.url}/admin/")
    page.fill("#id_login", dora.username)
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url("**/admin/")
    return page


def test_lists_forms_and_pickers_work(admin: Page, live_server, said: list[str], easycall: Customer) -> None:
    line = LineFactory(customer=easycall)
    rows = [line, easycall, MessageFactory().ticket, CustomerDiscountFactory(), User.objects.get(username="dora")]
    for row in rows:
        name = row._meta.label_lower.replace(".", "_")
        admin.goto(live_server.url + reverse(f"admin:{name}_changelist"))
        admin.goto(live_server.url + reverse(f"admin:{name}_change", args=[row.pk]))
    admin.goto(live_server.url + reverse("admin:centrex_line_add"))
    admin.click(".field-customer .select2-selection")
    admin.keyboard.type("EasyC")
    admin.click(".select2-results__option:has-text('EasyCall Ltd')")
    admin.fill("#id_account_id", "12125550123")
    admin.click("input[name=_save]")
    admin.wait_for_selector(".messagelist .success")
    admin.goto(live_server.url + reverse("admin:billing_customerdiscount_add"))
    admin.click(".field-starts_at .datetimeshortcuts a >> nth=0")
    assert admin.input_value("#id_starts_at_0")
    assert said == []


def test_a_payment_is_recorded_from_the_customers_page(admin: Page, live_server, said: list[str], easycall) -> None:
    admin.goto(live_server.url + reverse("admin:selfcare_customer_change", args=[easycall.pk]))
    admin.click("a:has-text('Record a payment')")
    admin.fill("#id_amount", "12.345")
    admin.click("button:has-text('Record the payment')")
    assert "at most 2 decimals" in admin.inner_text(".errorlist")
    admin.fill("#id_amount", "12.34")
    admin.click("button:has-text('Record the payment')")
    assert "12.34 USD is recorded" in admin.inner_text(".messagelist .success")
    assert said == []


def test_the_buttons_that_view_as_a_customer(admin: Page, live_server, said: list[str], easycall: Customer) -> None:
    for address in (
        reverse("admin:selfcare_customer_changelist"),
        reverse("admin:selfcare_customer_change", args=[easycall.pk]),
    ):
        admin.goto(live_server.url + address)
        admin.click("button:has-text('View as customer')")
        assert "EasyCall Ltd" in admin.inner_text(".viewing-as")
        admin.click("button:has-text('Back to administration')")
        admin.wait_for_url("**/admin/")
    assert said == []
