"""Finding what is due: a row once for each invoice and each crossing, whoever looks and how often."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from billing.models import AutoCharge, AutoPay
from billing.queries.auto_pay import BEYOND, invoices_to_pay, threshold_rows, usable_methods


def find_due(*, now: datetime) -> None:
    """Write an automatic payment down for each invoice whose time has come and each threshold just crossed."""
    find_invoices(now=now)
    find_crossings(now=now)


def find_invoices(*, now: datetime) -> None:
    """One for each invoice that is wished to be charged by now; an invoice has one for ever."""
    due = invoices_to_pay(now=now)
    AutoCharge.objects.bulk_create(
        [_charge(invoice.customer_id, now, invoice_id=invoice.pk) for invoice in due], ignore_conflicts=True
    )


def find_crossings(*, now: datetime) -> None:
    """One for each balance that went beyond its threshold; it can cross again once it has come back.

    A crossing while auto-pay is stopped or has no payment method stays to be found.
    """
    back = threshold_rows().exclude(BEYOND).filter(armed=False)
    AutoPay.objects.filter(pk__in=back.values("pk")).update(armed=True)
    ready = usable_methods().values("customer")
    crossed = threshold_rows().filter(BEYOND, armed=True, stopped_at=None, customer__in=ready)
    for customer_id in list(crossed.values_list("pk", flat=True)):
        _fire(customer_id, now)


@transaction.atomic
def _fire(customer_id: int, now: datetime) -> None:
    """Under the row's lock: of two who find the same crossing the second finds it disarmed."""
    wish = AutoPay.objects.select_for_update(no_key=True).get(pk=customer_id)
    if not wish.armed or not threshold_rows().filter(BEYOND, pk=customer_id, stopped_at=None).exists():
        return
    wish.armed, wish.crossings = False, wish.crossings + 1
    wish.save(update_fields=["armed", "crossings"])
    _charge(customer_id, now, crossing=wish.crossings).save()


def _charge(
    customer_id: int, now: datetime, *, invoice_id: int | None = None, crossing: int | None = None
) -> AutoCharge:
    return AutoCharge(
        customer_id=customer_id, invoice_id=invoice_id, crossing=crossing, created_at=now, next_try_at=now
    )
