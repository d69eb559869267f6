"""Why a payment failed, in words that fit the way to pay."""

import pytest

from billing.models import Payment
from billing.operations.payments.declines import GONE, TO_BE_CONFIRMED
from billing.queries.failures import DEBITS, EVERYWHERE
from billing.queries.payments import DAILY_CAP, FAILURES, failure_in_words

Method = Payment.Method


@pytest.mark.parametrize("method", [Method.ACH, Method.SEPA, Method.PAYPAL])
def test_who_has_no_card_is_not_told_about_a_card(method):
    for code in {*FAILURES, *DEBITS, *GONE, *TO_BE_CONFIRMED, "never_heard_of"}:
        words = failure_in_words(code, method)
        assert words, code
        assert " card" not in words.lower(), (code, words)


@pytest.mark.parametrize(
    ("code", "method", "words"),
    [
        ("", Method.ACH, ""),
        ("insufficient_funds", Method.CARD, "not enough money on the card"),
        ("insufficient_funds", Method.ACH, "not enough money on the account"),
        ("account_closed", Method.SEPA, "does not know this account"),
        ("payment_intent_mandate_invalid", Method.SEPA, "permission to debit"),
        ("never_heard_of", Method.SEPA, "did not take the debit"),
        ("payment_method_customer_decline", Method.PAYPAL, "not approved"),
        ("provider_refused", Method.PAYPAL, "Please tell us"),
        (DAILY_CAP, Method.ACH, "more than you allow in a day"),
    ],
)
def test_words(code, method, words):
    said = failure_in_words(code, method)
    assert words in said
    assert bool(said) == bool(code)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("code", ["stolen_card", "lost_card", "pickup_card", "fraudulent"])
def test_nobody_is_told_that_a_card_is_reported_stolen(method, code):
    assert failure_in_words(code, method) == failure_in_words("never_heard_of", method)


def test_our_own_codes_are_the_same_for_every_method():
    for code in EVERYWHERE:
        assert len({failure_in_words(code, method) for method in Method}) == 1
