"""Correcting the ledger: rows are never changed, so what was wrong is put right by one more row."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Service, Xdr
from billing.money import CHARGE_DIGITS, round_charge
from billing.operations.guards import AlreadyStarted
from billing.operations.ledger import LedgerRow, Posted, make_missing_months, post_rows
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

MOST = Decimal(10) ** 9
FORM_LIVES = timedelta(days=2)  # longer than a session, in which the same form can come again


def give_credit(
    *, customer: Customer, amount: Decimal, words: str, staff: User, adjustment_id: UUID, now: datetime
) -> Posted:
    """Book a row under Credits: a positive `amount` lowers what the customer owes, a negative one raises it.

    It has up to 5 decimals, as the charges that it corrects, is without tax, and is on the next invoice. `words`
    stand on the customer's list of transactions. The same `adjustment_id` twice is one row; with another amount or
    customer it raises AlreadyStarted. Refused for 0, for more decimals, and for a billion or more.
    """
    _refuse_odd(amount)
    row = LedgerRow(
        customer_id=customer.pk,
        service_id=Service.CREDITS,
        started_at=now,
        amount=-amount,
        external_id=f"adjustment:{adjustment_id}",
        description=words,
    )
    make_missing_months({now})
    with transaction.atomic():
        posted = post_rows([row], now=now)
        if posted.known and not _is_booked(customer, row, now):
            raise AlreadyStarted
        if posted.inserted:
            changes = {_("Amount"): ["", f"{amount} {customer.currency}"], _("Text"): ["", words]}
            AuditEvent.write(user=staff, action="give credit", record=customer, customer=customer, changes=changes)
    return posted


def _refuse_odd(amount: Decimal) -> None:
    if not amount.is_finite() or abs(amount) >= MOST:
        raise Refused(_("This amount is too large."), field="amount")
    if amount == 0:
        raise Refused(_("The amount must not be 0."), field="amount")
    if round_charge(amount) != amount:
        raise Refused(_("Enter at most %(digits)s decimals.") % {"digits": CHARGE_DIGITS}, field="amount")


def _is_booked(customer: Customer, row: LedgerRow, now: datetime) -> bool:
    rows = Xdr.objects.for_customer(customer).between(now - FORM_LIVES, now + FORM_LIVES)
    return bool(rows.filter(external_id=row.external_id, amount=row.amount).exists())
