"""What does not agree about one payment, from values alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from billing.gateways.base import Progress, ProviderPayment
from billing.models import Difference, Payment
from billing.money import split

Kind = Difference.Kind
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Found:
    """One difference; `ours` and `theirs` as in `Difference`."""

    kind: Difference.Kind
    provider: str
    currency: str
    payment_id: UUID | None = None
    provider_id: str = ""
    reference: str = ""
    ours: Decimal | None = None
    theirs: Decimal | None = None

    @property
    def key(self) -> str:
        """The same for the same difference found again: three nights look at each day."""
        who = self.payment_id or self.provider_id
        return f"{self.kind}:{self.provider}:{who}:{self.reference}:{_plain(self.ours)}:{_plain(self.theirs)}"


def with_provider(payment: Payment, theirs: Sequence[ProviderPayment]) -> Iterator[Found]:
    """What the provider says otherwise; `theirs` is all that it has under our reference, none if it has nothing."""
    paid = [each for each in theirs if each.progress == Progress.PAID]
    if len(paid) > 1:
        yield _found(payment, Kind.PAID_TWICE, payment.total, sum((each.amount for each in paid), ZERO))
    there = next((each for each in paid if each.provider_id == payment.provider_id), paid[0] if paid else None)
    if there is None:
        if payment.paid_at is not None:
            yield _found(payment, Kind.PAID_HERE if theirs else Kind.UNKNOWN_THERE, payment.total, None)
    elif payment.paid_at is None:
        yield _found(payment, Kind.PAID_THERE, None, there.amount)
    elif there.currency != payment.currency:
        yield _found(payment, Kind.CURRENCY, payment.total, there.amount)
    elif there.amount != payment.total:
        yield _found(payment, Kind.AMOUNT, payment.total, there.amount)
    else:
        yield from _taken_back(payment, there)


def with_ledger(payment: Payment, booked: Decimal) -> Iterator[Found]:
    """What the ledger has otherwise; `booked` is the sum of the payment's rows, below zero when money came."""
    due = payment.amount - payment.reversed if payment.paid_at is not None else ZERO
    if -booked != due:
        yield _found(payment, Kind.LEDGER, due, -booked)


def unknown(there: ProviderPayment, *, provider: str) -> Found:
    """Money that came to the provider, of which we have no payment."""
    return Found(
        kind=Kind.UNKNOWN_HERE,
        provider=provider,
        currency=there.currency[:3],
        provider_id=there.provider_id or there.session_id,
        reference=there.reference[:100],
        theirs=there.amount,
    )


def _taken_back(payment: Payment, there: ProviderPayment) -> Iterator[Found]:
    gone = min(there.refunded + there.disputed, payment.total)
    net = split(gone, [payment.amount, payment.tax], payment.currency)[0] if gone else ZERO
    if net > payment.reversed:
        yield _found(payment, Kind.TAKEN_BACK_THERE, payment.reversed, net)
    elif net < payment.reversed:
        yield _found(payment, Kind.TAKEN_BACK_HERE, payment.reversed, net)


def _found(payment: Payment, kind: Difference.Kind, ours: Decimal | None, theirs: Decimal | None) -> Found:
    return Found(
        kind=kind,
        provider=payment.provider,
        currency=payment.currency,
        payment_id=payment.pk,
        provider_id=payment.provider_id,
        ours=ours,
        theirs=theirs,
    )


def _plain(amount: Decimal | None) -> str:
    return "-" if amount is None else f"{amount.normalize():f}"
