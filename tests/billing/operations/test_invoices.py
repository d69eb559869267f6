"""Invoices: what is in them, how they agree with the ledger, and that there is one a period whatever happens."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings, strategies

from billing.models import Account, Allocation, Invoice, InvoiceCounter, Service, Xdr
from billing.operations.billing_run import close_periods
from billing.operations.invoices import issue_invoice, void_invoice
from billing.operations.ledger import make_missing_months
from billing.periods import Period
from billing.queries.invoices import unpaid, with_payments
from selfcare.errors import Refused
from selfcare.models import Brand
from tests.billing.bills import FEBRUARY, JANUARY, MARCH, NOW, book, invoice_of, pay
from tests.factories import CustomerFactory


def balance(customer) -> Decimal:
    return Account.objects.get(customer=customer).balance


def paid(invoice) -> Decimal:
    return with_payments(Invoice.objects.filter(pk=invoice.pk)).get().paid


@pytest.fixture
def taxed(db):
    return CustomerFactory(currency="EUR", tax_rate=Decimal("21"))


def test_one_line_a_service_rounded_once_tax_on_the_sum(taxed):
    for _ in range(3):
        book(taxed, "0.00333", at=JANUARY.start)
    book(taxed, "10", at=JANUARY.start, service=Service.SUBSCRIPTIONS, quantity=1)
    book(taxed, "-2.50", at=JANUARY.start, service=Service.CREDITS)
    invoice = invoice_of(taxed, JANUARY)
    lines = [(line.description, line.transactions, line.net) for line in invoice.lines.all()]
    assert lines == [
        ("Voice Calls", 3, Decimal("0.01")),
        ("Subscriptions", 1, Decimal("10.00")),
        ("Credits / Adjustments", 1, Decimal("-2.50")),
    ]
    assert (invoice.net, invoice.tax, invoice.total) == (Decimal("7.51"), Decimal("1.58"), Decimal("9.09"))


def test_the_ledger_agrees_to_the_cent(taxed):
    book(taxed, "1.23456", at=JANUARY.start)
    book(taxed, "0.00700", at=JANUARY.start, service=Service.MESSAGES)
    invoice = invoice_of(taxed, JANUARY)
    assert balance(taxed) == invoice.total
    rows = Xdr.objects.filter(external_id__startswith="invoice:").order_by("external_id")
    assert [row.external_id for row in rows] == [f"invoice:{invoice.number}:rounding", f"invoice:{invoice.number}:tax"]
    assert all(row.started_at == JANUARY.end - timedelta(microseconds=1) for row in rows)


def test_tax_and_rounding_are_not_charged_again(taxed):
    book(taxed, "1.23456", at=JANUARY.start)
    invoice_of(taxed, JANUARY)
    second = invoice_of(taxed, FEBRUARY)
    assert (second.total, list(second.lines.all())) == (0, [])
    third = invoice_of(taxed, MARCH)
    assert third.total == 0


def test_the_period_is_half_open_in_the_customers_time_zone(easycall):
    book(easycall, "1", at=JANUARY.start - timedelta(microseconds=1))
    book(easycall, "2", at=JANUARY.start)
    book(easycall, "4", at=JANUARY.end - timedelta(microseconds=1))
    book(easycall, "8", at=JANUARY.end)
    assert datetime(2026, 1, 1, 5, tzinfo=UTC) == JANUARY.start
    assert invoice_of(easycall, JANUARY).net == Decimal(6)


def test_payments_are_not_in_the_amount(easycall):
    book(easycall, "50", at=JANUARY.start)
    pay(easycall, "20", at=JANUARY.start)
    invoice = invoice_of(easycall, JANUARY)
    assert invoice.total == Decimal(50)
    assert paid(invoice) == Decimal(20), "but what was paid ahead pays it at once"


def test_a_call_that_comes_late_is_on_the_next_invoice(taxed):
    book(taxed, "1", at=JANUARY.start)
    invoice_of(taxed, JANUARY)
    book(taxed, "0.12345", at=JANUARY.start)
    book(taxed, "2", at=FEBRUARY.start)
    second = invoice_of(taxed, FEBRUARY)
    assert [(line.description, line.net) for line in second.lines.all()] == [
        ("Voice Calls", Decimal(2)),
        ("Charges of earlier periods", Decimal("0.12")),
    ]
    assert balance(taxed) == Invoice.objects.aggregate(sum=Sum("total"))["sum"]
    assert invoice_of(taxed, MARCH).total == 0


def test_prepaid_gets_a_statement_without_tax(lotus):
    lotus.tax_rate = Decimal(19)
    lotus.save()
    book(lotus, "10", at=JANUARY.start)
    invoice = invoice_of(lotus, JANUARY)
    assert invoice.is_statement
    assert (invoice.net, invoice.tax, invoice.total) == (10, 0, 10)
    assert unpaid(lotus) == 0
    assert balance(lotus) == 10


def test_yen_has_no_decimals(db):
    customer = CustomerFactory(currency="JPY", tax_rate=Decimal(10))
    book(customer, "100.50000", at=JANUARY.start)
    invoice = invoice_of(customer, JANUARY)
    assert (invoice.net, invoice.tax, invoice.total) == (101, 10, 111)
    assert balance(customer) == 111


def test_dinar_has_three_decimals(db):
    customer = CustomerFactory(currency="BHD", tax_rate=Decimal(10))
    book(customer, "1.23450", at=JANUARY.start)
    invoice = Invoice.objects.get(pk=invoice_of(customer, JANUARY).pk)
    assert (invoice.net, invoice.tax, invoice.total) == (Decimal("1.235"), Decimal("0.124"), Decimal("1.359"))
    assert balance(customer) == invoice.total


def test_names_and_addresses_are_copied(easycall):
    Brand(name="Old Name", iban="NL91ABNA0417164300").save()
    invoice = invoice_of(easycall, JANUARY)
    Brand(name="New Name").save()
    easycall.company_name = "Renamed"
    easycall.save()
    invoice.refresh_from_db()
    assert invoice.seller["name"] == "Old Name"
    assert invoice.seller["iban"] == "NL91ABNA0417164300"
    assert invoice.buyer["name"] == "EasyCall Ltd"


def test_the_same_period_again_is_the_same_invoice(easycall):
    first = invoice_of(easycall, JANUARY)
    assert invoice_of(easycall, JANUARY) == first
    assert InvoiceCounter.objects.get().last == 1


def test_a_period_that_is_not_over_is_refused(easycall):
    with pytest.raises(Refused, match="not over"):
        issue_invoice(customer=easycall, period=JANUARY, now=JANUARY.end - timedelta(seconds=1))
    assert not Invoice.objects.exists()


def test_an_overlapping_or_earlier_period_is_refused(easycall):
    invoice_of(easycall, FEBRUARY)
    for period in (JANUARY, Period(FEBRUARY.start + timedelta(days=1), MARCH.end)):
        with pytest.raises(Refused, match="already"):
            issue_invoice(customer=easycall, period=period, now=NOW)


def test_void_takes_tax_and_rounding_back_and_its_charges_come_again(taxed):
    book(taxed, "1.23456", at=JANUARY.start)
    wrong = invoice_of(taxed, JANUARY)
    void_invoice(invoice=wrong, staff=None, reason="Wrong", now=NOW)
    assert balance(taxed) == Decimal("1.23456")
    right = invoice_of(taxed, JANUARY)
    assert (right.number, right.net, right.total) == ("000002", wrong.net, wrong.total)
    assert [line.description for line in right.lines.all()] == ["Voice Calls"], "the void one's rounding is no charge"
    assert balance(taxed) == right.total
    void_invoice(invoice=wrong, staff=None, reason="Wrong", now=NOW)
    assert balance(taxed) == right.total, "void twice is void once"


def test_charges_of_a_voided_invoice_come_with_the_next(taxed):
    book(taxed, "5", at=JANUARY.start)
    book(taxed, "7", at=FEBRUARY.start)
    first, second = invoice_of(taxed, JANUARY), invoice_of(taxed, FEBRUARY)
    void_invoice(invoice=first, staff=None, reason="Wrong", now=NOW)
    third = invoice_of(taxed, MARCH)
    assert [line.net for line in third.lines.all()] == [Decimal(5)]
    assert balance(taxed) == second.total + third.total


def test_oldest_invoice_is_paid_first_cumulatively(easycall):
    book(easycall, "30", at=JANUARY.start)
    book(easycall, "30", at=FEBRUARY.start)
    first, second = invoice_of(easycall, JANUARY), invoice_of(easycall, FEBRUARY)
    for amount, left in (("10", (10, 0)), ("15", (25, 0)), ("5", (30, 0)), ("12", (30, 12)), ("100", (30, 30))):
        pay(easycall, amount, at=NOW)
        assert (paid(first), paid(second)) == left
    book(easycall, "90", at=MARCH.start)
    assert paid(invoice_of(easycall, MARCH)) == Decimal(82), "what was too much pays the next invoice"


def test_an_invoice_below_zero_pays_the_oldest(easycall):
    book(easycall, "30", at=JANUARY.start)
    first = invoice_of(easycall, JANUARY)
    book(easycall, "-20", at=FEBRUARY.start, service=Service.CREDITS)
    credit = invoice_of(easycall, FEBRUARY)
    assert credit.total == -20
    assert paid(first) == 20
    pay(easycall, "10", at=NOW)
    assert unpaid(easycall) == 0
    void_invoice(invoice=credit, staff=None, reason="Wrong", now=NOW)
    assert paid(first) == 10


def test_payment_of_a_voided_invoice_pays_the_others(easycall):
    book(easycall, "30", at=JANUARY.start)
    book(easycall, "30", at=FEBRUARY.start)
    first, second = invoice_of(easycall, JANUARY), invoice_of(easycall, FEBRUARY)
    pay(easycall, "30", at=NOW)
    void_invoice(invoice=first, staff=None, reason="Wrong", now=NOW)
    assert (paid(first), paid(second)) == (0, 30)


def test_months_are_closed_oldest_first_and_once(easycall):
    book(easycall, "3", at=JANUARY.start + timedelta(days=3))
    invoices = close_periods(customer=easycall, until=datetime(2026, 4, 1, tzinfo=UTC).date(), now=NOW)
    assert [(i.period_start, i.total) for i in invoices] == [(JANUARY.start, 3), (FEBRUARY.start, 0), (MARCH.start, 0)]
    assert close_periods(customer=easycall, until=datetime(2026, 4, 1, tzinfo=UTC).date(), now=NOW) == []


def test_a_changed_billing_day_leaves_no_gap(easycall):
    book(easycall, "3", at=JANUARY.start)
    close_periods(customer=easycall, until=JANUARY.end.date(), now=NOW)
    easycall.billing_day = 15
    easycall.save()
    (short,) = close_periods(customer=easycall, until=datetime(2026, 2, 20, tzinfo=UTC).date(), now=NOW)
    assert (short.period_start, short.period_end) == (JANUARY.end, datetime(2026, 2, 15, 5, tzinfo=UTC))


def test_the_command(easycall, lotus, capsys):
    book(easycall, "3", at=JANUARY.start)
    call_command("issue_invoices", until=datetime(2026, 2, 1, tzinfo=UTC).date())
    call_command("issue_invoices", until=datetime(2026, 2, 1, tzinfo=UTC).date())
    assert capsys.readouterr().out.splitlines() == ["000001  EasyCall Ltd  3.00 USD"]


@pytest.mark.django_db(transaction=True)
def test_parallel_runs_and_rollbacks_leave_no_gap_and_no_duplicate(monkeypatch):
    save = InvoiceCounter.save

    def save_slowly(counter, **given) -> None:
        """Leave the others time to read the same number, if nothing but luck keeps them from it."""
        time.sleep(0.05)
        save(counter, **given)

    monkeypatch.setattr(InvoiceCounter, "save", save_slowly)
    InvoiceCounter.objects.create(name="invoice")
    make_missing_months({JANUARY.start, JANUARY.end})  # making one inside would let the runs in one by one
    customers = [CustomerFactory() for _ in range(4)]
    for customer in customers:
        book(customer, "1.00001", at=JANUARY.start)
    barrier = Barrier(12)

    class Crash(Exception):
        """The process dies before the commit."""

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            with transaction.atomic():
                issue_invoice(customer=customers[number % 4], period=JANUARY, now=NOW)
                if number < 4:
                    raise Crash
        except Crash:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(run, range(12)))
    assert sorted(Invoice.objects.values_list("number", flat=True)) == [f"{n:06}" for n in range(1, 5)]
    assert Invoice.objects.values("customer").distinct().count() == 4
    assert InvoiceCounter.objects.get().last == 4
    assert Xdr.objects.filter(external_id__startswith="invoice:").count() == 4, "one rounding row each"


CENTS = strategies.decimals(min_value=-50, max_value=200, places=5)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    months=strategies.lists(strategies.lists(CENTS, max_size=5), min_size=3, max_size=3),
    payments=strategies.lists(strategies.integers(1, 300), max_size=4),
    void=strategies.sampled_from([None, 0, 1, 2]),
)
def test_whatever_is_booked_paid_and_voided_the_books_agree(months, payments, void):
    customer = CustomerFactory(tax_rate=Decimal("19"), currency="EUR")
    invoices = []
    for period, amounts in zip((JANUARY, FEBRUARY, MARCH), months, strict=True):
        for amount in amounts:
            book(customer, str(amount), at=period.start)
        invoices.append(invoice_of(customer, period))
    for amount in payments:
        pay(customer, str(amount), at=NOW)
    valid = Invoice.objects.filter(customer=customer)
    assert balance_or_zero(customer) == valid.aggregate(sum=Sum("total"))["sum"] - sum(payments)
    if void is not None:
        void_invoice(invoice=invoices[void], staff=None, reason="Wrong", now=NOW)
    rows = with_payments(valid.filter(voided_at=None)).order_by("period_start")
    assert all(0 <= row.paid <= max(row.total, 0) for row in rows)
    open_rows = [row for row in rows if row.total > 0 and row.paid < row.total]
    later_paid = [row for row in rows if open_rows and row.period_start > open_rows[0].period_start and row.paid]
    assert not later_paid, "nothing is paid while an older invoice is open"
    given = Allocation.objects.filter(payment__customer=customer).aggregate(sum=Sum("amount"))["sum"] or 0
    assert given <= sum(payments)


def balance_or_zero(customer) -> Decimal:
    account = Account.objects.filter(customer=customer).first()
    return account.balance if account else Decimal(0)
