"""The payment status: every row of the decision table, and figures of the Billing Summary."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.models import Invoice
from billing.queries.invoices import PaymentStatus, Standing, invoice_summary, payment_status, status_of, with_payments
from tests.billing.bills import FEBRUARY, JANUARY, book, invoice_of, pay

DUE = date(2026, 3, 15)
BEFORE, ON, AFTER = date(2026, 3, 1), DUE, date(2026, 3, 16)


def standing(total="100", paid="0", previous="0", earlier="0", **more) -> Standing:
    amounts = [Decimal(amount) for amount in (total, paid, previous, earlier)]
    return Standing(*amounts, due_date=DUE, **more)


@pytest.mark.parametrize(
    ("given", "today", "threshold", "status"),
    [
        # 1 void, 2 statement: whatever else holds
        (standing(is_void=True), AFTER, "0", PaymentStatus.NOT_APPLICABLE),
        (standing(is_statement=True), AFTER, "0", PaymentStatus.NOT_APPLICABLE),
        (standing("0", is_void=True, paid="5"), BEFORE, "10", PaymentStatus.NOT_APPLICABLE),
        # 3 nothing to pay
        (standing("0"), AFTER, "0", PaymentStatus.DO_NOT_PAY),
        (standing("-5"), AFTER, "0", PaymentStatus.DO_NOT_PAY),
        (standing("0", previous="20"), AFTER, "0", PaymentStatus.DO_NOT_PAY),
        # 4 nothing to pay on this one, but on earlier ones
        (standing("0", previous="20", earlier="20"), AFTER, "0", PaymentStatus.EARLIER_REMAINS),
        (standing("-5", earlier="1"), BEFORE, "0", PaymentStatus.EARLIER_REMAINS),
        # 5 too small to collect; with what earlier ones lacked it is not
        (standing("0.99"), AFTER, "1", PaymentStatus.NOT_REQUIRED),
        (standing("1"), BEFORE, "1", PaymentStatus.UNPAID),
        (standing("0.99", previous="0.01", earlier="0.01"), BEFORE, "1", PaymentStatus.UNPAID),
        # 6 paid, once earlier ones are too
        (standing(paid="100"), AFTER, "0", PaymentStatus.PAID),
        (standing(paid="100", earlier="0.01"), ON, "0", PaymentStatus.PARTIALLY_PAID),
        (standing(paid="100", earlier="0.01"), AFTER, "0", PaymentStatus.OVERDUE),
        # 7 overdue from the day after
        (standing(), ON, "0", PaymentStatus.UNPAID),
        (standing(), AFTER, "0", PaymentStatus.OVERDUE),
        (standing(paid="99.99"), AFTER, "0", PaymentStatus.OVERDUE),
        # 8 partly, 9 else
        (standing(paid="0.01"), ON, "0", PaymentStatus.PARTIALLY_PAID),
        (standing(), BEFORE, "0", PaymentStatus.UNPAID),
    ],
)
def test_the_decision_table(given, today, threshold, status):
    assert status_of(given, today=today, threshold=Decimal(threshold)) == status


def test_overdue_begins_at_midnight_of_the_customers_clock(easycall):
    book(easycall, "10", at=JANUARY.start)
    invoice = invoice_of(easycall, JANUARY)
    day_after = datetime(2026, 2, 16, 5, tzinfo=UTC)  # midnight in New York, 15 February is the last day
    assert invoice.due_date == date(2026, 2, 15)
    row = with_payments(Invoice.objects.all()).get()
    assert payment_status(row, now=day_after.replace(hour=4, minute=59)) == PaymentStatus.UNPAID
    assert payment_status(row, now=day_after) == PaymentStatus.OVERDUE


def test_summary_of_a_customer_without_any_bill(easycall):
    summary = invoice_summary(easycall, now=JANUARY.end)
    assert (summary.balance_due, summary.overdue_balance) == (0, 0)
    assert summary.last_invoice_due_date is None
    assert summary.last_invoice_amount is None
    assert summary.last_payment_at is None


def test_summary_with_one_invoice_overdue_and_one_open(easycall):
    book(easycall, "100", at=JANUARY.start)
    book(easycall, "30", at=FEBRUARY.start)
    first = invoice_of(easycall, JANUARY)
    pay(easycall, "40", at=datetime(2026, 2, 3, tzinfo=UTC))
    second = invoice_of(easycall, FEBRUARY)
    summary = invoice_summary(easycall, now=datetime(2026, 3, 2, tzinfo=UTC))
    assert summary.overdue_balance == Decimal(60)
    assert summary.balance_due == Decimal(90)
    assert summary.last_invoice_amount == Decimal(90)
    assert summary.last_invoice_due_date == second.due_date
    assert summary.last_payment_amount == Decimal(40)
    assert summary.last_payment_at == datetime(2026, 2, 3, tzinfo=UTC)
    assert first.previous_unpaid == 0
    assert second.previous_unpaid == Decimal(60)


def test_nothing_of_another_customer_is_counted(easycall, lotus):
    book(easycall, "100", at=JANUARY.start)
    invoice_of(easycall, JANUARY)
    assert invoice_summary(lotus, now=JANUARY.end).balance_due == 0
