"""What a refusal means, as data: https://docs.stripe.com/declines/codes and the failure codes of bank debits.

A bank that says the same again and again to a payment that is tried without end begins to distrust all of ours.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What may follow: the same later, never again with this method, or only with the customer at his bank."""

    SOFT = "soft"
    HARD = "hard"
    NEEDS_PERSON = "needs_person"


# The card, the account or the permission is gone, or does not fit: asking again cannot help.
GONE = frozenset({
    "account_closed",
    "account_frozen",
    "bank_account_closed",
    "bank_account_restricted",
    "bank_account_unusable",
    "bank_ownership_changed",
    "card_not_supported",
    "currency_not_supported",
    "debit_not_authorized",
    "expired_card",
    "fraudulent",
    "incorrect_account_details",
    "incorrect_number",
    "invalid_account",
    "invalid_account_number",
    "invalid_currency",
    "invalid_number",
    "lost_card",
    "mandate_invalid",
    "merchant_blacklist",
    "new_account_information_available",
    "no_account",
    "payment_intent_mandate_invalid",
    "payment_method_customer_decline",
    "payment_method_gone",
    "payment_method_microdeposit_failed",
    "payment_method_not_available",
    "pickup_card",
    "recipient_deceased",
    "restricted_card",
    "revocation_of_all_authorizations",
    "revocation_of_authorization",
    "security_violation",
    "stolen_card",
    "stop_payment_order",
    "transaction_not_allowed",
})  # fmt: skip
TO_BE_CONFIRMED = frozenset({"authentication_required", "payment_intent_authentication_failure"})


def kind_of(code: str) -> Kind:
    """The kind of a provider's code; one that nobody told us about is soft, as only few tries follow."""
    if code in TO_BE_CONFIRMED:
        return Kind.NEEDS_PERSON
    return Kind.HARD if code in GONE else Kind.SOFT
