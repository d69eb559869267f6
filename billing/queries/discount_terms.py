"""What a customer's discount offers in each window of its reset; booking and pages ask here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from billing.models import CustomerDiscount, DiscountUsage
from billing.queries.calendars import calendar_of
from billing.rating.discount import Combination, Offer, Threshold
from billing.rating.volume import Reset, Window, first_share, left_over, prorated, raised, reset_window

ANY_MOMENT = timedelta(microseconds=1)
Usages = Mapping[tuple[int, datetime], DiscountUsage]


@dataclass(frozen=True, slots=True)
class Terms:
    """A customer's discount with its steps; its record has plan, customer and the plan's steps at hand."""

    record: CustomerDiscount
    steps: tuple[Threshold, ...]

    @classmethod
    def of(cls, record: CustomerDiscount) -> Terms:
        """The terms as the plan has them today."""
        return cls(record, tuple(Threshold(step.upto, step.percent) for step in record.plan.steps.all()))

    @property
    def rolls_over(self) -> bool:
        """Whether the windows depend on each other."""
        return bool(self.record.plan.roll_over) and self.record.plan.reset != Reset.NEVER

    def window_at(self, moment: datetime) -> Window:
        """The window that holds the moment; that of a one-time volume begins with the discount."""
        reset = Reset(self.record.plan.reset)
        found = reset_window(reset, moment, calendar=calendar_of(self.record.customer))
        return Window(found.start or self.record.starts_at, found.end)

    def key(self, window: Window) -> tuple[int, datetime]:
        """What its counter in the window is found by."""
        return self.record.pk, window.start or self.record.starts_at

    def carried_into(self, window: Window, counters: Usages) -> Decimal:
        """What the window before left over, by the discount's counters; one without a counter used nothing."""
        start = window.start or self.record.starts_at
        if not self.rolls_over or start <= self.record.starts_at:
            return Decimal(0)
        before = self.window_at(start - ANY_MOMENT)
        counter = counters.get(self.key(before))
        used, rolled_over = (counter.used, counter.rolled_over) if counter else (Decimal(0), Decimal(0))
        return left_over(self._own_steps(before), used=used, rolled_over=rolled_over)

    def steps_in(self, window: Window, *, rolled_over: Decimal) -> tuple[Threshold, ...]:
        """The thresholds of the window, with what came into it from the one before."""
        return raised(self._own_steps(window), rolled_over)

    def offer(self, window: Window, *, used: Decimal, rolled_over: Decimal) -> Offer:
        """The discount as it stands in the window, for a call."""
        plan = self.record.plan
        return Offer(
            plan=plan.pk,
            thresholds=self.steps_in(window, rolled_over=rolled_over),
            used=used,
            combination=Combination(plan.combination),
            in_money=plan.counts_money,
            splits=plan.split_at_edge,
        )

    def _own_steps(self, window: Window) -> tuple[Threshold, ...]:
        plan, customer = self.record.plan, self.record.customer
        if not plan.prorate_first:
            return self.steps
        share = first_share(window, starts_at=self.record.starts_at, zone=customer.zone)
        return self.steps if share == 1 else prorated(self.steps, share=share, digits=2 if plan.counts_money else 0)
