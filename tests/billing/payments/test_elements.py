"""The provider's form in our own page: one form for a payment, taken once, given up when it is left."""

from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import StoredMethod
from billing.operations.payments import check_payment, open_element, settle_due
from billing.operations.payments.states import State
from selfcare.errors import Refused
from tests.billing.payments.conftest import begin, booked, succeeded_charges
from tests.billing.payments.stored import post

BACK = "http://portal.example/back/"


def opened(payment):
    return open_element(payment=payment, now=timezone.now())


def typed(sandbox, payment, test_id="pm_card_visa", status=200):
    """What the browser sends to the provider when the payer presses the button."""
    words = {"payment_method": test_id, "return_url": BACK}
    return post(sandbox, f"payment_intents/{payment.provider_id}/confirm", status=status, **words)


def checked(payment):
    return check_payment(payment_id=payment.pk, now=timezone.now())


def test_a_card_typed_into_our_page(sandbox, alice):
    payment, secret = opened(begin(alice, save_method=True))
    assert (payment.state, secret.startswith(payment.provider_id)) == (State.PENDING, True)
    assert opened(payment)[1] == secret, "a reload shows the same form"
    typed(sandbox, payment)
    payment = checked(payment)
    assert (payment.state, payment.paid_with, booked(payment)) == (State.SUCCEEDED, "Visa 4242", [-50])
    assert StoredMethod.objects.get().last4 == "4242"
    assert opened(payment)[1] == "", "what is paid has no form any more"


def test_a_declined_card_may_be_followed_by_another(sandbox, alice):
    payment, _secret = opened(begin(alice))
    typed(sandbox, payment, "pm_card_chargeDeclined", status=402)
    assert (checked(payment).state, checked(payment).failure) == (State.PENDING, "generic_decline")
    typed(sandbox, payment)
    assert (checked(payment).state, succeeded_charges(sandbox)) == (State.SUCCEEDED, 1)


def test_a_form_that_was_left_is_given_up(sandbox, alice):
    payment, _secret = opened(begin(alice))
    now = timezone.now()
    for minutes in (6, 70):
        settle_due(now=now + timedelta(minutes=minutes))
    payment.refresh_from_db()
    assert payment.state == State.CANCELLED
    assert sandbox.state.objects["payment_intent"][payment.provider_id]["status"] == "canceled"


@pytest.mark.parametrize("kind", ["error_after", "timeout_after"])
def test_a_form_whose_answer_was_lost_is_found(sandbox, alice, fault, impatient, kind):
    fault(kind, path="/v1/payment_intents", seconds=1)
    payment, secret = opened(begin(alice))
    assert (payment.state, secret) == (State.UNKNOWN, "")
    payment = checked(payment)
    assert (payment.state, opened(payment)[1][:3]) == (State.PENDING, "pi_")
    assert len(sandbox.state.objects["payment_intent"]) == 1


def test_a_busy_provider(sandbox, alice, fault):
    payment = begin(alice)
    fault("rate_limit", path="/v1/payment_intents")
    with pytest.raises(Refused, match="busy"):
        opened(payment)
    payment.refresh_from_db()
    assert opened(payment)[0].state == State.PENDING
