"""Test cards: what each one does, by number, by test id and by token.

A number is looked at once and never kept: a payment method keeps the card's slug, brand, last four digits,
expiry and a fingerprint.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from .errors import ApiError, card_error

DECLINES = {
    "generic_decline": ("card_declined", "Your card was declined."),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds."),
    "lost_card": ("card_declined", "Your card was declined."),
    "stolen_card": ("card_declined", "Your card was declined."),
    "expired_card": ("expired_card", "Your card has expired."),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect."),
    "processing_error": (
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    "fraudulent": ("card_declined", "Your card was declined."),
    "card_velocity_exceeded": ("card_declined", "Your card was declined for making repeated attempts too often."),
    "do_not_honor": ("card_declined", "Your card was declined."),
    "pickup_card": ("card_declined", "Your card was declined."),
    "transaction_not_allowed": ("card_declined", "Your card does not support this type of purchase."),
    "card_not_supported": ("card_declined", "Your card is not supported."),
    "currency_not_supported": ("card_declined", "Your card is not supported."),
    "revocation_of_authorization": ("card_declined", "Your card was declined."),
    "withdrawal_count_limit_exceeded": ("card_declined", "Your card was declined."),
    "issuer_not_available": ("card_declined", "Your card was declined. Try again in a little bit."),
    "try_again_later": ("card_declined", "Your card was declined. Try again in a little bit."),
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
    ),
}
DECLINE_PARAMS = {"expired_card": "exp_month", "incorrect_cvc": "cvc"}


@dataclass(frozen=True)
class Card:
    """A test card. `decline` is its decline code; `challenge` says when 3-D Secure is asked for.

    challenge: "" never; "until_set_up" until once authenticated for later use; "always".
    attaches: whether it can be saved although charges decline. dispute: the reason of the dispute that follows a
    success, an `inquiry` or a full one. refund: what becomes of refunds later, "arrives" or "fails".
    own: a number of this sandbox; Stripe has no such card.
    """

    slug: str
    number: str
    brand: str
    title: str
    test_ids: tuple[str, ...]
    decline: str = ""
    challenge: str = ""
    attaches: bool = False
    funding: str = "credit"
    dispute: str = ""
    inquiry: bool = False
    refund: str = ""
    own: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def spaced(self) -> str:
        """The number in groups of four, to read."""
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))

    @property
    def cvc(self) -> str:
        """A security code of the right length."""
        return "1234" if self.brand == "amex" else "123"

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(f"payment sandbox {self.slug}".encode()).hexdigest()[:16]


def _declining(slug: str, number: str, title: str, *test_ids: str) -> Card:
    return Card(slug, number, "visa", title, test_ids, decline=slug)


def _own(number: int, decline_code: str, title: str) -> Card:
    """A card of our own for a decline code that Stripe has no test card for."""
    first = f"40000099000{number:04}"
    name = "chargeDeclined_" + decline_code
    return Card(
        decline_code, first + luhn_digit(first), "visa", f"Declined: {title}", (name,), decline=decline_code, own=True
    )


def luhn_digit(first: str) -> str:
    """The last digit that a card number needs after these."""
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(first))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


OWN_CARDS = (
    _own(1, "do_not_honor", "do not honour"),
    _own(2, "pickup_card", "pick up card"),
    _own(3, "transaction_not_allowed", "payment not allowed"),
    _own(4, "card_not_supported", "card not supported"),
    _own(5, "currency_not_supported", "currency not supported"),
    _own(6, "revocation_of_authorization", "customer revoked later payments"),
    _own(7, "withdrawal_count_limit_exceeded", "limit of the account"),
    _own(8, "issuer_not_available", "bank cannot be reached"),
    _own(9, "try_again_later", "try again later"),
)
CARDS = (
    Card("visa", "4242424242424242", "visa", "Succeeds", ("visa",)),
    Card("visa_debit", "4000056655665556", "visa", "Succeeds (debit)", ("visa_debit",), funding="debit"),
    Card("mastercard", "5555555555554444", "mastercard", "Succeeds", ("mastercard",)),
    Card("amex", "378282246310005", "amex", "Succeeds (security code of 4 digits)", ("amex",)),
    _declining("generic_decline", "4000000000000002", "Declined", "chargeDeclined", "visa_chargeDeclined"),
    _declining(
        "insufficient_funds",
        "4000000000009995",
        "Declined: insufficient funds",
        "chargeDeclinedInsufficientFunds",
        "visa_chargeDeclinedInsufficientFunds",
    ),
    _declining(
        "lost_card",
        "4000000000009987",
        "Declined: lost card",
        "chargeDeclinedLostCard",
        "visa_chargeDeclinedLostCard",
    ),
    _declining(
        "stolen_card",
        "4000000000009979",
        "Declined: stolen card",
        "chargeDeclinedStolenCard",
        "visa_chargeDeclinedStolenCard",
    ),
    _declining(
        "expired_card",
        "4000000000000069",
        "Declined: expired card",
        "chargeDeclinedExpiredCard",
        "visa_chargeDeclinedExpiredCard",
    ),
    _declining(
        "incorrect_cvc",
        "4000000000000127",
        "Declined: wrong security code",
        "chargeDeclinedIncorrectCvc",
        "visa_chargeDeclinedIncorrectCvc",
    ),
    _declining(
        "processing_error",
        "4000000000000119",
        "Declined: processing error",
        "chargeDeclinedProcessingError",
        "visa_chargeDeclinedProcessingError",
    ),
    Card(
        "authentication_on_setup",
        "4000002500003155",
        "visa",
        "3-D Secure, unless saved for later use",
        ("authenticationRequiredOnSetup",),
        challenge="until_set_up",
    ),
    Card(
        "authentication_always",
        "4000002760003184",
        "visa",
        "3-D Secure on every payment",
        ("authenticationRequired",),
        challenge="always",
    ),
    Card(
        "charge_fails",
        "4000000000000341",
        "visa",
        "Can be saved, later payments are declined",
        ("chargeCustomerFail",),
        decline="generic_decline",
        attaches=True,
    ),
    Card(
        "authentication_then_declined",
        "4000008400001629",
        "visa",
        "3-D Secure, then declined",
        ("threeDSecureRequiredChargeDeclined",),
        challenge="always",
        decline="generic_decline",
    ),
    Card(
        "authentication_then_insufficient_funds",
        "4000008260003178",
        "visa",
        "3-D Secure unless saved, then insufficient funds",
        ("authenticationRequiredChargeDeclinedInsufficientFunds",),
        challenge="until_set_up",
        decline="insufficient_funds",
    ),
    _declining("fraudulent", "4100000000000019", "Declined: taken for fraud", "radarBlock"),
    _declining(
        "card_velocity_exceeded",
        "4000000000006975",
        "Declined: too often",
        "chargeDeclinedVelocityLimitExceeded",
        "visa_chargeDeclinedVelocityLimitExceeded",
    ),
    *OWN_CARDS,
    Card(
        "dispute_fraudulent",
        "4000000000000259",
        "visa",
        "Succeeds, disputed as fraudulent",
        ("createDispute",),
        dispute="fraudulent",
    ),
    Card(
        "dispute_not_received",
        "4000000000002685",
        "visa",
        "Succeeds, disputed as not received",
        ("createDisputeProductNotReceived",),
        dispute="product_not_received",
    ),
    Card(
        "dispute_inquiry",
        "4000000000001976",
        "visa",
        "Succeeds, the bank inquires",
        ("createDisputeInquiry",),
        dispute="fraudulent",
        inquiry=True,
    ),
    Card(
        "pending_refund",
        "4000000000007726",
        "visa",
        "Succeeds, refunds take a while",
        ("pendingRefund",),
        refund="arrives",
    ),
    Card("refund_fails", "4000000000005126", "visa", "Succeeds, refunds fail later", ("refundFail",), refund="fails"),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_SLUG = {card.slug: card for card in CARDS}
BY_TEST_ID = {f"pm_card_{name}": card for card in CARDS for name in card.test_ids}
BY_TOKEN = {f"tok_{name}": card for card in CARDS for name in card.test_ids}


def by_number(number: str) -> Card:
    """The test card of that number; 402 for a mistyped number and for a card that is not a test card."""
    digits = number.replace(" ", "").replace("-", "")
    if digits in BY_NUMBER:
        return BY_NUMBER[digits]
    if not _passes_luhn(digits):
        raise card_error("Your card number is incorrect.", code="incorrect_number", param="number")
    raise card_error(
        "Your card was declined. This is a test, and the number is not one of the test cards.",
        code="card_declined",
        decline_code="test_mode_live_card",
        param="number",
    )


def of(method: dict[str, Any]) -> Card:
    """The test card behind a payment method, which says how it behaves."""
    return BY_SLUG[method["_card"]]


def _passes_luhn(digits: str) -> bool:
    if not (digits.isascii() and digits.isdecimal() and 12 <= len(digits) <= 19):
        return False
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def declined(decline_code: str, **extra: object) -> ApiError:
    """The 402 for a decline code, with the objects the provider puts inside."""
    code, message = DECLINES[decline_code]
    return card_error(message, code=code, decline_code=decline_code, param=DECLINE_PARAMS.get(decline_code), **extra)


def not_authenticated(code: str, *, payment_method: object) -> ApiError:
    """The 402 for a failed 3-D Secure challenge; `code` names the kind of intent that asked."""
    message = "We are unable to authenticate your payment method. Choose a different payment method and try again."
    return card_error(message, code=code, payment_method=payment_method)
