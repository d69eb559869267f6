"""What several acts with money refuse: an amount that its currency cannot carry, and a form that was used before."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from billing.money import minor_digits, round_money
from billing.queries.offered import offer_of
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import Customer


class AlreadyStarted(Refused):
    """The form's act exists with other values: the form was used again after going back."""

    def __init__(self) -> None:
        super().__init__(_("This form has been used already. Check the amount and press the button again."))


def refuse_inexact(amount: Decimal, currency: str, *, field: str = "amount") -> None:
    """Refused for an amount that is no number or has more decimals than the currency."""
    if amount.is_finite() and round_money(amount, currency) == amount:
        return
    digits = minor_digits(currency)
    if digits == 0:
        words = _("Enter a whole number: %(currency)s has no decimals.") % {"currency": currency}
    else:
        words = _("Enter at most %(digits)s decimals.") % {"digits": digits}
    raise Refused(words, field=field)


def refuse_not_offered(customer: Customer, method: str, amount: Decimal) -> None:
    """Refused for a way to pay that the customer is not offered, and for an amount that it does not take."""
    offer = offer_of(customer, method)
    if offer is None:
        raise Refused(_("You cannot pay in this way any more. Please choose another one."), field="method")
    if not offer.minimum <= amount <= offer.maximum:
        limits = {
            "low": formats.money(offer.minimum, customer.currency),
            "high": formats.money(offer.maximum, customer.currency),
        }
        raise Refused(_("This way to pay takes amounts from %(low)s to %(high)s.") % limits, field="amount")
