"""The three sides that are compared: our payments, the provider's, and the rows of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from billing.gateways.base import Gateway, NotDone, ProviderPayment
from billing.models import Payment, Refund, Service, WebhookEvent, Xdr, XdrDay
from billing.operations.payments.states import OPEN
from billing.operations.refunds.states import ASKED

DAY = timedelta(days=1)
PREFIX = "payment:"
RESTS = timedelta(minutes=30)  # what changed later than that may be between two steps


@dataclass(frozen=True, slots=True)
class Window:
    """Which payments are looked at: those of [since, until)."""

    since: datetime
    until: datetime


def window(*, now: datetime) -> Window:
    """Yesterday, the day before and today so far, in UTC: each day is looked at in three nights."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(today - 2 * DAY, now)


def our_payments(provider: str, span: Window) -> dict[UUID, Payment]:
    """Ours that began, were paid or changed within the window."""
    within = Q(created_at__gte=span.since) | Q(paid_at__gte=span.since) | Q(changed_at__gte=span.since)
    rows = Payment.objects.filter(within, provider=provider, created_at__lt=span.until)
    return {payment.pk: payment for payment in rows}


def by_reference(found: Iterable[ProviderPayment]) -> dict[str, list[ProviderPayment]]:
    """What the provider has, under our payments' ids."""
    kept: dict[str, list[ProviderPayment]] = defaultdict(list)
    for each in found:
        kept[each.reference].append(each)
    return kept


def asked_one_by_one(payment: Payment, gateway: Gateway) -> list[ProviderPayment]:
    """What the provider has under this payment's own ids, the part that is this payment only; none if nothing."""
    if not payment.session_id and not payment.provider_id and payment.further_to is None:
        return []
    slip = payment.further_to or payment
    try:
        found = gateway.get_payment(session_id=slip.session_id, provider_id=payment.provider_id)
    except NotDone as trouble:
        if trouble.later:
            raise
        return []
    return [found] if payment.provider_id in ("", found.provider_id) else []


def is_moving(payment: Payment, *, now: datetime) -> bool:
    """Whether something about it is still to be heard or asked: then it is looked at in the next night."""
    if payment.changed_at > now - RESTS or (payment.state in OPEN and payment.next_check_at is not None):
        return True
    if Refund.objects.filter(payment=payment, state__in=ASKED - {Refund.State.PENDING}).exists():
        return True
    names = [name for name in (payment.session_id, payment.provider_id) if name]
    spoken_of = Q(object_id__in=names) | Q(payment_ref=str(payment.pk))
    return WebhookEvent.objects.filter(spoken_of, processed_at=None).exists()


def booked(payments: Iterable[Payment]) -> dict[UUID, Decimal]:
    """The sum of each payment's rows in the ledger."""
    sums: dict[UUID, Decimal] = defaultdict(Decimal)
    for payment in payments:
        begin = (payment.paid_at or payment.created_at) - DAY
        rows = Xdr.objects.filter(customer_id=payment.customer_id, service_id=Service.PAYMENTS, started_at__gte=begin)
        named = rows.filter(external_id__startswith=f"{PREFIX}{payment.pk}")
        sums[payment.pk] = sum(named.values_list("amount", flat=True), Decimal(0))
    return sums


def alone_in_ledger(span: Window) -> list[tuple[str, Decimal, str]]:
    """Rows under Payments that belong to no payment of ours: external id, amount, currency."""
    days = XdrDay.objects.filter(service_id=Service.PAYMENTS, day__gte=span.since.date() - DAY)
    rows = Xdr.objects.filter(
        customer_id__in=set(days.values_list("customer_id", flat=True)),
        service_id=Service.PAYMENTS,
        started_at__gte=span.since,
        started_at__lt=span.until,
        external_id__startswith=PREFIX,
    ).values_list("external_id", "amount", "customer__currency")
    named = [(_payment_id(external_id), external_id, amount, currency) for external_id, amount, currency in rows]
    known = set(Payment.objects.filter(pk__in={key for key, *_ in named if key}).values_list("pk", flat=True))
    return [(external_id, amount, currency) for key, external_id, amount, currency in named if key not in known]


def _payment_id(external_id: str) -> UUID | None:
    try:
        return UUID(external_id.removeprefix(PREFIX).split(":", 1)[0])
    except ValueError:
        return None
