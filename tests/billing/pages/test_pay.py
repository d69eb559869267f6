"""Make a Payment through the browser's eyes: one form pays once, amounts come from us, strangers see nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from billing.models import Payment
from billing.operations.payments.states import State
from tests.billing.bills import JANUARY, book, invoice_of
from tests.billing.payments.conftest import *  # noqa: F403 - the sandbox's fixtures
from tests.billing.payments.conftest import balance, booked, pay_on_page, succeeded_charges
from tests.people import signed_in

PAY = "/billing/pay/"


def form_of(client) -> dict[str, str]:
    """The form as the page shows it."""
    page = client.get(PAY).content.decode()
    (payment_id,) = re.findall(r'name="payment_id" value="([^"]+)"', page)
    return {"payment_id": payment_id, "method": "card"}


def result_of(payment_id) -> str:
    return reverse("billing:payment", args=[payment_id])


def test_pay_and_come_back(sandbox, as_alice, easycall):
    book(easycall, "61.99", at=JANUARY.start)
    invoice_of(easycall, JANUARY)
    page = as_alice.get(PAY).content.decode()
    assert 'value="61.99"' in page
    assert "5.00 USD" in page
    assert "data-once" in page
    form = form_of(as_alice)
    answer = as_alice.post(PAY, form | {"amount": "61.99"})
    assert answer.status_code == 302
    assert answer.url.startswith(f"{sandbox.url}/c/pay/")
    back = pay_on_page(answer.url).headers["Location"]
    assert back.endswith(result_of(form["payment_id"]))
    result = as_alice.get(result_of(form["payment_id"])).content.decode()
    assert "We received 61.99 USD" in result
    assert "Visa 4242" in result
    assert form["payment_id"] in result
    assert balance(easycall) == 0
    assert 'value="61.99"' not in as_alice.get(PAY).content.decode()


def test_the_browsers_word_books_nothing(sandbox, as_alice):
    form = form_of(as_alice)
    as_alice.post(PAY, form | {"amount": "20"})
    page = as_alice.get(result_of(form["payment_id"]) + "?redirect_status=succeeded").content.decode()
    assert "Not finished" in page
    assert "Go on to the payment page" in page
    assert booked(Payment.objects.get()) == []


def test_one_form_sent_32_times_at_once_is_one_charge(sandbox, as_alice, alice):
    form = form_of(as_alice) | {"amount": "20"}
    barrier = Barrier(32)

    def press(_number: int) -> str:
        client = signed_in(alice)
        barrier.wait(20)
        try:
            return client.post(PAY, form).url
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        addresses = set(pool.map(press, range(32)))
    payment = Payment.objects.get()
    assert addresses == {payment.session_url}
    assert len(sandbox.state.objects["checkout.session"]) == 1
    pay_on_page(payment.session_url)
    as_alice.get(result_of(payment.pk))
    assert succeeded_charges(sandbox) == 1
    assert booked(payment) == [-20]


def test_reload_and_back_after_paying_show_the_result(sandbox, as_alice):
    form = form_of(as_alice) | {"amount": "20"}
    pay_on_page(as_alice.post(PAY, form).url)
    as_alice.get(result_of(form["payment_id"]))
    assert as_alice.post(PAY, form).url == result_of(form["payment_id"])
    assert Payment.objects.count() == 1


def test_back_and_another_amount_asks_again_and_is_another_payment(sandbox, as_alice):
    form = form_of(as_alice)
    as_alice.post(PAY, form | {"amount": "20"})
    page = as_alice.post(PAY, form | {"amount": "30"})
    assert page.status_code == 200
    assert "has been used already" in page.content.decode()
    (fresh,) = re.findall(r'name="payment_id" value="([^"]+)"', page.content.decode())
    assert fresh != form["payment_id"]
    as_alice.post(PAY, {**form, "payment_id": fresh, "amount": "30"})
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [20, 30]


@pytest.mark.parametrize("amount", ["0", "-20", "4.99", "10.001", "10000.01", "abc", "", "1e9", "NaN", "１２"])
def test_amounts_that_are_refused(sandbox, as_alice, amount):
    answer = as_alice.post(PAY, form_of(as_alice) | {"amount": amount})
    if amount == "１２":  # full-width digits are digits
        assert Payment.objects.get().amount == 12
        return
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert not Payment.objects.exists()


def test_what_else_the_browser_sends_is_ignored(sandbox, as_alice):
    lies = {"currency": "JPY", "tax": "0", "customer": "1", "state": "succeeded", "total": "0.01"}
    as_alice.post(PAY, form_of(as_alice) | {"amount": "20"} | lies)
    payment = Payment.objects.get()
    assert (payment.currency, payment.total, payment.state) == ("USD", 20, State.PENDING)
    (session,) = sandbox.state.objects["checkout.session"].values()
    assert (session["amount_total"], session["currency"]) == (2000, "usd")


def test_prepaid_sees_tax_and_total_before_paying(sandbox, as_charlie, lotus):
    lotus.tax_rate = Decimal(21)
    lotus.save()
    form = form_of(as_charlie) | {"amount": "10"}
    page = as_charlie.post(PAY, form).content.decode()
    assert "12.10 USD" in page
    assert "2.10 USD" in page
    assert not Payment.objects.exists()
    wrong = as_charlie.post(PAY, form | {"amount": "100", "confirmed": "12.10"}).content.decode()
    assert "121.00 USD" in wrong, "what was confirmed is not what would be charged: asked again"
    address = as_charlie.post(PAY, form | {"confirmed": "12.10"}).url
    pay_on_page(address)
    assert "12.10 USD" in as_charlie.get(result_of(form["payment_id"])).content.decode()
    assert balance(lotus) == -10


def test_leaving_the_providers_page_charges_nothing(sandbox, as_alice):
    form = form_of(as_alice)
    as_alice.post(PAY, form | {"amount": "20"})
    page = as_alice.get(f"{PAY}?left={form['payment_id']}").content.decode()
    assert "without paying" in page
    assert result_of(form["payment_id"]) in page


def test_a_declined_payment_in_words(sandbox, as_alice):
    form = form_of(as_alice)
    address = as_alice.post(PAY, form | {"amount": "20"}).url
    pay_on_page(address, number="4000 0000 0000 9995")
    page = as_alice.get(result_of(form["payment_id"])).content.decode()
    assert "not enough money on the card" in page
    assert "insufficient_funds" not in page


def test_a_lost_answer_says_we_are_checking(sandbox, fault, as_alice):
    fault("error_before", path="/v1/checkout/sessions")
    form = form_of(as_alice)
    address = as_alice.post(PAY, form | {"amount": "20"}).url
    assert address == result_of(form["payment_id"])
    page = as_alice.get(address).content.decode()
    assert "We are checking" in page
    assert "has not ended yet" in as_alice.get(PAY).content.decode()


def test_a_provider_that_is_away(sandbox, impatient, as_alice):
    form = form_of(as_alice)
    sandbox.stop()
    address = as_alice.post(PAY, form | {"amount": "20"}).url
    assert "We are checking" in as_alice.get(address).content.decode()


def test_a_busy_provider_keeps_the_form(sandbox, fault, as_alice):
    fault("rate_limit", path="/v1/checkout/sessions")
    form = form_of(as_alice) | {"amount": "20"}
    assert "try again in a minute" in as_alice.post(PAY, form).content.decode()
    assert as_alice.post(PAY, form).url.startswith(sandbox.url)


def test_a_payment_in_yen(sandbox, as_alice, easycall):
    easycall.currency = "JPY"
    easycall.save()
    as_alice.post(PAY, form_of(as_alice) | {"amount": "500"})
    (session,) = sandbox.state.objects["checkout.session"].values()
    assert (session["amount_total"], session["currency"]) == (500, "jpy")


def test_bob_may_look_but_not_pay(sandbox, as_bob, as_alice):
    page = as_bob.get(PAY)
    assert page.status_code == 200
    assert "Pay Now" not in page.content.decode()
    answer = as_bob.post(PAY, {"payment_id": str(uuid4()), "method": "card", "amount": "20"})
    assert answer.status_code == 403
    assert not Payment.objects.exists()


def test_charlie_sees_and_uses_no_payment_of_alice(sandbox, as_alice, as_charlie):
    form = form_of(as_alice) | {"amount": "20"}
    as_alice.post(PAY, form)
    for method in ("get", "post", "put", "delete", "head"):
        assert getattr(as_charlie, method)(result_of(form["payment_id"])).status_code in (404, 405)
    assert as_charlie.get(result_of(form["payment_id"])).status_code == 404
    answer = as_charlie.post(PAY, form | {"confirmed": "20.00"})
    assert "has been used already" in answer.content.decode()
    assert form["payment_id"] not in answer.content.decode()
    assert "without paying" not in as_charlie.get(f"{PAY}?left={form['payment_id']}").content.decode()


def test_anonymous_is_sent_to_the_login(client, db):
    for address in (PAY, result_of(uuid4()), "/billing/invoices/"):
        assert "/accounts/login/" in client.get(address).url


def test_no_page_of_ours_asks_for_a_card_number(sandbox, as_alice):
    page = as_alice.get(PAY).content.decode()
    assert not re.search(r'autocomplete="cc-|name="(card|number|cvc)', page)
