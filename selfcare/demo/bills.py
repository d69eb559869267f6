"""The demo's monthly charges, invoices in every payment status, and the payments that made them so."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_UP, Decimal

from billing.models import Invoice, Payment, Service
from billing.operations.billing_run import open_periods, with_ends
from billing.operations.invoices import issue_invoice, void_invoice
from billing.operations.ledger import LedgerRow, make_missing_months, post_rows
from billing.operations.payments import record_payment
from billing.operations.subscriptions import charge_due
from billing.periods import Period, midnight
from centrex.models import Line
from selfcare.demo.calls import DAYS
from selfcare.demo.people import People
from selfcare.models import Customer

TERMS_DAYS = 30
PAID_AFTER = timedelta(days=9)
LINE_FEE = Decimal("6.90")
WRONG_ONE = 5
NAMES = uuid.UUID("5e1fca2e-0000-4000-8000-000000000000")


def make_bills(people: People, *, now: datetime) -> None:
    """Charges first; then month after month, so that each invoice knows what was unpaid when it was made."""
    customers = (people.easycall, people.berlin, people.lotus)
    Customer.objects.filter(pk__in=[customer.pk for customer in customers]).update(payment_terms_days=TERMS_DAYS)
    charge_due(now=now)
    for customer in customers:
        customer.refresh_from_db()
        post(charges(customer, now=now), now=now)
    welcome(people.berlin, now=now)
    top_ups(people.lotus, now=now)
    for customer in customers:
        close_each_month(people, customer, now=now)
    refused_card(people, now=now)


def charges(customer: Customer, *, now: datetime) -> Iterator[LedgerRow]:
    """The monthly fees of lines, on the first of each month on the customer's clock."""
    lines = list(Line.for_customer(customer))
    for first in months(now=now, customer=customer):
        at = midnight(first, zone=customer.zone) + timedelta(seconds=5)
        for line in lines:
            yield fee(customer, at, line, f"{line.product}, {first:%B %Y}")


def fee(customer: Customer, at: datetime, line: Line, words: str) -> LedgerRow:
    return LedgerRow(
        customer_id=customer.pk,
        service_id=Service.SUBSCRIPTIONS,
        started_at=at,
        ended_at=at,
        amount=LINE_FEE,
        quantity=Decimal(1),
        charged_quantity=Decimal(1),
        line_id=line.pk,
        description=words,
        external_id=f"demo:fee:{line.account_id}:{at:%Y%m}",
    )


def months(*, now: datetime, customer: Customer) -> Iterator[date]:
    """The first days of the months that the demo covers; the first month has calls only."""
    today = now.astimezone(customer.zone).date()
    day = (today - timedelta(days=DAYS)).replace(day=28)
    while (day := (day + timedelta(days=4)).replace(day=1)) <= today:
        yield day
        day = day.replace(day=28)


def welcome(customer: Customer, *, now: datetime) -> None:
    """A credit in the first month that is larger than its charges: an invoice on which nothing is to be paid."""
    at = now - timedelta(days=DAYS)
    credit = LedgerRow(
        customer_id=customer.pk,
        service_id=Service.CREDITS,
        started_at=at,
        amount=Decimal(-40),
        description="Welcome credit",
        external_id=f"demo:credit:{customer.pk}",
    )
    post([credit], now=now)


def top_ups(customer: Customer, *, now: datetime) -> None:
    """A prepaid customer pays ahead, each time enough for the next month."""
    for place in range(DAYS // 30):
        at = now - timedelta(days=DAYS - 30 * place)
        pay(customer, Decimal(60 if place == 0 else 45), "Top-up by bank transfer", at=at, name=f"top-up {place}")


def close_each_month(people: People, customer: Customer, *, now: datetime) -> None:
    """Each month's invoice a day after its end, then what the customer paid for it; one had to be made anew."""
    made = 0
    while (period := next_open(customer, now=now)) is not None:
        issued = min(period.end + timedelta(hours=26), now)
        invoice = issue_invoice(customer=customer, period=period, now=issued, by_mail=False)
        made += 1
        if customer == people.easycall and made == WRONG_ONE:
            void_invoice(invoice=invoice, staff=people.dora, reason="A wrong address", now=issued)
        elif not customer.is_prepaid:
            settle(people, invoice, period, issued=issued, now=now)


def next_open(customer: Customer, *, now: datetime) -> Period | None:
    """The first period that is over and has no invoice."""
    found = with_ends(Customer.objects.filter(pk=customer.pk)).get()
    return next(open_periods(found, end=now), None)


def settle(people: People, invoice: Invoice, period: Period, *, issued: datetime, now: datetime) -> None:
    """Pay the invoice, or the part of it that this customer has paid by now."""
    share = paid_share(people, invoice.customer, period, now=now)
    amount = (invoice.total * share).quantize(Decimal("0.01"), ROUND_UP)
    if amount > 0:
        at = min(issued + PAID_AFTER, now - timedelta(minutes=30))
        pay(invoice.customer, amount, "Bank transfer", at=at, name=invoice.number)


def paid_share(people: People, customer: Customer, period: Period, *, now: datetime) -> Decimal:
    """All of the old ones; EasyCall has paid half of the last, Berlin none of the last three: one is always overdue."""
    age = (now - period.end).days // 28
    if customer == people.easycall:
        return Decimal("0.5") if age < 1 else Decimal(1)
    return Decimal(0) if age < 3 else Decimal(1)


def pay(customer: Customer, amount: Decimal, words: str, *, at: datetime, name: str) -> None:
    record_payment(
        payment_id=uuid.uuid5(NAMES, f"{customer.company_name} {name}"),
        customer=customer,
        staff=None,
        amount=amount,
        words=words,
        now=at,
    )


def refused_card(people: People, *, now: datetime) -> None:
    """A card payment that the bank refused, for the list of payments."""
    at = now - timedelta(days=40)
    Payment.objects.create(
        pk=uuid.uuid5(NAMES, "refused card"),
        customer=people.easycall,
        user=people.alice,
        provider="stripe",
        amount=Decimal(250),
        currency=people.easycall.currency,
        state=Payment.State.FAILED,
        failure="insufficient_funds",
        created_at=at,
        changed_at=at + timedelta(seconds=40),
    )


def post(rows: Iterator[LedgerRow] | list[LedgerRow], *, now: datetime) -> None:
    """Book rows of any month of the demo."""
    booked = list(rows)
    make_missing_months({row.started_at for row in booked})
    post_rows(booked, now=now)
