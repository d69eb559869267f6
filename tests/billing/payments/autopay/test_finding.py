"""What is due: each invoice once, each crossing once, whoever looks and how often."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billing.models import Account, AutoCharge, AutoPay, StoredMethod
from billing.operations.autopay import find_crossings, find_due, find_invoices, is_at_work
from billing.operations.invoices import void_invoice
from billing.queries.auto_pay import is_beyond
from tests.billing.bills import FEBRUARY, JANUARY, book, invoice_of, pay
from tests.billing.rating.many import many
from tests.factories import AutoPayFactory, CustomerFactory, StoredMethodFactory
from tests.parallel import parallel

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
DUE, ISSUE = AutoPay.When.DUE, AutoPay.When.ISSUE


@pytest.fixture
def with_card(easycall):
    easycall.time_zone = "America/New_York"
    easycall.save()
    StoredMethodFactory(customer=easycall, is_default=True)
    return easycall


def january(customer):
    book(customer, "30", at=JANUARY.start)
    return invoice_of(customer, JANUARY)


def found() -> int:
    return AutoCharge.objects.count()


def test_an_invoice_is_found_once(with_card):
    AutoPayFactory(customer=with_card)
    invoice = january(with_card)
    assert is_at_work(invoice)
    for _ in range(3):
        find_due(now=NOW)
    charge = AutoCharge.objects.get()
    assert (charge.invoice, charge.customer, charge.state, charge.next_try_at) == (invoice, with_card, "due", NOW)
    assert is_at_work(invoice)


def test_on_the_due_date_of_the_customers_own_calendar(with_card):
    AutoPayFactory(customer=with_card, invoice_when=DUE)
    invoice = january(with_card)
    assert not is_at_work(invoice), "nothing is asked before the due date"
    assert invoice.due_date.isoformat() == "2026-02-15"
    find_due(now=datetime(2026, 2, 15, 4, 59, tzinfo=UTC))  # still the 14th in New York
    assert found() == 0
    find_due(now=datetime(2026, 2, 15, 5, tzinfo=UTC))
    assert found() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda customer, invoice: pay(customer, "30", at=NOW),
        lambda customer, invoice: void_invoice(invoice=invoice, staff=None, reason="wrong", now=NOW),
        lambda customer, invoice: AutoPay.objects.update(pay_invoices=False),
        lambda customer, invoice: AutoPay.objects.update(stopped_at=NOW),
        lambda customer, invoice: AutoPay.objects.update(since=NOW),
        lambda customer, invoice: StoredMethod.objects.update(removed_at=NOW),
        lambda customer, invoice: type(customer).objects.update(status="closed"),
    ],
    ids=["paid", "void", "not wished", "stopped", "wished later", "no method", "closed"],
)
def test_what_is_not_due(with_card, spoil):
    AutoPayFactory(customer=with_card)
    invoice = january(with_card)
    spoil(with_card, invoice)
    find_due(now=NOW)
    assert found() == 0


def test_a_prepaid_statement_is_not_charged(lotus):
    StoredMethodFactory(customer=lotus, is_default=True)
    AutoPayFactory(customer=lotus)
    january(lotus)
    find_due(now=NOW)
    assert found() == 0


def test_after_days_away_each_invoice_once(with_card):
    AutoPayFactory(customer=with_card)
    january(with_card)
    book(with_card, "20", at=FEBRUARY.start)
    invoice_of(with_card, FEBRUARY)
    for day in range(3):
        find_due(now=FEBRUARY.end + timedelta(days=3 + day))
    assert found() == 2


def test_for_all_customers_in_a_few_queries(django_assert_max_num_queries):
    for _ in range(4):
        customer = CustomerFactory()
        StoredMethodFactory(customer=customer, is_default=True)
        AutoPayFactory(customer=customer, by_threshold=True, threshold=1000, amount=50)
        january(customer)
    with django_assert_max_num_queries(5):
        find_due(now=NOW)
    assert found() == 4


def stand(customer, balance: str | int | Decimal) -> None:
    """The account as if the ledger's trigger had summed it so."""
    Account.objects.update_or_create(customer=customer, defaults={"balance": Decimal(balance)})


STEPS = st.lists(st.integers(-60, 160), min_size=1, max_size=10)
walks = settings(
    parent=many, max_examples=many.max_examples // 10, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@walks
@given(balances=STEPS, prepaid=st.booleans())
@example(balances=[100, 101, 101, 100, 101], prepaid=False)
@example(balances=[0, -20, -19, -20, -19], prepaid=True)
def test_each_crossing_fires_exactly_once(db, balances, prepaid):
    """Postpaid above 100 owed, prepaid below 20 left; any walk of the balance, seen once or several times."""
    AutoCharge.objects.all().delete()
    AutoPay.objects.all().delete()
    customer = CustomerFactory(billing="debit" if prepaid else "credit", credit_limit=0)
    StoredMethodFactory(customer=customer, is_default=True)
    threshold = 20 if prepaid else 100
    AutoPayFactory(customer=customer, pay_invoices=False, by_threshold=True, threshold=threshold, amount=50)
    expected, was_beyond = 0, False
    for balance in balances:
        stand(customer, balance)
        beyond = -balance < threshold if prepaid else balance > threshold
        expected += beyond and not was_beyond
        was_beyond = beyond
        for _again in range(2):
            find_crossings(now=NOW)
        assert found() == expected
        assert is_beyond(customer) == beyond
    numbers = AutoCharge.objects.order_by("crossing").values_list("crossing", flat=True)
    assert list(numbers) == list(range(1, expected + 1))


def test_the_edge_itself_is_not_beyond(with_card):
    AutoPayFactory(customer=with_card, pay_invoices=False, by_threshold=True, threshold=100, amount=50)
    stand(with_card, "100")
    find_crossings(now=NOW)
    assert found() == 0
    stand(with_card, "100.00001")
    find_crossings(now=NOW)
    assert found() == 1


def test_without_a_method_a_crossing_waits_to_be_found(easycall):
    AutoPayFactory(customer=easycall, pay_invoices=False, by_threshold=True, threshold=100, amount=50)
    stand(easycall, "150")
    find_crossings(now=NOW)
    assert found() == 0
    StoredMethodFactory(customer=easycall, is_default=True)
    find_crossings(now=NOW)
    assert found() == 1


def crossed(customer) -> None:
    AutoPayFactory(customer=customer, pay_invoices=False, by_threshold=True, threshold=100, amount=50)
    stand(customer, "150")


@pytest.mark.django_db(transaction=True)
def test_many_workers_find_a_crossing_and_an_invoice_once(with_card):
    crossed(with_card)
    AutoPay.objects.update(pay_invoices=True)
    january(with_card)
    stand(with_card, "150")
    parallel([lambda: find_due(now=NOW)] * 16)
    assert (AutoCharge.objects.filter(crossing=1).count(), AutoCharge.objects.exclude(invoice=None).count()) == (1, 1)
    assert AutoPay.objects.get().crossings == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_crossing_would_fire_several_times(with_card, monkeypatch):
    """The twin: workers that judge what they read before any of them has disarmed it."""
    crossed(with_card)
    read = [AutoPay.objects.get() for _worker in range(3)]
    for number, wish in enumerate(read, start=1):
        assert wish.armed
        AutoCharge.objects.create(customer=with_card, crossing=number, created_at=NOW)
    assert found() == 3
    AutoCharge.objects.all().delete()
    parallel([lambda: find_crossings(now=NOW)] * 3)
    assert found() == 1


def test_invoices_are_looked_for_by_the_wish_of_issue_only_lately(with_card):
    AutoPayFactory(customer=with_card)
    january(with_card)
    find_invoices(now=NOW + timedelta(days=200))
    assert found() == 0
