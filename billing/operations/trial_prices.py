"""What a call would cost: priced as a booking does it, with the discounts as they stand, and nothing kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Service, Tariff
from billing.operations.calls import tariff_of
from billing.operations.ledger import LedgerRow
from billing.operations.rating import apply_discounts
from billing.operations.terms import AppliedTerms
from billing.queries.explanations import Explained, plans_in
from billing.queries.tariffs import load_tariff
from billing.rating.dialled import is_short, to_e164
from billing.rating.explain import Explanation
from billing.rating.pieces import BookedPiece, read_pieces
from billing.rating.rate import Charge, Unrated, rate_call
from centrex.queries.owners import extensions_of, owners_of
from selfcare.errors import Refused
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class TrialPrice:
    """The price of a call that nobody made: to `number` (E.164 digits, or as dialled), and why it is that."""

    number: str
    explained: Explained


def try_price(
    *, tariff: Tariff, customer: Customer | None, number: str, started_at: datetime, seconds: int
) -> TrialPrice:
    """Price a call on a tariff, for `customer` with his numbers and what is left of his discounts.

    Refused for a number that is none, for one without a rate then, and for a customer on another tariff's currency.
    """
    if customer is not None and customer.currency != tariff.currency:
        raise Refused(_("This customer pays in %(currency)s.") % {"currency": customer.currency}, field="customer")
    dialled = "".join(char for char in number if char.isdigit() or char in "+*#")
    full = to_e164(dialled, str(customer.country or "") if customer else "")
    asked = full or dialled.removeprefix("+")
    prices = load_tariff(tariff, numbers={asked})
    on_net = _is_inside(customer, asked)
    is_code = is_short(asked) and prices.has(asked, started_at)
    if not on_net and full is None and not is_code:
        raise Refused(_("This is not surely a full number. Enter it with + and the country code."), field="number")
    charge = rate_call(prices, cld=asked, started_at=started_at, seconds=seconds, on_net=on_net)
    if isinstance(charge, Unrated):
        raise Refused(_("There is no rate for this number at that time: the call would be rejected."), field="number")
    pieces = _pieces(customer, asked, charge, started_at)
    terms = AppliedTerms(tariff).of(charge.rate)
    return TrialPrice(asked, Explained(Explanation(charge, pieces, Decimal(0)), terms, plans_in(pieces)))


def tariff_for(customer: Customer) -> Tariff:
    """The tariff that the customer's calls are priced on; Refused, at the customer, when they cannot be."""
    try:
        return tariff_of(customer)
    except Refused as refusal:
        raise Refused(refusal.message, field="customer") from refusal


def _is_inside(customer: Customer | None, number: str) -> bool:
    """Whether the number is one of ours: an extension of the customer's office, or anybody's line or number."""
    return bool(owners_of({number})) or (customer is not None and number in extensions_of(customer))


def _pieces(customer: Customer | None, number: str, charge: Charge, started_at: datetime) -> tuple[BookedPiece, ...]:
    """What the discounts of today would take off; their counters are counted up and put back."""
    if customer is None:
        return ()
    row = LedgerRow(
        customer_id=customer.pk,
        service_id=Service.CALLS,
        started_at=started_at,
        amount=charge.amount,
        charged_quantity=Decimal(charge.charged_seconds),
        external_id="trial:price",
        cld=number,
    )
    with transaction.atomic():
        (discounted,) = apply_discounts([row])
        transaction.set_rollback(True)
    return read_pieces(json.loads(discounted.pieces) if discounted.pieces else None)
