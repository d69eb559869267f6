"""The customer says what is paid automatically, and lets it go on after it stopped."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from billing.models import AutoCharge, AutoPay
from billing.operations.autopay.telling import tell_of_change
from billing.operations.guards import refuse_inexact
from billing.operations.payments import quote
from billing.queries.auto_pay import is_beyond, usable_methods
from billing.queries.payments import DAILY_CAP, NOT_OFFERED, TOO_MUCH
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

FIELDS = ("pay_invoices", "invoice_when", "by_threshold", "threshold", "amount", "daily_cap")


@transaction.atomic
def change_auto_pay(
    *,
    customer: Customer,
    user: User,
    version: int | None,
    pay_invoices: bool,
    invoice_when: str,
    by_threshold: bool,
    threshold: Decimal | None,
    amount: Decimal | None,
    daily_cap: Decimal | None,
    now: datetime,
) -> AutoPay:
    """Set what is paid automatically, amounts in the customer's currency; what had stopped goes on.

    A threshold that is crossed already counts from its next crossing, an invoice from when it was switched on.
    Refused at its field: without a usable payment method, a threshold without amounts, an amount that no payment may
    have, a cap below the amount. Outdated when somebody saved meanwhile.
    """
    kept = _locked(customer, version)
    old = AutoPay(customer=customer, **{name: getattr(kept, name) for name in FIELDS})
    kept.pay_invoices, kept.invoice_when = pay_invoices, invoice_when
    kept.by_threshold, kept.threshold, kept.amount, kept.daily_cap = by_threshold, threshold, amount, daily_cap
    _refuse(kept)
    if pay_invoices and not old.pay_invoices:
        kept.since = now
    kept.version += 1
    kept.save()
    kept.refresh_from_db(fields=FIELDS)  # amounts as they are kept, so that 50 and 50.000 are no difference
    if (by_threshold, threshold) != (old.by_threshold, old.threshold):
        kept.armed = not is_beyond(customer)
        kept.save(update_fields=["armed"])
    changes = differences(old, kept, FIELDS)
    AuditEvent.write(user=user, action="edit", record=kept, customer=customer, changes=changes)
    if changes:
        tell_of_change(kept, user=user, changes=changes)
    _go_on(kept, now=now)
    return kept


@transaction.atomic
def resume_auto_pay(*, customer: Customer, user: User | None, now: datetime) -> AutoPay:
    """Let auto-pay go on after the bank had stopped it; what was refused is tried again. `user` None: the clock.

    Refused without a usable payment method.
    """
    _refuse_without_method(customer)
    kept = _locked(customer, None)
    if kept.stopped_at is not None:
        _go_on(kept, now=now)
        kept.version += 1
        kept.save(update_fields=["version"])
        AuditEvent.write(user=user, action="resume auto-pay", record=kept, customer=customer)
    return kept


def resume_replaced(*, now: datetime) -> None:
    """Let go on what stopped because of a payment method that was replaced since."""
    stopped = AutoPay.objects.exclude(stopped_at=None).select_related("customer")
    preferred = dict(usable_methods().filter(customer__in=stopped.values("pk")).values_list("customer", "pk"))
    for wish in stopped:
        if preferred.get(wish.pk, wish.stopped_method_id) != wish.stopped_method_id:
            resume_auto_pay(customer=wish.customer, user=None, now=now)


def _go_on(kept: AutoPay, *, now: datetime) -> None:
    """What waited for the customer to change something is looked at again; what waits for its day goes on waiting."""
    kept.stopped_at, kept.stopped_because, kept.stopped_method = None, "", None
    kept.save(update_fields=["stopped_at", "stopped_because", "stopped_method"])
    due = AutoCharge.objects.filter(customer=kept.customer, state=AutoCharge.State.DUE)
    due.filter(Q(next_try_at=None) | Q(failure__in=(DAILY_CAP, NOT_OFFERED, TOO_MUCH))).update(next_try_at=now)


def _locked(customer: Customer, version: int | None) -> AutoPay:
    """The customer's wishes, locked until the transaction ends; new ones where he has none yet."""
    Customer.locked(customer.pk, None)  # of two who save for the first time the second sees the first one's
    if not AutoPay.for_customer(customer).exists():
        return AutoPay(customer=customer)
    row: AutoPay = AutoPay.locked(customer.pk, version)
    return row


def _refuse(kept: AutoPay) -> None:
    if kept.pay_invoices or kept.by_threshold:
        _refuse_without_method(kept.customer)
    for name in ("threshold", "amount", "daily_cap"):
        value = getattr(kept, name)
        if value is not None:
            refuse_inexact(value, kept.customer.currency, field=name)
    if kept.by_threshold:
        _refuse_odd_threshold(kept)
    _refuse_odd_cap(kept)


def _refuse_without_method(customer: Customer) -> None:
    if not usable_methods().filter(customer=customer).exists():
        raise Refused(_("Store a payment method first, and make it the preferred one."))


def _refuse_odd_threshold(kept: AutoPay) -> None:
    if kept.threshold is None:
        raise Refused(_("Enter the balance at which to pay."), field="threshold")
    if kept.threshold < 0:
        raise Refused(_("Enter 0 or more."), field="threshold")
    if kept.amount is None:
        raise Refused(_("Enter the amount to pay."), field="amount")
    quote(customer=kept.customer, amount=kept.amount)


def _refuse_odd_cap(kept: AutoPay) -> None:
    if kept.daily_cap is None:
        return
    least = Decimal(settings.MINIMUM_PAYMENT)
    if kept.by_threshold and kept.amount is not None:
        least = max(least, quote(customer=kept.customer, amount=kept.amount).gross)
    if kept.daily_cap < least:
        words = _("Enter %(least)s or more, or leave it empty: less would never be charged.")
        raise Refused(words % {"least": formats.money(least, kept.customer.currency)}, field="daily_cap")
