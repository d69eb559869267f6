"""What staff do with money in the administration: once, by right, with a trace, and refused in words."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Account, Invoice, Payment, Service, Xdr
from selfcare.models import AuditEvent
from tests.billing.bills import FEBRUARY, JANUARY, book, invoice_of
from tests.factories import PaymentFactory, UserFactory
from tests.people import signed_in


def record(customer) -> str:
    return reverse("admin:billing_payment_record", args=[customer.pk])


def credit(customer) -> str:
    return reverse("admin:billing_xdr_credit", args=[customer.pk])


def void(invoice) -> str:
    return reverse("admin:billing_invoice_void", args=[invoice.pk])


def ask(payment) -> str:
    return reverse("admin:billing_payment_ask", args=[payment.pk])


def balance(customer) -> Decimal:
    return Account.objects.get(customer=customer).balance


def once_of(page) -> str:
    return re.search(r'name="once" value="([^"]+)"', page.content.decode())[1]


def form(page, **said: object) -> dict[str, object]:
    return {"once": once_of(page), "words": "Bank transfer"} | said


@pytest.fixture
def invoice(easycall) -> Invoice:
    book(easycall, "80", at=JANUARY.start + timedelta(days=1))
    return invoice_of(easycall, JANUARY)


def test_a_payment_is_booked_once_however_often_the_button_is_pressed(as_dora, dora, easycall, invoice):
    page = as_dora.get(record(easycall), {"invoice": invoice.number})
    assert f'value="{invoice.total:.2f}"' in page.content.decode()
    said = form(page, amount="80.00")
    for _ in range(2):
        answer = as_dora.post(record(easycall), said)
        assert answer.url == reverse("admin:selfcare_customer_change", args=[easycall.pk])
    payment = Payment.objects.get()
    assert (payment.method, payment.state, payment.user) == (Payment.Method.MANUAL, Payment.State.SUCCEEDED, dora)
    assert balance(easycall) == invoice.total - 80
    assert payment.allocations.get().invoice == invoice
    event = AuditEvent.objects.get(action="record payment")
    assert (event.user, event.customer, event.record_id) == (dora, easycall, str(payment.pk))
    assert event.changes["Text"] == ["", "Bank transfer"]


def test_a_form_that_was_used_is_not_taken_for_another_payment(as_dora, easycall, lotus):
    said = form(as_dora.get(record(easycall)), amount="10")
    as_dora.post(record(easycall), said)
    for customer, amount in ((easycall, "11"), (lotus, "10")):
        refused = as_dora.post(record(customer), said | {"amount": amount})
        assert "used already" in refused.content.decode()
        assert once_of(refused) != said["once"], "the next press is another payment"
    assert Payment.objects.count() == 1
    assert as_dora.post(record(lotus), form(refused, amount="10")).status_code == 302
    assert Payment.objects.count() == 2


@pytest.mark.parametrize("amount", ["0", "-5", "1.001", "NaN", "1e30", "x", ""])
def test_an_odd_payment_is_refused_at_its_field(as_dora, easycall, amount):
    page = as_dora.post(record(easycall), form(as_dora.get(record(easycall)), amount=amount))
    assert page.status_code == 200
    assert page.context["form"].errors["amount"]
    assert not Payment.objects.exists()


def test_a_credit_lowers_and_a_correction_raises_the_balance_once(as_dora, dora, easycall):
    said = form(as_dora.get(credit(easycall)), amount="12.50001", words="The call to Tokyo")
    for _ in range(2):
        assert as_dora.post(credit(easycall), said).status_code == 302
    assert balance(easycall) == Decimal("-12.50001")
    as_dora.post(credit(easycall), form(as_dora.get(credit(easycall)), amount="-2.5", words="Too much"))
    assert balance(easycall) == Decimal("-10.00001")
    rows = Xdr.objects.filter(customer=easycall).order_by("id")
    assert [(row.service_id, row.description) for row in rows] == [
        (Service.CREDITS, "The call to Tokyo"),
        (Service.CREDITS, "Too much"),
    ]
    events = AuditEvent.objects.filter(action="give credit").order_by("id")
    assert [(event.user, event.customer, event.changes["Amount"][1]) for event in events] == [
        (dora, easycall, "12.50001 USD"),
        (dora, easycall, "-2.5 USD"),
    ]


def test_a_used_form_is_not_taken_for_another_credit(as_dora, easycall, lotus):
    said = form(as_dora.get(credit(easycall)), amount="10")
    as_dora.post(credit(easycall), said)
    for customer, amount in ((easycall, "11"), (lotus, "10")):
        assert "used already" in as_dora.post(credit(customer), said | {"amount": amount}).content.decode()
    assert Xdr.objects.count() == 1


@pytest.mark.parametrize("amount", ["0", "0.000001", "NaN", "1e9", ""])
def test_an_odd_credit_is_refused_at_its_field(as_dora, easycall, amount):
    page = as_dora.post(credit(easycall), form(as_dora.get(credit(easycall)), amount=amount))
    assert page.context["form"].errors["amount"]
    assert not Xdr.objects.exists()


def test_the_next_invoice_has_the_credit(as_dora, easycall, monkeypatch):
    book(easycall, "80", at=JANUARY.start + timedelta(days=1))
    monkeypatch.setattr(timezone, "now", lambda: JANUARY.start + timedelta(days=3))
    as_dora.post(credit(easycall), form(as_dora.get(credit(easycall)), amount="30"))
    assert invoice_of(easycall, JANUARY).net == 50


def test_void_says_what_follows_asks_why_and_keeps_it(as_dora, dora, easycall, invoice):
    page = as_dora.get(void(invoice)).content.decode()
    assert f"The number {invoice.number} stays used" in page
    assert "reason" in as_dora.post(void(invoice), {"reason": " "}).context["form"].errors
    as_dora.get(void(invoice))
    invoice.refresh_from_db()
    assert invoice.voided_at is None, "looking makes nothing void"
    assert as_dora.post(void(invoice), {"reason": "Wrong address"}).status_code == 302
    invoice.refresh_from_db()
    assert invoice.voided_at is not None
    assert balance(easycall) == 80, "the charge stays, the invoice's tax is gone"
    event = AuditEvent.objects.get(action="make void")
    assert (event.user, event.customer, event.record_name) == (dora, easycall, invoice.number)
    assert event.changes == {"Reason": ["", "Wrong address"]}
    assert "void already" in as_dora.post(void(invoice), {"reason": "Again"}).content.decode()
    assert AuditEvent.objects.filter(action="make void").count() == 1


def test_the_pages_lead_to_the_acts_that_are_possible(as_dora, easycall, invoice):
    def of(row) -> str:
        name = row._meta.label_lower.replace(".", "_")
        return as_dora.get(reverse(f"admin:{name}_change", args=[row.pk])).content.decode()

    manual = PaymentFactory(customer=easycall, method=Payment.Method.MANUAL, provider="manual")
    card = PaymentFactory(customer=easycall)
    assert record(easycall) in of(easycall)
    assert credit(easycall) in of(easycall)
    assert f"{record(easycall)}?invoice={invoice.number}" in of(invoice)
    assert void(invoice) in of(invoice)
    assert ask(card) in of(card)
    assert ask(manual) not in of(manual)
    as_dora.post(void(invoice), {"reason": "Wrong"})
    assert void(invoice) not in of(invoice)
    assert "no provider to ask" in as_dora.post(ask(manual)).content.decode()


ACTS = {
    "add_payment": lambda invoice, payment: record(invoice.customer),
    "add_xdr": lambda invoice, payment: credit(invoice.customer),
    "change_invoice": lambda invoice, payment: void(invoice),
    "change_payment": lambda invoice, payment: ask(payment),
}


@pytest.mark.parametrize("right", ACTS)
def test_each_act_needs_its_right(right, invoice, client, as_alice):
    address = ACTS[right](invoice, PaymentFactory(customer=invoice.customer))
    clerk = UserFactory(customer=None, is_staff=True)
    others = Permission.objects.filter(content_type__app_label="billing").exclude(codename=right)
    clerk.user_permissions.set(others)
    for method in ("get", "post"):
        assert getattr(signed_in(clerk), method)(address).status_code == 403
        assert getattr(client, method)(address).status_code == 302
        assert getattr(as_alice, method)(address).status_code in {302, 403}
        assert getattr(as_alice, method)(address, follow=True).status_code == 403
    clerk.user_permissions.set([Permission.objects.get(codename=right)])
    assert signed_in(clerk).get(address).status_code == 200


def test_nothing_is_done_without_the_token_against_forgery(dora, easycall, invoice):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dora, backend="selfcare.backends.WithCustomer")
    said = {"once": uuid4(), "amount": "5", "words": "x", "reason": "x"}
    for address in (record(easycall), credit(easycall), void(invoice)):
        assert strict.post(address, said).status_code == 403
    invoice.refresh_from_db()
    assert (Payment.objects.count(), invoice.voided_at) == (0, None)


def test_a_missing_record_is_not_there(as_dora, db):
    for name, pk in (("payment_record", 9**9), ("xdr_credit", 9**9), ("invoice_void", 9**9), ("payment_ask", uuid4())):
        assert as_dora.get(reverse(f"admin:billing_{name}", args=[pk])).status_code == 404


def test_after_the_act_those_who_may_not_see_customers_go_to_the_start(easycall):
    clerk = UserFactory(customer=None, is_staff=True)
    clerk.user_permissions.set([Permission.objects.get(codename="add_payment")])
    client = signed_in(clerk)
    answer = client.post(record(easycall), form(client.get(record(easycall)), amount="5"))
    assert answer.url == reverse("admin:index")
    assert balance(easycall) == -5


def test_the_charges_of_a_void_invoice_come_with_the_next(as_dora, easycall, invoice):
    book(easycall, "10", at=FEBRUARY.start + timedelta(days=1))
    as_dora.post(void(invoice), {"reason": "Wrong"})
    assert invoice_of(easycall, FEBRUARY).net == 90
