"""Volume discounts at booking: counters locked by row, so that parallel writers use up the volume exactly once.

Locks are taken by everybody in one order, each sorted by key: discounts whose volume rolls over (their windows depend
on each other), then counters. Both come after the external ids and before daily totals and accounts; see `ledger`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from billing.models import Account, CustomerDiscount, DiscountPlan, DiscountUsage
from billing.operations.discount_notices import tell_of_usage
from billing.operations.ledger import LedgerRow
from billing.queries.discount_terms import Terms
from billing.queries.tariffs import slots_of
from billing.rating.discount import Offer, Part, discounted
from billing.rating.pieces import BookedPiece, Share, left_in_step, write_pieces
from billing.rating.tariff import SlotAt
from billing.rating.volume import Window

Key = tuple[int, datetime]


@dataclass(frozen=True)
class _Discount:
    """A customer's discount, ready for many calls."""

    terms: Terms
    slot_at: SlotAt | None

    @property
    def plan(self) -> DiscountPlan:
        plan: DiscountPlan = self.terms.record.plan
        return plan

    @cached_property
    def prefixes(self) -> tuple[str, ...] | None:
        """Beginnings of the numbers that it is for, None for all."""
        return tuple(self.plan.destination_group.prefixes) if self.plan.destination_group else None

    def covers(self, row: LedgerRow) -> bool:
        record, plan = self.terms.record, self.plan
        return (
            row.customer_id == record.customer_id
            and row.service_id == plan.service_id
            and record.starts_at <= row.started_at
            and (record.ends_at is None or row.started_at < record.ends_at)
            and (self.prefixes is None or row.cld.startswith(self.prefixes))
            and (plan.peak_level == DiscountPlan.PeakLevel.ANY or self._slot(row.started_at) == plan.peak_level)
        )

    def _slot(self, moment: datetime) -> str:
        return self.slot_at(moment) if self.slot_at else DiscountPlan.PeakLevel.ANY


class _Counters:
    """The locked counters of the windows that calls fall in, and of roll-over discounts those around them."""

    def __init__(self, wanted: Iterable[tuple[_Discount, datetime]]) -> None:
        self.windows: dict[Key, tuple[Terms, Window]] = {}
        for one, moment in wanted:
            window = one.terms.window_at(moment)
            self.windows[one.terms.key(window)] = (one.terms, window)
        self.usages: dict[Key, DiscountUsage] = _locked(self.windows) if self.windows else {}
        self.before = {key: self.usages[key].used for key in self.windows}

    def offer(self, one: _Discount, moment: datetime) -> tuple[DiscountUsage, Offer]:
        """The counter for a call at the moment, and what the discount offers just now."""
        window = one.terms.window_at(moment)
        counter = self.usages[one.terms.key(window)]
        counter.rolled_over = one.terms.carried_into(window, self.usages)
        return counter, one.terms.offer(window, used=counter.used, rolled_over=counter.rolled_over)

    def save(self) -> None:
        """Write them down; what calls of an earlier window used lowers what rolled over into the later ones."""
        terms = {one.record.pk: one for one, _window in self.windows.values() if one.rolls_over}
        for (discount, start), counter in sorted(self.usages.items()):
            if discount in terms:
                one = terms[discount]
                counter.rolled_over = one.carried_into(one.window_at(start), self.usages)
        DiscountUsage.objects.bulk_update(self.usages.values(), ["used", "rolled_over"])


def apply_discounts(rows: Sequence[LedgerRow], *, now: datetime | None = None) -> list[LedgerRow]:
    """Take the customers' volume discounts off the amounts and count what was used.

    What several discounts give together is said in `billing.rating.discount`; those given to the customer himself come
    after those of his package, else the highest precedence first. Give it to `post_rows` as `finish`: inside its
    transaction only new calls come here, and the counters stay locked until they are in the ledger. At `now` the
    customer is told of volume that is used up, if the plan says so; without it nobody is.
    """
    discounts = _discounts_for(rows)
    covering = [(row, [one for one in discounts if one.covers(row)] if _may_fall(row) else []) for row in rows]
    counters = _Counters((one, row.started_at) for row, found in covering for one in found)
    finished = [_discounted(row, found, counters) if found else row for row, found in covering]
    counters.save()
    if now is not None:
        for key, (terms, window) in counters.windows.items():
            tell_of_usage(terms, window, before=counters.before[key], usage=counters.usages[key], now=now)
    return finished


def _may_fall(row: LedgerRow) -> bool:
    return not row.failed and row.amount > 0 and row.charged_quantity > 0


def _discounts_for(rows: Sequence[LedgerRow]) -> list[_Discount]:
    """The discounts in force for any of the rows, in the order in which they are used."""
    moments = [row.started_at for row in rows]
    records = (
        CustomerDiscount.objects.in_order()
        .filter(
            Q(ends_at=None) | Q(ends_at__gt=min(moments)),
            customer__in={row.customer_id for row in rows},
            starts_at__lte=max(moments),
        )
        .with_terms()
    )
    usable = [record for record in records if record.plan.currency in ("", record.customer.currency)]
    slots = _slots({one.customer_id for one in usable if one.plan.peak_level != DiscountPlan.PeakLevel.ANY})
    return [_Discount(Terms.of(record), slots.get(record.customer_id)) for record in usable]


def _slots(customers: Collection[int]) -> dict[int, SlotAt]:
    """What tells peak from off-peak for these customers; none for those without a tariff."""
    if not customers:
        return {}
    accounts = Account.objects.filter(customer__in=customers).select_related("tariff")
    return {account.customer_id: slots_of(account.tariff) for account in accounts if account.tariff}


def _locked(windows: dict[Key, tuple[Terms, Window]]) -> dict[Key, DiscountUsage]:
    """The counters of these windows, made where there was none, locked in order of their keys."""
    rolling = {pk for pk, _start in windows if windows[pk, _start][0].rolls_over}
    if rolling:
        # Calls of one window change what the next has: whoever books on such a discount has it for himself.
        list(CustomerDiscount.objects.filter(pk__in=rolling).order_by("pk").select_for_update(no_key=True))
    DiscountUsage.objects.bulk_create(
        [
            DiscountUsage(discount_id=pk, period_start=start, period_end=windows[pk, start][1].end)
            for pk, start in sorted(windows)
        ],
        ignore_conflicts=True,
    )
    named = Q(discount__in={pk for pk, _start in windows}, period_start__in={start for _pk, start in windows})
    locked = (
        DiscountUsage.objects.select_for_update()
        .filter(named | Q(discount__in=rolling))
        .order_by("discount_id", "period_start")
    )
    return {(usage.discount_id, usage.period_start): usage for usage in locked}


def _discounted(row: LedgerRow, discounts: Sequence[_Discount], counters: _Counters) -> LedgerRow:
    found = [counters.offer(one, row.started_at) for one in discounts]
    offers = [offer for _counter, offer in found]
    parts = discounted(amount=row.amount, units=row.charged_quantity, offers=offers)
    for part in parts:
        for given in part.given:
            found[given.place][0].used = given.used
    discount = sum((part.discount for part in parts), Decimal(0))
    return replace(
        row,
        amount=row.amount - discount,
        discount=discount,
        pieces=write_pieces(_piece(part, offers) for part in parts),
    )


def _piece(part: Part, offers: Sequence[Offer]) -> BookedPiece:
    shares = (
        Share(offers[given.place].plan, given.percent, left_in_step(given.used, offers[given.place].thresholds))
        for given in part.given
    )
    return BookedPiece(part.units, part.percent, part.full_amount, part.discount, tuple(shares))
