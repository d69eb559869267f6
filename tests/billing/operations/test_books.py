"""Whatever happens in whatever order, the books agree to the cent (security: E1, E2, E5)."""

import os
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import Account, Allocation, Invoice, Payment, Service
from billing.operations.allocations import allocate, serialise, take_back
from billing.operations.credit_notes import credit_invoice
from billing.operations.invoices import issue_invoice, void_invoice
from billing.operations.payments.booking import book_movement
from billing.periods import Period
from billing.queries.credit_notes import creditable
from billing.queries.invoices import PaymentStatus, invoice_summary, open_invoices, payment_status, with_payments
from billing.queries.xdrs import Wanted, service_totals
from selfcare.errors import Refused
from selfcare.models import Customer
from tests.billing.bills import FEBRUARY, JANUARY, MARCH, NOW, book, pay
from tests.factories import CustomerFactory

D = Decimal
PERIODS = (JANUARY, FEBRUARY, MARCH)
EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "500"))
many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[*HealthCheck])

amounts = st.decimals(min_value=-40, max_value=120, places=5)
places = st.integers(0, 5)
act = st.one_of(
    st.tuples(
        st.just("charge"), places, amounts, st.sampled_from([Service.CALLS, Service.SUBSCRIPTIONS, Service.CREDITS])
    ),
    st.tuples(st.just("invoice")),
    st.tuples(st.just("pay"), st.integers(1, 200)),
    st.tuples(st.just("refund"), places, st.integers(1, 200)),
    st.tuples(st.just("dispute"), places),
    st.tuples(st.just("won"), places),
    st.tuples(st.just("void"), places),
    st.tuples(st.just("credit"), places, st.integers(1, 100)),
    st.tuples(st.just("credit all"), places),
)
# 50 acts in the nightly run, which asks for more than the usual number of examples.
histories = st.lists(act, min_size=4, max_size=50 if EXAMPLES > 500 else 16)


class Books:
    """One customer's history."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self.next = 0
        self.now = MARCH.end

    def do(self, what: tuple[Any, ...]) -> None:
        self.now += timedelta(minutes=1)
        name, *given = what
        getattr(self, name.replace(" ", "_"))(*given)

    def charge(self, place: int, amount: Decimal, service: int) -> None:
        if amount:
            book(self.customer, str(amount), at=PERIODS[place % 3].start + timedelta(days=place), service=service)

    def invoice(self) -> None:
        if self.next < len(PERIODS):
            issue_invoice(customer=self.customer, period=PERIODS[self.next], now=self.now)
            self.next += 1

    def pay(self, amount: int) -> None:
        pay(self.customer, str(amount), at=self.now)

    def refund(self, place: int, amount: int) -> None:
        self.reverse(place, lambda payment: min(D(amount), payment.amount - payment.reversed))

    def dispute(self, place: int) -> None:
        self.reverse(place, lambda payment: payment.amount - payment.reversed)

    def won(self, place: int) -> None:
        self.reverse(place, lambda payment: -payment.reversed)

    def reverse(self, place: int, change_of: Any) -> None:
        """As the provider's answer does it: row, state, allocations."""
        payment = self.pick(Payment.objects.filter(customer=self.customer).order_by("paid_at"), place)
        change = change_of(payment) if payment is not None else 0
        if not change:
            return
        with transaction.atomic():
            serialise(self.customer)
            payment.reversals += 1
            payment.reversed += change
            payment.state = Payment.State.DISPUTED if payment.reversed else Payment.State.SUCCEEDED
            payment.save()
            book_movement(payment, change, words="back", now=self.now, reversal=payment.reversals)
            take_back(payment, now=self.now)
            allocate(self.customer, now=self.now)

    def void(self, place: int) -> None:
        invoice = self.pick(self.documents(), place)
        if invoice is not None:
            self.unless_refused(lambda: void_invoice(invoice=invoice, staff=None, reason="x", now=self.now))

    def credit(self, place: int, percent: int) -> None:
        invoice = self.pick(self.documents(), place)
        if invoice is not None:
            lines = creditable(invoice).by_line
            parts = {line.pk: (left * percent / 100).quantize(D("0.01")) for line, left in lines.items()}
            self.give_back(invoice, parts)

    def credit_all(self, place: int) -> None:
        invoice = self.pick(self.documents(), place)
        if invoice is not None:
            self.give_back(invoice, None)

    def give_back(self, invoice: Invoice, parts: dict[int, Decimal] | None) -> None:
        self.unless_refused(
            lambda: credit_invoice(
                invoice=invoice, amounts=parts, reason="x", staff=None, made_as=uuid4(), now=self.now
            )
        )

    def unless_refused(self, act: Any) -> None:
        before = Invoice.objects.count(), self.balance
        try:
            act()
        except Refused:
            assert (Invoice.objects.count(), self.balance) == before, "what is refused leaves nothing"

    def documents(self) -> Any:
        return Invoice.objects.filter(customer=self.customer, voided_at=None).order_by("pk")

    def pick(self, rows: Any, place: int) -> Any:
        found = list(rows)
        return found[place % len(found)] if found else None

    @property
    def balance(self) -> Decimal:
        account = Account.objects.filter(customer=self.customer).first()
        return account.balance if account else D(0)

    def check(self) -> None:
        self.check_documents()
        self.check_ledger()
        self.check_allocations()
        self.check_statuses()

    def check_documents(self) -> None:
        """Lines sum to net, net and tax to the total; credit notes give back no more than there was."""
        for document in Invoice.objects.filter(customer=self.customer).prefetch_related("lines"):
            assert sum((line.net for line in document.lines.all()), D(0)) == document.net
            assert document.net + document.tax == document.total
            if document.kind == Invoice.Kind.INVOICE:
                left = creditable(document)
                assert left.net >= 0 or document.net < 0
                assert left.tax >= 0 or document.tax < 0
                assert left.net or not left.tax
        numbers = sorted(Invoice.objects.filter(customer=self.customer).values_list("number", flat=True))
        assert [int(b) - int(a) for a, b in pairwise(numbers)] == [1] * (len(numbers) - 1)

    def check_ledger(self) -> None:
        """Invoices, credit notes, payments, and what is not invoiced yet are the balance."""
        self.close()
        documents = self.documents().aggregate(sum=Sum("total", default=D(0)))["sum"]
        paid = Payment.objects.filter(customer=self.customer).aggregate(
            sum=Sum("amount", default=D(0)) - Sum("reversed", default=D(0))
        )["sum"]
        assert abs(self.balance - (documents - paid)) <= D("0.005"), "what rounds to nothing is on no invoice"
        wanted = Wanted(start=JANUARY.start - timedelta(days=1), end=NOW, failed=True)
        assert sum((each.amount for each in service_totals(self.customer, wanted)), D(0)) == self.balance

    def close(self) -> None:
        """Invoice all that is open: the periods, then what came late or was made void."""
        while self.next < len(PERIODS):
            self.do(("invoice",))
        last = self.documents().filter(kind="invoice").order_by("-period_end").first()
        start = max(MARCH.end, last.period_end if last else MARCH.end)
        end = start + timedelta(days=1)
        issue_invoice(customer=self.customer, period=Period(start, end), now=max(end, self.now))

    def check_allocations(self) -> None:
        rows = list(with_payments(self.documents()))
        assert all(0 <= row.paid <= max(row.total, D(0)) for row in rows), "never more than is open"
        for payment in Payment.objects.filter(customer=self.customer):
            held = payment.allocations.aggregate(sum=Sum("amount", default=D(0)))["sum"]
            assert 0 <= held <= payment.amount - payment.reversed
        for document in rows:
            given = Allocation.objects.filter(credit=document).aggregate(sum=Sum("amount", default=D(0)))["sum"]
            assert 0 <= given <= max(-document.total, D(0))
        is_open = open_invoices(self.customer).exists()
        assert not (is_open and self.unused()), "nothing lies about while an invoice is open"

    def unused(self) -> Decimal:
        rows = Payment.objects.filter(customer=self.customer)
        money = sum((p.amount - p.reversed - sum((a.amount for a in p.allocations.all()), D(0)) for p in rows), D(0))
        credits = self.documents().filter(total__lt=0, is_statement=False)
        return money + sum((-c.total - sum((a.amount for a in c.credits_given.all()), D(0)) for c in credits), D(0))

    def check_statuses(self) -> None:
        """What the rules say of each invoice, said once more by hand."""
        today = datetime(2027, 1, 1, tzinfo=NOW.tzinfo)
        rows = list(with_payments(self.documents()).order_by("period_start", "pk"))
        due = [row for row in rows if row.total > 0 and row.paid < row.total]
        for row in rows:
            earlier = any(other.period_start < row.period_start for other in due)
            status = payment_status(row, now=today)
            if row.is_credit_note:
                assert status == PaymentStatus.NOT_APPLICABLE
            elif row.total <= 0:
                assert status == (PaymentStatus.EARLIER_REMAINS if earlier else PaymentStatus.DO_NOT_PAY)
            else:
                assert status == (PaymentStatus.OVERDUE if earlier or row in due else PaymentStatus.PAID)
        summary = invoice_summary(self.customer, now=today)
        open_sum = sum((row.total - row.paid for row in due), D(0))
        assert (summary.balance_due, summary.overdue_balance) == (open_sum, open_sum)


@pytest.mark.slow
@pytest.mark.django_db
@many
@given(histories, st.sampled_from([("EUR", "19"), ("USD", "8.875"), ("EUR", "0")]))
def test_whatever_is_booked_paid_taken_back_voided_and_credited_the_books_agree(history, money):
    currency, rate = money
    books = Books(CustomerFactory(currency=currency, tax_rate=D(rate)))
    for what in history:
        books.do(what)
    books.check()
