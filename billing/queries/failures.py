"""Why a bank account or PayPal did not pay, in words for the customer; `queries.payments` has those of cards."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Payment

Method = Payment.Method

NOT_THERE = _("The bank does not know this account, or it was closed. Please use another account.")
NOT_ALLOWED = _("The bank says that debits of this account are not allowed any more. Please pay in another way.")
TOO_MUCH = _("It was more than may be taken from this account at once. Please pay less, or in another way.")
NOT_AGREED = _("The payment was not approved. Nothing was charged; please try again.")
# Codes of returned debits: https://docs.stripe.com/payments/ach-direct-debit and /sepa-debit.
DEBITS: dict[str, Promise] = {
    "insufficient_funds": _("There was not enough money on the account. Please pay again or in another way."),
    "account_closed": NOT_THERE,
    "bank_account_closed": NOT_THERE,
    "no_account": NOT_THERE,
    "invalid_account_number": NOT_THERE,
    "incorrect_account_details": NOT_THERE,
    "account_frozen": NOT_ALLOWED,
    "bank_account_restricted": NOT_ALLOWED,
    "bank_account_unusable": NOT_ALLOWED,
    "debit_not_authorized": NOT_ALLOWED,
    "bank_ownership_changed": NOT_ALLOWED,
    "mandate_invalid": _("The permission to debit this account was taken back. Please store the account again."),
    "payment_intent_mandate_invalid": _(
        "The permission to debit this account was taken back. Please store the account again."
    ),
    "charge_exceeds_source_limit": TOO_MUCH,
    "charge_exceeds_transaction_limit": TOO_MUCH,
    "charge_exceeds_weekly_limit": TOO_MUCH,
    "invalid_currency": _("The account does not take this currency. Please pay in another way."),
    "payment_method_customer_decline": NOT_AGREED,
    "payment_method_microdeposit_failed": _("The bank account could not be checked. Please check its number."),
}
PAYPAL: dict[str, Promise] = {
    "payment_method_customer_decline": NOT_AGREED,
    "payment_method_provider_decline": _("PayPal did not take the payment. Please pay in another way, or ask PayPal."),
    "payment_method_provider_timeout": _("PayPal did not answer in time. Nothing was charged; please try again."),
    "authentication_required": _("PayPal asked you to approve the payment. Please pay once more and approve it there."),
}
BY_METHOD: dict[str, dict[str, Promise]] = {Method.ACH: DEBITS, Method.SEPA: DEBITS, Method.PAYPAL: PAYPAL}
OTHERWISE: dict[str, Promise] = {
    Method.ACH: _("The bank did not take the debit. Please pay in another way, or ask your bank."),
    Method.SEPA: _("The bank did not take the debit. Please pay in another way, or ask your bank."),
    Method.PAYPAL: _("PayPal did not take the payment. Please pay in another way, or ask PayPal."),
    Method.CARD: _("The bank declined the card. Please use another card, or ask your bank."),
}
# Codes that do not speak of the way to pay: our own, and those of the provider itself.
EVERYWHERE: dict[str, Promise] = {
    "provider_refused": _("The payment service did not accept this payment. Please tell us, we look into it."),
    "payment_method_gone": _("The stored payment method was removed. Please choose another one."),
}
