"""Cards that end soon: their customers are told early enough to replace them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from billing.models import StoredMethod
from billing.operations.autopay.telling import tell_of_expiry
from billing.queries.methods import last_day
from selfcare.models import Customer

# Days before the last day of the card; each is told once.
STEPS = (30, 7)


def tell_of_expiring(*, now: datetime) -> None:
    """Mail the owners of each card that ends within 30 days, and again within 7; not those that have ended."""
    month = now.year * 12 + now.month
    cards = StoredMethod.objects.filter(removed_at=None, usable=True).exclude(customer__status=Customer.Status.CLOSED)
    ending = cards.annotate(month=F("exp_year") * 12 + F("exp_month")).filter(month__range=(month - 1, month + 2))
    for card in ending.select_related("customer"):
        last = last_day(card)
        if last is None:
            continue
        left = (last - now.astimezone(card.customer.zone).date()).days
        reached = [step for step in STEPS if 0 <= left <= step]
        if reached:
            tell_of_expiry(card, last_day=last, step=min(reached))
