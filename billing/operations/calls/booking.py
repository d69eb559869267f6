"""Batches of calls, rated and booked: all new calls of a batch go in, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.ingest.records import CallRecord, Reject
from billing.models import Account, Tariff
from billing.operations.calls.ends import Call, look_up
from billing.operations.calls.rows import Prices, row_or_reason
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from billing.operations.rating import apply_discounts
from billing.operations.spending import tell_of_calls, watch
from billing.operations.spending.calls import fresh
from centrex.operations.usage import mark_lines_used
from selfcare.errors import Refused
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of a batch: rows new in the ledger, rows it had already, and calls that cannot be booked."""

    inserted: int
    known: int
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class CallsOf:
    """Calls of one customer, to be rated by one tariff."""

    customer: Customer
    tariff: Tariff
    records: Sequence[CallRecord]


def tariff_of(customer: Customer) -> Tariff:
    """The tariff of `customer`; Refused when there is none or it is in another currency."""
    account = Account.objects.select_related("tariff").filter(customer=customer).first()
    if account is None or account.tariff is None:
        raise Refused(_("%(customer)s has no tariff, so calls cannot be priced.") % {"customer": customer})
    if account.tariff.currency != customer.currency:
        raise Refused(
            _("The tariff %(tariff)s is in %(theirs)s, but %(customer)s pays in %(ours)s.")
            % {
                "tariff": account.tariff,
                "theirs": account.tariff.currency,
                "customer": customer,
                "ours": customer.currency,
            }
        )
    tariff: Tariff = account.tariff
    return tariff


def book_calls(
    records: Sequence[CallRecord],
    *,
    customer: Customer,
    tariff: Tariff,
    source: str,
    now: datetime,
    dry_run: bool = False,
) -> Booked:
    """Rate calls of one customer and book them, as `book_groups` does."""
    return book_groups([CallsOf(customer, tariff, records)], source=source, now=now, dry_run=dry_run)


def book_groups(groups: Sequence[CallsOf], *, source: str, now: datetime, dry_run: bool = False) -> Booked:
    """Rate calls and book them; `source` names the switch's format in their external ids.

    An answered call without a rate is rejected, never free: give it again once the rate exists. Calls from outside are
    free, failed calls are booked with amount 0. All new calls of the batch go in, or none; `dry_run` undoes them.
    Raises ValueError for a call that carries its price: those are for `priced_calls`.
    """
    looked_up = [(group, look_up(group.records, group.customer)) for group in groups]
    prices = _prices(looked_up)
    rows: list[LedgerRow] = []
    rejects: list[Reject] = []
    for group, calls in looked_up:
        for call in calls:
            made = row_or_reason(call, group.customer, prices[group.tariff.pk], source, now)
            if isinstance(made, LedgerRow):
                rows.append(made)
            else:
                rejects.append(reject_call(call.record, made))
    if not dry_run:
        make_missing_months({row.started_at for row in rows})
        for one in prices.values():
            one.terms.keep()
    new: list[LedgerRow] = []

    def finish(unknown: Sequence[LedgerRow]) -> Sequence[LedgerRow]:
        booked = apply_discounts(unknown, now=now)
        new.extend(fresh(booked, now=now))
        return booked

    with transaction.atomic():
        posted = post_rows(rows, now=now, finish=finish)
        mark_lines_used(_last_calls(rows))
        tell_of_calls(rows=new, now=now)
        transaction.set_rollback(dry_run)
    if new and not dry_run:
        watch(now=now, customers=[group.customer for group in groups])
    return Booked(posted.inserted, posted.known, tuple(rejects))


def reject_call(record: CallRecord, reason: str) -> Reject:
    """A call for the file of rejects."""
    return Reject(record.lines[0], reason, f"{record.external_id}: {record.cli} > {record.cld}")


def _prices(looked_up: Sequence[tuple[CallsOf, Sequence[Call]]]) -> dict[int, Prices]:
    """The prices by tariff; each tariff is read once, however many customers have it."""
    tariffs = {group.tariff.pk: group.tariff for group, _calls in looked_up}
    calls: dict[int, list[Call]] = {pk: [] for pk in tariffs}
    for group, found in looked_up:
        calls[group.tariff.pk] += found
    return {pk: Prices.of(tariff, calls[pk]) for pk, tariff in tariffs.items()}


def _last_calls(rows: Sequence[LedgerRow]) -> dict[int, datetime]:
    last: dict[int, datetime] = {}
    for row in rows:
        if row.line_id and not row.failed:
            last[row.line_id] = max(last.get(row.line_id, row.started_at), row.started_at)
    return last
