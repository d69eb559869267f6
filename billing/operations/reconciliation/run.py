"""The comparison itself: look, look again at what differs, write down what still does, tell staff once a night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from billing.gateways.base import Gateway, NotDone, Progress, ProviderPayment, Unanswered
from billing.gateways.registry import GATEWAYS
from billing.models import Difference, Payment, Refund
from billing.operations.reconciliation.compare import Found, Kind, unknown, with_ledger, with_provider
from billing.operations.reconciliation.sides import (
    Window,
    alone_in_ledger,
    asked_one_by_one,
    booked,
    by_reference,
    is_moving,
    our_payments,
    window,
)
from billing.operations.refunds.states import State as RefundState
from selfcare import mail
from selfcare.models import Brand

log = structlog.get_logger(__name__)


def compare_payments(*, now: datetime) -> list[Difference]:
    """Compare yesterday, the day before and today so far at each provider; returns the differences that are new.

    Outside any transaction. Run twice it finds nothing new. A provider that does not answer is left for the next
    night, the others are compared.
    """
    span = window(now=now)
    found = [*_in_ledger_alone(span), *_of_staff(span)]
    for name, gateway in GATEWAYS.items():
        try:
            found += _of_provider(name, gateway, span, now)
        except (Unanswered, NotDone) as trouble:
            log.error("payments_not_compared", provider=name, error=str(trouble))
    return _keep(found, now)


def _of_provider(name: str, gateway: Gateway, span: Window, now: datetime) -> Iterator[Found]:
    ours = our_payments(name, span)
    listed = gateway.payments_between(since=span.since, until=span.until) if gateway.lists_payments else ()
    theirs = by_reference(listed)
    for reference, payments in theirs.items():
        if not _known(reference, name):
            yield from (unknown(each, provider=name) for each in payments if each.progress == Progress.PAID)
    older = Payment.objects.filter(pk__in=_ids(theirs) - set(ours), provider=name)
    ours |= {payment.pk: payment for payment in older}
    sums = booked(ours.values())
    for payment in ours.values():
        # Not in the list: an older one, or where there is no list.
        there = theirs.get(str(payment.pk)) or asked_one_by_one(payment, gateway)
        further = list(_further_unknown(name, there))
        differs = any(with_provider(payment, there)) or any(with_ledger(payment, sums[payment.pk]))
        if (differs or further) and not is_moving(payment, now=now):
            yield from further
            yield from _second_look(payment, there, gateway)
    yield from _refunds(name, gateway, span)


def _further_unknown(name: str, there: list[ProviderPayment]) -> Iterator[Found]:
    """Cash that came on a slip once more, and was never booked."""
    further = {part.provider_id: part for each in there for part in each.further}
    known = Payment.objects.filter(provider=name, provider_id__in=further).values_list("provider_id", flat=True)
    for provider_id in set(further) - set(known):
        yield unknown(further[provider_id], provider=name)


def _second_look(payment: Payment, there: list[ProviderPayment], gateway: Gateway) -> Iterator[Found]:
    """What still differs when both sides are read anew: the list was read some time before our rows."""
    fresh = Payment.objects.get(pk=payment.pk)
    again = asked_one_by_one(fresh, gateway) or there
    others = [each for each in there if each.provider_id not in {found.provider_id for found in again}]
    yield from with_provider(fresh, [*again, *others])
    yield from with_ledger(fresh, booked([fresh])[fresh.pk])


def _refunds(name: str, gateway: Gateway, span: Window) -> Iterator[Found]:
    """Refunds that are given back here, of which the provider has none, or another amount."""
    ended = (RefundState.SUCCEEDED, RefundState.PENDING)
    rows = Refund.objects.filter(payment__provider=name, state__in=ended, changed_at__gte=span.since)
    for refund in rows.filter(changed_at__lt=span.until).select_related("payment"):
        there = gateway.find_refund(refund_id=refund.pk, provider_id=refund.payment.provider_id)
        if there is None or there.amount != refund.amount or there.progress == Progress.FAILED:
            yield Found(
                kind=Kind.REFUND,
                provider=name,
                currency=refund.payment.currency,
                payment_id=refund.payment_id,
                provider_id=refund.provider_id,
                reference=str(refund.pk),
                ours=refund.amount,
                theirs=there.amount if there is not None and there.progress != Progress.FAILED else None,
            )


def _of_staff(span: Window) -> Iterator[Found]:
    """Payments that no provider knows are in the ledger all the same."""
    rows = Payment.objects.exclude(provider__in=GATEWAYS).filter(changed_at__gte=span.since, changed_at__lt=span.until)
    payments = list(rows)
    sums = booked(payments)
    for payment in payments:
        yield from with_ledger(payment, sums[payment.pk])


def _in_ledger_alone(span: Window) -> Iterator[Found]:
    for external_id, amount, currency in alone_in_ledger(span):
        yield Found(
            kind=Kind.LEDGER_ALONE, provider="ledger", currency=currency, reference=external_id[:100], theirs=-amount
        )


def _known(reference: str, provider: str) -> bool:
    return Payment.objects.filter(pk__in=_ids([reference]), provider=provider).exists()


def _ids(references: Iterable[str]) -> set[UUID]:
    ids = set()
    for reference in references:
        try:
            ids.add(UUID(reference))
        except ValueError:
            continue
    return ids


def _keep(found: list[Found], now: datetime) -> list[Difference]:
    """Write down what is new, and one mail about all of it; nothing is booked or changed."""
    rows = {
        each.key: Difference(
            kind=each.kind,
            provider=each.provider,
            provider_id=each.provider_id,
            payment_id=each.payment_id,
            reference=each.reference,
            ours=each.ours,
            theirs=each.theirs,
            currency=each.currency,
            key=each.key,
            found_at=now,
        )
        for each in found
    }
    with transaction.atomic():
        before = set(Difference.objects.filter(key__in=rows).values_list("key", flat=True))
        Difference.objects.bulk_create([row for key, row in rows.items() if key not in before], ignore_conflicts=True)
        new = list(Difference.objects.filter(key__in=set(rows) - before).select_related("payment__customer"))
        if new:
            log.error("payments_differ", count=len(new))
            address = settings.PORTAL_URL + reverse("admin:billing_difference_changelist")
            mail.post(
                template="differences_found",
                context={"differences": new, "address": address},
                to=[Brand.current().support_email],
                key=f"differences:{now:%Y-%m-%d}",
            )
    return new
