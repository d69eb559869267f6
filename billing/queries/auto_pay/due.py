"""What is due: each question is one query for all customers, and the same from whichever worker asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    DateField,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from billing.models import AutoCharge, AutoPay, Invoice, Payment, StoredMethod
from billing.queries.invoices import PAYABLE, with_payments
from billing.queries.payments import NOT_ENDED
from selfcare.models import Customer

State, Charge, When = Payment.State, AutoCharge.State, AutoPay.When
ZERO = Decimal(0)
CLOSED = Customer.Status.CLOSED
# Of an invoice that is older nobody expects any more that it is charged by itself; bounds what each minute looks at.
RECENT = timedelta(days=100)
# How long a customer has to confirm a payment with his bank, and how long the link in the mail counts.
TO_CONFIRM = timedelta(days=3)


def usable_methods() -> QuerySet[StoredMethod]:
    """The preferred stored methods that can be charged, one a customer at most."""
    rows: QuerySet[StoredMethod] = StoredMethod.objects.filter(is_default=True, removed_at=None, usable=True)
    return rows


def wishes_auto_pay(customer: Customer) -> bool:
    """Whether anything is to be paid automatically."""
    wishes: bool = AutoPay.for_customer(customer).filter(Q(pay_invoices=True) | Q(by_threshold=True)).exists()
    return wishes


def invoices_to_pay(*, now: datetime) -> QuerySet[Invoice]:
    """Invoices that their customers wish to be charged by now and that are not being charged yet, oldest first.

    On the due date means from the midnight with which it begins in the invoice's time zone.
    """
    of_customer = {"customer": OuterRef("customer")}
    wishes = AutoPay.objects.filter(**of_customer, pay_invoices=True, stopped_at=None)
    today = Cast(
        Func(F("time_zone"), Value(now, output_field=DateTimeField()), function="timezone"), output_field=DateField()
    )
    rows: Any = Invoice.objects.filter(PAYABLE, Exists(usable_methods().filter(**of_customer)))
    rows = rows.exclude(customer__status=CLOSED).exclude(Exists(AutoCharge.objects.filter(invoice=OuterRef("pk"))))
    at_once = Exists(wishes.filter(invoice_when=When.ISSUE, since__lte=OuterRef("issued_at")))
    when_due = Exists(wishes.filter(invoice_when=When.DUE, since__date__lte=OuterRef("due_date")))
    rows = rows.annotate(today=today).filter(
        (Q(issued_at__gte=now - RECENT, issued_at__lte=now) & at_once)
        | (Q(due_date__gte=now.date() - RECENT, due_date__lte=F("today")) & when_due)
    )
    found: QuerySet[Invoice] = with_payments(rows).filter(outstanding__gt=0).order_by("period_start", "pk")
    return found


def is_at_work(invoice: Invoice) -> bool:
    """Whether the first answer about an automatic payment of this invoice is still to come.

    False when none is wished, when the bank has it under way for days, and when the customer has to do something.
    """
    charge = AutoCharge.objects.filter(invoice=invoice).first()
    if charge is None:
        return invoices_to_pay(now=invoice.issued_at).filter(pk=invoice.pk).exists()
    unheard = charge.state == Charge.DUE and not charge.tries and not charge.failure
    return unheard and not charge.payments.filter(state=State.PENDING).exclude(provider_id="").exists()


# The balance is on the far side of the threshold; for rows of `threshold_rows`.
BEYOND = Q(customer__billing=Customer.Billing.CREDIT, balance__gt=F("threshold")) | Q(
    customer__billing=Customer.Billing.DEBIT, left__lt=F("threshold")
)


def threshold_rows(*, coming: Decimal = ZERO) -> QuerySet[Any]:
    """Wishes with a threshold, with `balance` (what is owed) and what is `left` to spend, once `coming` is there."""
    balance = Coalesce("customer__account__balance", ZERO, output_field=DecimalField()) - Value(coming)
    rows: Any = AutoPay.objects.filter(by_threshold=True).exclude(customer__status=CLOSED)
    found: QuerySet[Any] = rows.annotate(balance=balance, left=F("customer__credit_limit") - balance).order_by("pk")
    return found


def is_beyond(customer: Customer) -> bool:
    """Whether the customer's balance is beyond his threshold now; False where he has none."""
    return threshold_rows().filter(BEYOND, customer=customer).exists()


def charges_to_work_on(*, now: datetime) -> QuerySet[Any]:
    """Automatic payments about which something is to be done now and that no worker has, the longest due first.

    One that the bank has under way is due when that ends. One that waits for the customer, or for its next day, is due
    at once when another payment method is preferred meanwhile.
    """
    tries = Payment.objects.filter(auto_charge=OuterRef("pk"))
    under_way = tries.filter(state=State.PENDING).exclude(provider_id="")
    rows: Any = AutoCharge.objects.filter(Q(taken_until=None) | Q(taken_until__lte=now))
    rows = rows.filter(state__in=(Charge.DUE, Charge.WAITING), customer__auto_pay__stopped_at=None)
    rows = rows.exclude(customer__status=CLOSED).exclude(Exists(under_way))
    preferred = usable_methods().filter(customer=OuterRef("customer")).values("pk")[:1]
    rows = rows.annotate(preferred=Subquery(preferred, output_field=UUIDField()))
    by_another = Q(preferred__isnull=False) & (Q(method=None) | ~Q(method=F("preferred")))
    found: QuerySet[Any] = rows.filter(Q(next_try_at__lte=now) | by_another)
    return found.order_by("next_try_at", "pk")


def under_way_of(customer: Customer) -> QuerySet[Payment]:
    """The customer's payments that have not ended; a slip to pay in cash is no promise and is left out."""
    rows: QuerySet[Payment] = Payment.objects.filter(customer=customer, state__in=NOT_ENDED)
    return rows.exclude(method=Payment.Method.PAYNEARME)


def is_being_charged(customer: Customer) -> bool:
    """Whether an automatic payment of the customer is being made at this moment, so that its end is not known yet."""
    rows = Payment.objects.filter(customer=customer, origin=Payment.Origin.AUTO)
    return rows.filter(state__in=(State.CREATED, State.UNKNOWN)).exists()
