"""What is left of a customer's volume discounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, Q

from billing.models import CustomerDiscount, DiscountUsage
from selfcare.models import Customer

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DiscountLeft:
    """A discount in force: its plan, and how much of it is used and left, in words; `left` empty for without end."""

    plan: str
    destination_group: str
    used: str
    left: str
    percent_used: int


def discounts_left(customer: Customer | None, *, now: datetime) -> list[DiscountLeft]:
    """The discounts of `customer` that are in force, with what is used of each since its last reset."""
    running = Q(period_start__lte=now) & (Q(period_end=None) | Q(period_end__gt=now))
    found = (
        CustomerDiscount.for_customer(customer)
        .filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)
        .select_related("plan__service")
        .prefetch_related("plan__steps", Prefetch("usage", DiscountUsage.objects.filter(running)))
        .order_by("-plan__precedence", "pk")
    )
    return [_left(one) for one in found]


def _left(one: CustomerDiscount) -> DiscountLeft:
    service = one.plan.service
    used = next((usage.used for usage in one.usage.all()), ZERO)
    # The last threshold is where the discount ends, or where its last step without end begins.
    most = max((step.upto for step in one.plan.steps.all() if step.upto), default=0)
    return DiscountLeft(
        plan=one.plan.name,
        destination_group=str(one.plan.destination_group or ""),
        used=service.counted(used),
        left=service.counted(max(most - used, ZERO)) if most else "",
        percent_used=min(int(used * 100 / most), 100) if most else 0,
    )
