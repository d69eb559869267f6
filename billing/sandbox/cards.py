"""Test cards: what each one does, by number, by test id and by token.

A number is looked at once and never kept: a payment method keeps the card's slug, brand, last four digits,
expiry and a fingerprint.
"""

import hashlib
from dataclasses import dataclass

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
    attaches: whether it can be saved although charges decline.
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
