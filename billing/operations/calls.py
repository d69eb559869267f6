"""Calls into the ledger: who called whom over which line, what it costs, and what cannot be priced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.ingest.records import CallRecord, Reject
from billing.models import Account, Service, Tariff, Xdr
from billing.operations.ledger import LedgerRow, make_missing_months, may_book, post_rows
from billing.operations.rating import apply_discounts
from billing.operations.spending import tell_of_calls, watch
from billing.operations.spending.calls import fresh
from billing.operations.terms import AppliedTerms
from billing.queries.tariffs import load_tariff
from billing.rating import tariff as pure
from billing.rating.dialled import is_short, to_e164
from billing.rating.rate import Charge, Unrated, rate_call
from centrex.operations.usage import mark_lines_used
from centrex.queries.owners import Owner, extensions_of, owners_of
from selfcare.errors import Refused
from selfcare.models import Customer

SERVICES = {
    "": Service.CALLS,
    "voice": Service.CALLS,
    "call": Service.CALLS,
    "calls": Service.CALLS,
    "sms": Service.MESSAGES,
    "message": Service.MESSAGES,
    "messages": Service.MESSAGES,
    "data": Service.DATA,
}


@dataclass(frozen=True, slots=True)
class Booked:
    """What became of a batch: rows new in the ledger, rows it had already, and calls that cannot be booked."""

    inserted: int
    known: int
    rejects: tuple[Reject, ...]


@dataclass(frozen=True, slots=True)
class _Call:
    """A call with its numbers in E.164 where that is certain, and the lines of the customer at its ends."""

    record: CallRecord
    cli: str | None
    cld: str | None
    caller: Owner | None
    called: Owner | None
    account: Owner | None
    customer_id: int

    @property
    def incoming(self) -> bool:
        """Whether it came from outside to the customer; the switch says so, or only the called end is his."""
        if self.record.direction:
            return self.record.direction == "in"
        if self.stays_inside:
            return not is_short(self.record.cli)
        if not self._mine(self.called) or self._mine(self.caller):
            return False
        # Without a caller's number an account other than the called one can only be the caller's.
        return bool(self.cli) or not self._mine(self.account) or self.account == self.called

    @property
    def stays_inside(self) -> bool:
        """Whether it rang a number of the customer's own switch: a short one, and no end is a line that we gave him."""
        return not (self.caller or self.called or self.account) and is_short(self.record.cld)

    @property
    def line_id(self) -> int | None:
        """The customer's line that the call went over."""
        ends = (self.called, self.account) if self.incoming else (self.account, self.caller)
        return next((end.line_id for end in ends if end and self._mine(end) and end.line_id), None)

    def _mine(self, end: Owner | None) -> bool:
        return end is not None and end.customer_id == self.customer_id


@dataclass(frozen=True, slots=True)
class CallsOf:
    """Calls of one customer, to be rated by one tariff."""

    customer: Customer
    tariff: Tariff
    records: Sequence[CallRecord]


@dataclass(frozen=True, slots=True)
class _Prices:
    """What the calls of a batch cost by one tariff, and the terms that they have taken so far."""

    tariff: pure.Tariff
    terms: AppliedTerms

    @classmethod
    def of(cls, tariff: Tariff, calls: Iterable[_Call]) -> _Prices:
        """The prices that these calls can need."""
        numbers = {call.cld or call.record.cld for call in calls if call.cld or is_short(call.record.cld)}
        return cls(load_tariff(tariff, numbers=numbers), AppliedTerms(tariff))


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
    looked_up = [(group, _look_up(group.records, group.customer)) for group in groups]
    prices = _prices(looked_up)
    rows: list[LedgerRow] = []
    rejects: list[Reject] = []
    for group, calls in looked_up:
        for call in calls:
            made = _row_or_reason(call, group.customer, prices[group.tariff.pk], source, now)
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
        customers = [group.customer for group in groups]
        for customer in customers:
            tell_of_calls(customer=customer, rows=[row for row in new if row.customer_id == customer.pk], now=now)
        transaction.set_rollback(dry_run)
    if new and not dry_run:
        watch(now=now, customers=customers)
    return Booked(posted.inserted, posted.known, tuple(rejects))


def reject_call(record: CallRecord, reason: str) -> Reject:
    """A call for the file of rejects."""
    return Reject(record.lines[0], reason, f"{record.external_id}: {record.cli} > {record.cld}")


def _prices(looked_up: Sequence[tuple[CallsOf, Sequence[_Call]]]) -> dict[int, _Prices]:
    """The prices by tariff; each tariff is read once, however many customers have it."""
    tariffs = {group.tariff.pk: group.tariff for group, _calls in looked_up}
    calls: dict[int, list[_Call]] = {pk: [] for pk in tariffs}
    for group, found in looked_up:
        calls[group.tariff.pk] += found
    return {pk: _Prices.of(tariff, calls[pk]) for pk, tariff in tariffs.items()}


def _look_up(records: Sequence[CallRecord], customer: Customer) -> list[_Call]:
    country = str(customer.country or "")
    certain = {text: to_e164(text, country) for record in records for text in record.ends}
    owners = owners_of({number or text.removeprefix("+") for text, number in certain.items()} - {""})
    inside: Mapping[str, Owner] = extensions_of(customer)

    def end(text: str) -> Owner | None:
        return inside.get(text) or owners.get(certain[text] or text.removeprefix("+"))

    return [
        _Call(
            record=record,
            cli=certain[record.cli],
            cld=certain[record.cld],
            caller=end(record.cli),
            called=end(record.cld),
            account=end(record.account),
            customer_id=customer.pk,
        )
        for record in records
    ]


def _row_or_reason(call: _Call, customer: Customer, prices: _Prices, source: str, now: datetime) -> LedgerRow | str:
    """The row to book, or why there is none, as a sentence for the file of rejects."""
    record = call.record
    service = SERVICES.get(record.service.lower())
    if service is None:
        return f"unknown service {record.service!r}"
    if not may_book(record.started_at, now=now):
        return f"the date {record.started_at:%Y-%m-%d} is too far away"
    if record.failed:
        return _row(call, customer, source, service, charge=None, prices=prices)
    if record.amount is not None:
        raise ValueError("a call that carries its price is not rated")
    if call.incoming or not record.seconds:
        return _row(call, customer, source, service, charge=None, prices=prices)
    if service != Service.CALLS:
        return f"no rate for {record.service}"
    is_code = is_short(record.cld) and prices.tariff.has(record.cld, record.started_at)
    on_net = call.called is not None or (call.stays_inside and not is_code)
    if not on_net and call.cld is None and not is_code:
        return f"no rate for {record.cld}: it is neither one of our numbers nor surely a full number"
    charge = rate_call(
        prices.tariff, cld=call.cld or record.cld, started_at=record.started_at, seconds=record.seconds, on_net=on_net
    )
    if isinstance(charge, Unrated):
        return f"no rate for {charge.cld} on {record.started_at:%Y-%m-%d}"
    return _row(call, customer, source, service, charge=charge, prices=prices)


def _row(
    call: _Call,
    customer: Customer,
    source: str,
    service: int,
    *,
    charge: Charge | None,
    prices: _Prices,
) -> LedgerRow:
    record = call.record
    place = charge.rate if charge else _place(call, prices.tariff)
    return LedgerRow(
        customer_id=customer.pk,
        line_id=call.line_id,
        service_id=service,
        # Asterisk's ids are unique on one switch only, and each customer may have one.
        external_id=f"{source}:{customer.pk}:{record.external_id}",
        call_id=record.external_id,
        started_at=record.started_at,
        ended_at=record.ended_at,
        cli=call.cli or record.cli,
        cld=call.cld or record.cld,
        country=place.country if place else "",
        destination=place.destination if place else "",
        description=_description(call, charge),
        quantity=Decimal(record.seconds),
        charged_quantity=Decimal(charge.charged_seconds if charge else 0),
        amount=charge.amount if charge else Decimal(0),
        rate=_price_applied(charge, record.seconds),
        connect_fee=charge.connect_fee if charge else Decimal(0),
        failed=record.failed,
        cause=record.cause or record.disposition,
        terms_id=prices.terms.of(charge.rate).pk if charge else None,
    )


def _place(call: _Call, prices: pure.Tariff) -> pure.Rate | None:
    """Where an unpriced call went, for the customer to read."""
    return prices.find(call.cld, call.record.started_at) if call.cld and not call.incoming else None


def _description(call: _Call, charge: Charge | None) -> str:
    if call.incoming:
        return Xdr.INCOMING
    return Xdr.INTERNAL if charge and charge.on_net else ""


def _price_applied(charge: Charge | None, seconds: int) -> Decimal | None:
    """The price a minute that most of the call was billed at."""
    if charge is None:
        return None
    rate = charge.rate
    return rate.price_first if seconds <= rate.free_seconds + rate.first_interval else rate.price_next


def _last_calls(rows: Sequence[LedgerRow]) -> dict[int, datetime]:
    last: dict[int, datetime] = {}
    for row in rows:
        if row.line_id and not row.failed:
            last[row.line_id] = max(last.get(row.line_id, row.started_at), row.started_at)
    return last
