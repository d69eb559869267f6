"""A call as a row of the ledger: priced by the customer's tariff, or the reason why it cannot be booked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from billing.models import Service, Tariff, Xdr
from billing.operations.calls.ends import Call
from billing.operations.ledger import LedgerRow, may_book
from billing.operations.terms import AppliedTerms
from billing.queries.tariffs import load_tariff
from billing.rating import tariff as pure
from billing.rating.dialled import is_short
from billing.rating.rate import Charge, Unrated, rate_call
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
class Prices:
    """What the calls of a batch cost by one tariff, and the terms that they have taken so far."""

    tariff: pure.Tariff
    terms: AppliedTerms

    @classmethod
    def of(cls, tariff: Tariff, calls: Iterable[Call]) -> Prices:
        """The prices that these calls can need."""
        numbers = {call.cld or call.record.cld for call in calls if call.cld or is_short(call.record.cld)}
        return cls(load_tariff(tariff, numbers=numbers), AppliedTerms(tariff))


def row_or_reason(call: Call, customer: Customer, prices: Prices, source: str, now: datetime) -> LedgerRow | str:
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
    call: Call,
    customer: Customer,
    source: str,
    service: int,
    *,
    charge: Charge | None,
    prices: Prices,
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


def _place(call: Call, prices: pure.Tariff) -> pure.Rate | None:
    """Where an unpriced call went, for the customer to read."""
    return prices.find(call.cld, call.record.started_at) if call.cld and not call.incoming else None


def _description(call: Call, charge: Charge | None) -> str:
    if call.incoming:
        return Xdr.INCOMING
    return Xdr.INTERNAL if charge and charge.on_net else ""


def _price_applied(charge: Charge | None, seconds: int) -> Decimal | None:
    """The price a minute that most of the call was billed at."""
    if charge is None:
        return None
    rate = charge.rate
    return rate.price_first if seconds <= rate.free_seconds + rate.first_interval else rate.price_next
