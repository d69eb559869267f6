"""The volume discounts of a customer: what each offers now, how much is used, and what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _

from billing.models import CustomerDiscount, DiscountPlan, DiscountUsage
from billing.queries.discount_terms import Terms
from billing.rating.discount import Combination, Threshold, step_at, together
from selfcare.models import Customer

SHOWN_AFTER_END = timedelta(days=92)


class Status(TextChoices):
    """How a discount stands."""

    ACTIVE = "active", _("Active")
    CONSUMED = "consumed", _("Consumed")
    NOT_YET = "not_yet", _("Not Yet Active")
    ENDED = "ended", _("Ended")


@dataclass(frozen=True, slots=True)
class Period:
    """One window of the past or of today: what was used of `thresholds`, which hold what was `rolled_over`."""

    starts_at: datetime
    ends_at: datetime | None
    used: Decimal
    rolled_over: Decimal
    thresholds: tuple[Threshold, ...]

    @property
    def reached(self) -> Decimal | None:
        """The highest threshold that was reached, None for none."""
        return max((step.upto for step in self.thresholds if step.upto and step.upto <= self.used), default=None)

    @property
    def volume(self) -> Decimal | None:
        """All that the thresholds hold, None without end."""
        return self.thresholds[-1].upto if self.thresholds else Decimal(0)


@dataclass(frozen=True, slots=True)
class DiscountState:
    """A customer's discount at one moment.

    `current` is the window of today (of its first day before it starts, of its last one after it ended); `percent` what
    the next unit has; `combined_percent` what it has together with the discounts it joins; `expires_at` None for never.
    """

    record: CustomerDiscount
    status: Status
    current: Period
    percent: Decimal
    combined_percent: Decimal
    expires_at: datetime | None
    past: tuple[Period, ...]

    @property
    def pk(self) -> int:
        key: int = self.record.pk
        return key

    @property
    def plan(self) -> DiscountPlan:
        plan: DiscountPlan = self.record.plan
        return plan

    @property
    def used(self) -> Decimal:
        """What is used of the volume; a call may go a little beyond the last edge in money, which nobody needs read."""
        volume = self.current.volume
        return self.current.used if volume is None else min(self.current.used, volume)

    @property
    def remaining(self) -> Decimal | None:
        """What is left of the step that the next unit falls in, None for a step without end."""
        step = step_at(self.current.used, self.current.thresholds)
        if step is None:
            return Decimal(0)
        return None if step.upto is None else step.upto - self.current.used

    def __str__(self) -> str:
        return str(self.plan)


def discounts_of(customer: Customer | None, *, now: datetime) -> list[DiscountState]:
    """The customer's discounts by service, in the order in which they are used; those long ended are left out."""
    records = CustomerDiscount.for_customer(customer).filter(Q(ends_at=None) | Q(ends_at__gt=now - SHOWN_AFTER_END))
    return _states(records.in_order().with_terms(), now=now)


def discount_with_others(customer: Customer | None, pk: int, *, now: datetime) -> list[DiscountState]:
    """The discount of that id and those that the same calls may have, in order; empty where the customer has it not."""
    own = CustomerDiscount.for_customer(customer)
    found = own.filter(pk=pk).select_related("plan").first()
    if found is None:
        return []
    same = {"plan__service": found.plan.service_id, "plan__destination_group": found.plan.destination_group_id}
    return _states(own.filter(**same).in_order().with_terms(), now=now)


def _states(records: QuerySet[CustomerDiscount], *, now: datetime) -> list[DiscountState]:
    usage = Prefetch("usage", DiscountUsage.objects.order_by("-period_start"))
    rows = list(records.prefetch_related(usage))
    states = [_state(record, now=now) for record in rows]
    waiting = [_waiting(state, states[:place]) for place, state in enumerate(states)]
    combined = [_combined(state, waiting) for state in waiting]
    return sorted(combined, key=lambda state: state.plan.service_id)


def _state(record: CustomerDiscount, *, now: datetime) -> DiscountState:
    terms = Terms.of(record)
    last = record.ends_at - timedelta(microseconds=1) if record.ends_at else now
    window = terms.window_at(max(min(now, last), record.starts_at))
    counters = {(usage.discount_id, usage.period_start): usage for usage in record.usage.all()}
    counter = counters.pop(terms.key(window), None)
    rolled_over = terms.carried_into(window, counters)
    used = counter.used if counter else Decimal(0)
    current = Period(
        window.start or record.starts_at, window.end, used, rolled_over, terms.steps_in(window, rolled_over=rolled_over)
    )
    step = step_at(used, current.thresholds)
    percent = step.percent if step else Decimal(0)
    return DiscountState(
        record=record,
        status=_status(record, is_used_up=step is None, now=now),
        current=current,
        percent=percent,
        combined_percent=percent,
        expires_at=min(filter(None, (window.end, record.ends_at)), default=None),
        past=tuple(_past(terms, usage) for usage in counters.values() if usage.period_start < current.starts_at),
    )


def _past(terms: Terms, usage: DiscountUsage) -> Period:
    steps = terms.steps_in(terms.window_at(usage.period_start), rolled_over=usage.rolled_over)
    return Period(usage.period_start, usage.period_end, usage.used, usage.rolled_over, steps)


def _status(record: CustomerDiscount, *, is_used_up: bool, now: datetime) -> Status:
    if record.starts_at > now:
        return Status.NOT_YET
    if record.ends_at is not None and record.ends_at <= now:
        return Status.ENDED
    return Status.CONSUMED if is_used_up else Status.ACTIVE


def _waiting(state: DiscountState, before: Sequence[DiscountState]) -> DiscountState:
    """The state, not yet active while one that lets nobody join takes the same calls first."""
    ahead = [other for other in before if other.status == Status.ACTIVE and _same_calls(other, state)]
    alone = DiscountPlan.Combination.EXCLUSIVE
    blocked = any(other.plan.combination == alone for other in ahead) or (ahead and state.plan.combination == alone)
    return replace(state, status=Status.NOT_YET) if blocked and state.status == Status.ACTIVE else state


def _combined(state: DiscountState, states: Sequence[DiscountState]) -> DiscountState:
    """The state with what all that join in on the same calls give together."""
    if state.status != Status.ACTIVE or state.plan.combination == DiscountPlan.Combination.EXCLUSIVE:
        return state
    percent = Decimal(0)
    for other in states:
        if other.status == Status.ACTIVE and _same_calls(other, state):
            percent = together(percent, other.percent, Combination(other.plan.combination))
    return replace(state, combined_percent=percent)


def _same_calls(one: DiscountState, other: DiscountState) -> bool:
    """Whether they are for the same service, destinations and peak level."""
    return all(
        getattr(one.plan, name) == getattr(other.plan, name)
        for name in ("service_id", "destination_group_id", "peak_level")
    )
