"""Storing a way to pay: with a payment or on a page of its own, kept once, removed here and there."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import requests
from django.utils import timezone

from billing.gateways.registry import storing_gateway
from billing.models import MethodSetup, ProviderCustomer, StoredMethod
from billing.operations.guards import AlreadyStarted
from billing.operations.methods import (
    check_setup,
    detach_removed,
    keep_method,
    open_method_page,
    refresh_method,
    remove_method,
    set_preferred,
    settle_setups,
)
from billing.operations.methods.keeping import Strange
from billing.operations.payments import begin_payment, check_payment, open_session
from billing.queries.methods import expires_soon, preferred_method, stored_methods
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from tests.billing.payments.conftest import mails, pay_on_page
from tests.billing.payments.stored import post, set_up, stored_card
from tests.factories import AutoPayFactory, StoredMethodFactory

State = MethodSetup.State


def pay_and_save(user, *, save: bool = True, **form: str):
    now = timezone.now()
    payment = begin_payment(
        customer=user.customer, user=user, payment_id=uuid4(), amount=Decimal(50), save_method=save, now=now
    )
    payment = open_session(payment=payment, now=now)
    pay_on_page(payment.session_url, **form)
    return check_payment(payment_id=payment.pk, now=timezone.now())


def opened(user, setup_id=None):
    now = timezone.now()
    return open_method_page(customer=user.customer, user=user, kind="card", setup_id=setup_id or uuid4(), now=now)


def test_a_card_is_stored_with_a_payment_when_asked(sandbox, alice):
    payment = pay_and_save(alice)
    for _ in range(2):
        check_payment(payment_id=payment.pk, now=timezone.now())
    method = StoredMethod.objects.get()
    assert (method.customer, str(method), method.is_default) == (alice.customer, "Visa 4242", True)
    assert (method.exp_month, method.exp_year, method.added_by) == (12, 2040, alice)
    assert AuditEvent.objects.filter(action="store payment method", user=alice).count() == 1


def test_a_card_is_not_stored_without_being_asked_or_without_being_paid(sandbox, alice):
    pay_and_save(alice, save=False)
    assert not ProviderCustomer.objects.exists()
    pay_and_save(alice, number="4000 0000 0000 0002")
    assert not StoredMethod.objects.exists()


def test_a_card_is_stored_on_a_page_of_its_own(sandbox, alice):
    setup = opened(alice)
    assert (setup.state, setup.session_url[:4]) == (State.OPEN, "http")
    pay_on_page(setup.session_url)
    for _ in range(3):
        setup = check_setup(setup_id=setup.pk, now=timezone.now())
    assert setup.state == State.DONE
    assert setup.method == preferred_method(alice.customer)
    assert StoredMethod.objects.count() == 1


def test_the_same_form_twice_is_one_page(sandbox, alice, charlie):
    first = opened(alice)
    assert opened(alice, first.pk).session_id == first.session_id
    assert len(sandbox.state.objects["checkout.session"]) == 1
    with pytest.raises(AlreadyStarted):
        opened(charlie, first.pk)


def test_an_answer_that_was_lost_takes_nothing_and_the_form_may_be_sent_again(sandbox, alice, fault, impatient):
    fault("timeout_after", path="/v1/checkout/sessions", seconds=1)
    setup = opened(alice)
    assert (setup.state, setup.session_url) == (State.CREATED, "")
    assert opened(alice, setup.pk).state == State.OPEN
    assert len(sandbox.state.objects["checkout.session"]) == 1


def test_the_janitor_ends_visits(sandbox, alice, fault, impatient):
    fault("error_before", path="/v1/checkout/sessions")
    lost = opened(alice)
    paid = opened(alice)
    left = opened(alice)
    pay_on_page(paid.session_url)
    requests.post(f"{sandbox.url}/_sandbox/clock", json={"advance": 7200}, timeout=5)
    now = timezone.now()
    assert settle_setups(now=now) == 0
    for hours in (1, 2, 3):
        settle_setups(now=now + timedelta(hours=hours))
    states = dict(MethodSetup.objects.values_list("pk", "state"))
    assert states == {lost.pk: State.CANCELLED, paid.pk: State.DONE, left.pk: State.CANCELLED}
    assert settle_setups(now=now + timedelta(days=30)) == 0


def test_the_same_card_again_takes_the_place_of_the_first(sandbox, alice):
    first, second = set_up(alice), set_up(alice)
    other = stored_card(sandbox, alice, "pm_card_mastercard")
    assert list(stored_methods(alice.customer)) == [second, other]
    assert preferred_method(alice.customer) == second
    assert detach_removed(now=timezone.now()) == 1
    assert sandbox.state.objects["payment_method"][first.ref]["customer"] is None


def test_what_belongs_to_another_payer_is_not_kept(sandbox, alice, charlie):
    method = stored_card(sandbox, alice)
    found = storing_gateway("stripe").get_method(method.ref)
    stored_card(sandbox, charlie, "pm_card_mastercard")
    with pytest.raises(Strange):
        keep_method(customer=charlie.customer, user=charlie, found=found, now=timezone.now())


def test_another_is_preferred(sandbox, alice):
    first, second = stored_card(sandbox, alice), stored_card(sandbox, alice, "pm_card_mastercard")
    assert preferred_method(alice.customer) == first
    for _ in range(2):
        set_preferred(method=second, user=alice, now=timezone.now())
    assert preferred_method(alice.customer) == second
    assert AuditEvent.objects.get(action="prefer").changes == {
        "Preferred Payment Method": ["Visa 4242", "Mastercard 4444"]
    }
    remove_method(method=second, user=alice, now=timezone.now())
    with pytest.raises(Refused):
        set_preferred(method=second, user=alice, now=timezone.now())


def test_removing_is_at_once_here_and_later_there(sandbox, alice, fault, impatient):
    method = stored_card(sandbox, alice)
    AutoPayFactory(customer=alice.customer, pay_invoices=True)
    fault("timeout_before", path="/v1/payment_methods/*/detach", seconds=1)
    remove_method(method=method, user=alice, now=timezone.now())
    there = sandbox.state.objects["payment_method"][method.ref]
    assert list(stored_methods(alice.customer)) == []
    assert there["customer"] is not None
    assert detach_removed(now=timezone.now()) == 1
    assert (there["customer"], detach_removed(now=timezone.now())) == (None, 0)
    remove_method(method=method, user=alice, now=timezone.now())
    assert AuditEvent.objects.filter(action="remove payment method").count() == 1
    assert mails("auto-pay-without-method") == 1


def test_without_auto_pay_nobody_is_told_of_a_removal(sandbox, alice):
    stored_card(sandbox, alice)
    other = stored_card(sandbox, alice, "pm_card_mastercard")
    remove_method(method=other, user=alice, now=timezone.now())
    remove_method(method=preferred_method(alice.customer), user=alice, now=timezone.now())
    assert mails("auto-pay-without-method") == 0


def test_a_removed_card_is_not_kept_again_by_a_late_message(sandbox, alice):
    payment = pay_and_save(alice)
    remove_method(method=StoredMethod.objects.get(), user=alice, now=timezone.now())
    check_payment(payment_id=payment.pk, now=timezone.now())
    assert list(stored_methods(alice.customer)) == []


def test_a_renewed_card_and_one_that_was_detached_there(sandbox, alice):
    method = stored_card(sandbox, alice)
    AutoPayFactory(customer=alice.customer, pay_invoices=True)
    post(sandbox, f"payment_methods/{method.ref}", **{"card[exp_year]": 2041, "card[exp_month]": 3})
    method = refresh_method(method=method, now=timezone.now())
    assert (method.exp_month, method.exp_year, method.usable) == (3, 2041, True)
    assert AuditEvent.objects.get(action="renew").changes["expiry year"][1] == "2041"
    post(sandbox, f"payment_methods/{method.ref}/detach")
    for _ in range(2):
        method = refresh_method(method=method, now=timezone.now())
    assert (method.usable, preferred_method(alice.customer)) == (False, None)
    assert list(stored_methods(alice.customer)) == [method]
    assert mails("auto-pay-without-method") == 1


@pytest.mark.parametrize(
    ("month", "year", "soon"),
    [(12, 2026, True), (1, 2027, True), (2, 2027, False), (3, 2020, True), (None, None, False)],
)
def test_expiry(db, month, year, soon):
    method = StoredMethodFactory.build(exp_month=month, exp_year=year)
    assert expires_soon(method, today=timezone.now().date().replace(year=2026, month=12, day=2)) == soon
