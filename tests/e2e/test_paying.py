"""Each way to pay from our form over the provider's pages to the booked balance and the receipt."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billing.models import Payment, StoredMethod
from tests.billing.bills import JANUARY, book, invoice_of
from tests.billing.payments.conftest import balance, booked
from tests.e2e.conftest import complaints_of, give_session
from tests.e2e.provider import (
    ALWAYS_ASKS,
    confirm_at_bank,
    days_pass,
    fill_in_card,
    fill_in_email,
    press_pay,
)
from tests.factories import OfferedMethodFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def owing(easycall, eager_tasks):
    """EasyCall owes 61.99 for January, and may pay in all ways."""
    offer_all()
    book(easycall, "61.99", at=JANUARY.start)
    invoice_of(easycall, JANUARY)
    return easycall


def offer_all() -> None:
    for method in ("ach", "sepa", "paypal", "paynearme"):
        OfferedMethodFactory(method=method)


def begins(page: Page, way: str, *, save: bool = False) -> None:
    """Choose a way to pay what is due, and press Pay Now."""
    page.goto(page.url.partition("/billing")[0] + "/billing/pay/")
    page.get_by_label(re.compile(way)).check()
    if save:
        page.get_by_label("Save this information for future use").check()
    page.get_by_role("button", name="Pay Now").click()


def is_paid(page: Page, customer, amount: str = "61.99", *, owes: str = "0") -> Payment:
    """The page says so, the ledger has it once, and there is a receipt."""
    expect(page.get_by_role("main").get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    payment = Payment.objects.latest("created_at")
    assert payment.state == Payment.State.SUCCEEDED
    assert booked(payment) == [-Decimal(amount)]
    assert balance(customer) == Decimal(owes)
    with page.expect_download() as download:
        page.get_by_role("link", name="Receipt").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    return payment


@pytest.fixture
def page_of_alice(live_server, sandbox, owing, alice, sign_in) -> Page:
    page = sign_in(alice)
    page.goto(f"{live_server.url}/billing/pay/")
    return page


def test_a_card_that_is_stored_and_used_again(page_of_alice, owing, sandbox):
    page = page_of_alice
    begins(page, "Credit or debit card", save=True)
    fill_in_card(page)
    fill_in_email(page)
    press_pay(page)
    is_paid(page, owing)
    book(owing, "20", at=JANUARY.start)
    page.goto(page.url.partition("/billing")[0] + "/billing/pay/")
    expect(page.get_by_label(re.compile("Visa 4242"))).to_be_checked()  # the preferred one, without a click
    expect(page.get_by_label("Amount, USD")).to_have_value("20.00")
    expect(page.get_by_label("Save this information for future use")).to_be_hidden()
    page.get_by_role("button", name="Pay Now").dblclick()
    is_paid(page, owing, "20")
    assert Payment.objects.count() == 2
    page.go_back()
    page.get_by_role("button", name="Pay Now").click()
    expect(page.get_by_role("alert")).to_contain_text("This field is required")  # a new form: nothing is due any more
    assert Payment.objects.count() == 2


def test_a_stored_card_whose_bank_asks(page_of_alice, owing, sandbox):
    page = page_of_alice
    begins(page, "Credit or debit card", save=True)
    fill_in_card(page, ALWAYS_ASKS)
    fill_in_email(page)
    press_pay(page)
    confirm_at_bank(page)
    is_paid(page, owing)
    book(owing, "20", at=JANUARY.start)
    begins(page, "Visa 3184")
    confirm_at_bank(page)  # our page led on to it
    is_paid(page, owing, "20")


def test_whoever_says_no_at_the_bank_has_not_paid(page_of_alice, owing, sandbox):
    page = page_of_alice
    begins(page, "Credit or debit card", save=True)
    fill_in_card(page, ALWAYS_ASKS)
    fill_in_email(page)
    press_pay(page)
    confirm_at_bank(page)
    is_paid(page, owing)
    book(owing, "20", at=JANUARY.start)
    begins(page, "Visa 3184")
    page.get_by_role("button", name="Fail authentication").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing was charged")
    assert booked(Payment.objects.latest("created_at")) == []


def test_a_bank_account_in_the_usa(page_of_alice, owing, sandbox):
    page = page_of_alice
    begins(page, "Bank account", save=True)
    page.get_by_label("Routing number").fill("110000000")
    page.get_by_label("Account number").fill("000123456789")
    page.get_by_label("Name of the account's owner").fill("Alice Morgan")
    fill_in_email(page)
    press_pay(page)
    expect(page.get_by_role("heading", name="On its way")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("4 working days")
    assert balance(owing) == Decimal("61.99")
    days_pass(sandbox)
    page.wait_for_timeout(1500)  # its notices come as well
    page.reload()
    is_paid(page, owing)
    assert StoredMethod.objects.get().kind == "ach"


def test_ideal_now_and_a_direct_debit_later(live_server, sandbox, lotus, charlie, sign_in, eager_tasks):
    lotus.billing, lotus.currency, lotus.credit_limit = "credit", "EUR", 500
    lotus.save()
    offer_all()
    book(lotus, "30", at=JANUARY.start)
    page = sign_in(charlie)
    page.goto(f"{live_server.url}/billing/pay/")
    begins(page, "Direct Debit NL", save=True)
    if page.get_by_role("link", name="iDEAL").count():
        page.get_by_role("link", name="iDEAL").click()
    page.get_by_label("Name of the account's owner").fill("Charlie Nguyen")
    fill_in_email(page)
    press_pay(page)
    confirm_at_bank(page)
    is_paid(page, lotus, "30")
    kept = StoredMethod.objects.get()
    assert (kept.kind, bool(kept.mandate)) == ("sepa", True)
    book(lotus, "12", at=JANUARY.start)
    page.goto(f"{live_server.url}/billing/pay/")
    page.get_by_role("button", name="Pay Now").click()
    expect(page.get_by_role("heading", name="On its way")).to_be_visible()
    days_pass(sandbox)
    page.reload()
    is_paid(page, lotus, "12")


def test_paypal(page_of_alice, owing, sandbox):
    page = page_of_alice
    begins(page, "PayPal")
    fill_in_email(page)
    press_pay(page)
    confirm_at_bank(page)
    is_paid(page, owing)


def test_prepaid_sees_the_total_and_gets_the_amount(live_server, sandbox, lotus, charlie, sign_in, eager_tasks):
    lotus.tax_rate = Decimal(21)
    lotus.save()
    page = sign_in(charlie)
    page.goto(f"{live_server.url}/billing/pay/")
    page.get_by_label("Amount, USD").fill("10")
    page.get_by_label("Save this information for future use").check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("main")).to_contain_text("12.10 USD")
    page.get_by_role("button", name="Pay 12.10 USD").click()
    fill_in_card(page)
    fill_in_email(page)
    press_pay(page)
    is_paid(page, lotus, "10", owes="-10")
    assert StoredMethod.objects.get().customer == lotus


def test_the_form_in_our_page(page_of_alice, owing, sandbox, settings, complaints):
    settings.PAYMENT_ELEMENT = True
    page = page_of_alice
    begins(page, "Credit or debit card")
    expect(page.get_by_role("heading", name="Pay by card")).to_be_visible()
    assert "/card/" in page.url
    form = page.frame_locator("#element-place iframe")
    fill_in_card(form, "4000000000009995")
    fill_in_email(form)
    page.get_by_role("button", name="Pay 61.99 USD").press("Enter")  # it moves while the frame grows
    expect(page.locator("#element-error")).not_to_be_empty()  # refused, and still on our page
    assert all("Failed to load resource" in said for said in complaints)  # the provider's 402
    complaints.clear()
    fill_in_card(form)
    page.get_by_role("button", name="Pay 61.99 USD").press("Enter")
    is_paid(page, owing)


def test_without_scripts_the_card_is_typed_on_the_providers_page(
    page_of_alice, owing, sandbox, settings, browser, live_server, alice
):
    settings.PAYMENT_ELEMENT = True
    context = browser.new_context(java_script_enabled=False)
    give_session(context, alice, live_server.url)
    page = context.new_page()
    complaints = complaints_of(page)
    page.goto(f"{live_server.url}/billing/pay/")
    begins(page, "Credit or debit card")
    assert page.url.startswith(sandbox.url)
    fill_in_card(page)
    fill_in_email(page)
    press_pay(page)
    expect(page.get_by_role("main").get_by_role("heading", name="Paid", exact=True)).to_be_visible()
    assert balance(owing) == 0
    assert complaints == []
    context.close()
