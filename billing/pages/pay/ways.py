"""The ways to pay that a page offers: what is stored first, then what the telephone company takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Payment, StoredMethod
from billing.queries.methods import expires_soon, last_day, stored_methods
from billing.queries.offered import offers
from selfcare.models import Customer

Method = Payment.Method
STORED = "stored:"

# How long it takes, and what happens next.
NEXT: dict[str, Promise] = {
    Method.CARD: _("Paid at once. You type the card's number on the secure page of our payment provider."),
    Method.ACH: _(
        "For accounts at a bank in the USA. The money is on its way for up to 4 working days; you name the account on "
        "our payment provider's page."
    ),
    Method.SEPA: _(
        "Paid at once from your bank account: you choose your bank, and confirm there with iDEAL. Stored, the account "
        "can be debited later, which takes up to 4 working days."
    ),
    Method.PAYPAL: _("Paid at once. You sign in at PayPal and confirm there."),
    Method.PAYNEARME: _(
        "In cash, at a shop near you. You get a payment slip with a bar code, here and by e-mail; it is paid once "
        "the shop has taken your money."
    ),
}
NEXT_STORED: dict[str, Promise] = {
    Method.CARD: _("Charged at once. Your bank may ask you to confirm."),
    Method.ACH: _("Debited from the account, which takes up to 4 working days."),
    Method.SEPA: _("Debited from the account, which takes up to 4 working days."),
    Method.PAYPAL: _("Charged at once."),
}
SAVEABLE = frozenset(StoredMethod.Kind.values)


@dataclass(frozen=True, slots=True)
class Way:
    """One choice: `value` is what the form sends, `words` say how long it takes and what happens next."""

    value: str
    label: str
    words: Promise
    method: Payment.Method
    stored: StoredMethod | None = None
    expiry: str = ""
    warning: str = ""

    @property
    def can_be_saved(self) -> bool:
        return self.stored is None and self.method in SAVEABLE


def ways_to_pay(customer: Customer, *, today: date) -> list[Way]:
    """What `customer` may pay with on `today`: the preferred stored method first, then the others, then new ones."""
    offered = [offer.method for offer in offers(customer)]
    kept = [method for method in stored_methods(customer) if method.usable and method.kind in offered]
    return [
        *(_stored(method, today) for method in kept),
        *(Way(method.value, str(method.label), NEXT[method], method) for method in offered),
    ]


def expiry_of(method: StoredMethod) -> str:
    """Month and year as they stand on the card, such as 12/2040; empty for what does not expire."""
    last = last_day(method)
    return f"{last:%m/%Y}" if last else ""


def expiry_words(method: StoredMethod, *, today: date) -> str:
    """A warning about a card that ends soon or has ended; empty for all others."""
    last = last_day(method)
    if last is not None and last < today:
        return str(_("This card has expired."))
    return str(_("This card expires soon.")) if expires_soon(method, today=today) else ""


def _stored(method: StoredMethod, today: date) -> Way:
    return Way(
        value=f"{STORED}{method.pk}",
        label=str(method),
        words=NEXT_STORED[method.kind],
        method=Method(method.kind),
        stored=method,
        expiry=expiry_of(method),
        warning=expiry_words(method, today=today),
    )
