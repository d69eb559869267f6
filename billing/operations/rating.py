"""Volume discounts at booking: counters locked by row, so that parallel writers use up the volume exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from billing.models import CustomerDiscount, DiscountUsage
from billing.operations.ledger import LedgerRow
from billing.rating.discount import (
    Piece,
    Reset,
    Threshold,
    Window,
    discount_amount,
    reset_window,
    split_over_thresholds,
)
from billing.rating.pieces import BookedPiece, Share, left_in_step, write_pieces

Key = tuple[int, datetime]


@dataclass(frozen=True, slots=True)
class _Discount:
    """A customer's discount with its steps, ready for many calls."""

    record: CustomerDiscount
    steps: tuple[Threshold, ...]

    def covers(self, row: LedgerRow) -> bool:
        plan = self.record.plan
        ends_at = self.record.ends_at
        return (
            row.customer_id == self.record.customer_id
            and row.service_id == plan.service_id
            and self.record.starts_at <= row.started_at
            and (ends_at is None or row.started_at < ends_at)
            and (not plan.prefixes or row.cld.startswith(tuple(plan.prefixes)))
        )

    def window(self, moment: datetime) -> Window:
        customer = self.record.customer
        found = reset_window(
            Reset(self.record.plan.reset), moment, zone=customer.zone, billing_day=customer.billing_day
        )
        return Window(found.start or self.record.starts_at, found.end)

    def key(self, moment: datetime) -> Key:
        return self.record.pk, self.window(moment).start or self.record.starts_at

    def room(self, used: Decimal) -> Decimal | None:
        """How much its steps still cover, None for without end."""
        last = self.steps[-1].upto
        return None if last is None else max(last - used, Decimal(0))


def apply_discounts(rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    """Take the customers' volume discounts off the amounts and count what was used.

    The discount of highest precedence is used first; what its steps do not cover goes to the next, so that no second
    has two discounts. A call over an edge is split. Give it to `post_rows` as `finish`: inside its transaction only
    new calls come here, and the counters stay locked until they are in the ledger.
    """
    discounts = _discounts_for(rows)
    covering = [(row, [one for one in discounts if one.covers(row)] if _may_fall(row) else []) for row in rows]
    counters = _locked_counters((one, row.started_at) for row, found in covering for one in found)
    finished = [_discounted(row, found, counters) if found else row for row, found in covering]
    DiscountUsage.objects.bulk_update(counters.values(), ["used"])
    return finished


def _may_fall(row: LedgerRow) -> bool:
    return not row.failed and row.amount > 0 and row.charged_quantity > 0


def _discounts_for(rows: Sequence[LedgerRow]) -> list[_Discount]:
    """The discounts in force for any of the rows, highest precedence first."""
    moments = [row.started_at for row in rows]
    records = (
        CustomerDiscount.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=min(moments)),
            customer__in={row.customer_id for row in rows},
            starts_at__lte=max(moments),
        )
        .select_related("plan", "customer")
        .prefetch_related("plan__steps")
        .order_by("-plan__precedence", "pk")
    )
    found = [
        _Discount(
            record,
            tuple(Threshold(_units(step.upto), step.percent) for step in record.plan.steps.all() if step.upto != 0),
        )
        for record in records
    ]
    return [one for one in found if one.steps]


def _units(upto: int | None) -> Decimal | None:
    return None if upto is None else Decimal(upto)


def _locked_counters(wanted: Iterable[tuple[_Discount, datetime]]) -> dict[Key, DiscountUsage]:
    """The counters of these windows, made where there was none, locked in order of their keys."""
    windows = {one.key(moment): one.window(moment) for one, moment in wanted}
    if not windows:
        return {}
    DiscountUsage.objects.bulk_create(
        [
            DiscountUsage(discount_id=pk, period_start=start, period_end=windows[pk, start].end)
            for pk, start in sorted(windows)
        ],
        ignore_conflicts=True,
    )
    locked = (
        DiscountUsage.objects.select_for_update()
        .filter(discount__in={pk for pk, _start in windows}, period_start__in={start for _pk, start in windows})
        .order_by("discount_id", "period_start")
    )
    return {(usage.discount_id, usage.period_start): usage for usage in locked}


def _discounted(row: LedgerRow, discounts: Sequence[_Discount], counters: dict[Key, DiscountUsage]) -> LedgerRow:
    left, pieces, shares = row.charged_quantity, list[Piece](), list[tuple[Share, ...]]()
    for one in discounts:
        counter = counters[one.key(row.started_at)]
        room = one.room(counter.used)
        taken = left if room is None else min(room, left)
        for piece in split_over_thresholds(used=counter.used, units=taken, thresholds=one.steps):
            counter.used += piece.units
            pieces.append(piece)
            shares.append((Share(one.record.plan_id, piece.percent, left_in_step(counter.used, one.steps)),))
        left -= taken
    if left:
        pieces.append(Piece(left, Decimal(0)))
        shares.append(())
    priced = discount_amount(row.amount, pieces)
    return replace(
        row,
        amount=sum((piece.amount for piece in priced), Decimal(0)),
        discount=sum((piece.discount for piece in priced), Decimal(0)),
        pieces=write_pieces(
            BookedPiece(piece.units, piece.percent, piece.full_amount, piece.discount, given)
            for piece, given in zip(priced, shares, strict=True)
        ),
    )
