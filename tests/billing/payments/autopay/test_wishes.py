"""What the customer chooses: refused where it could not work, written down, told, and what had stopped goes on."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from billing.models import Account, AutoCharge, AutoPay
from billing.operations.autopay import change_auto_pay, resume_auto_pay, resume_replaced
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import AutoChargeFactory, AutoPayFactory, InvoiceFactory, StoredMethodFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
State = AutoCharge.State
NOTHING = {
    "pay_invoices": False,
    "invoice_when": AutoPay.When.ISSUE,
    "by_threshold": False,
    "threshold": None,
    "amount": None,
    "daily_cap": None,
}


@pytest.fixture
def card(easycall):
    return StoredMethodFactory(customer=easycall, is_default=True)


def change(user, version=None, **values) -> AutoPay:
    amounts = {name: Decimal(value) if isinstance(value, str) and value[0].isdigit() else value
               for name, value in values.items()}  # fmt: skip
    return change_auto_pay(customer=user.customer, user=user, version=version, **{**NOTHING, **amounts}, now=NOW)


def test_it_is_kept_written_down_and_told(alice, bob, card):
    kept = change(alice, pay_invoices=True, daily_cap="200")
    kept.refresh_from_db()
    assert (kept.pay_invoices, kept.daily_cap, kept.since, kept.armed) == (True, 200, NOW, True)
    event = AuditEvent.objects.get()
    assert (event.user, event.action, event.version) == (alice, "edit", kept.version)
    assert "At most in a day" in {label.capitalize() for label in event.changes}
    mail = OutgoingMail.objects.get()
    assert mail.to == ["alice@example.com"]
    assert "alice changed what is paid automatically for EasyCall Ltd" in mail.body
    change(alice, kept.version, pay_invoices=True, daily_cap="200")
    assert OutgoingMail.objects.count() == 1, "nothing changed, nothing told"


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"by_threshold": True, "amount": "50"}, "threshold", "balance at which"),
        ({"by_threshold": True, "threshold": "100"}, "amount", "amount to pay"),
        ({"by_threshold": True, "threshold": "100", "amount": "4.99"}, "amount", "from"),
        ({"by_threshold": True, "threshold": "100", "amount": "10000.01"}, "amount", "from"),
        ({"by_threshold": True, "threshold": "100", "amount": "50.001"}, "amount", "decimals"),
        ({"by_threshold": True, "threshold": "100.001", "amount": "50"}, "threshold", "decimals"),
        ({"by_threshold": True, "threshold": Decimal(-1), "amount": "50"}, "threshold", "0 or more"),
        ({"by_threshold": True, "threshold": "100", "amount": "50", "daily_cap": "49.99"}, "daily_cap", "50.00"),
        ({"pay_invoices": True, "daily_cap": "4.99"}, "daily_cap", "5.00"),
        ({"pay_invoices": True, "daily_cap": Decimal(0)}, "daily_cap", "5.00"),
    ],
)
def test_what_could_not_work_is_refused_at_its_field(alice, card, values, field, words):
    with pytest.raises(Refused) as refusal:
        change(alice, **values)
    assert refusal.value.field == field
    assert words in str(refusal.value.message).replace("\xa0", " ")
    assert not AutoPay.objects.exists()


def test_the_cap_of_a_prepaid_customer_counts_the_tax(charlie):
    charlie.customer.tax_rate = Decimal(19)
    charlie.customer.save()
    StoredMethodFactory(customer=charlie.customer, is_default=True)
    wishes = {"by_threshold": True, "threshold": "20", "amount": "100"}
    with pytest.raises(Refused):
        change(charlie, **wishes, daily_cap="118.99")
    assert change(charlie, **wishes, daily_cap="119").daily_cap == 119


@pytest.mark.parametrize("spoiled", [{"is_default": False}, {"usable": False}, {"removed_at": NOW}])
def test_without_a_method_that_can_be_charged_only_switching_off_works(alice, card, spoiled):
    AutoPayFactory(customer=alice.customer)
    type(card).objects.update(**spoiled)
    with pytest.raises(Refused, match="Store a payment method first"):
        change(alice, pay_invoices=True)
    assert not change(alice).pay_invoices


def test_the_second_of_two_is_told(alice, card):
    first = change(alice, 1, pay_invoices=True)
    with pytest.raises(Outdated):
        change(alice, 1, pay_invoices=False)
    assert change(alice, first.version, pay_invoices=False).version == first.version + 1


def test_a_threshold_that_is_crossed_already_counts_from_its_next_crossing(alice, card):
    Account.objects.create(customer=alice.customer, balance=150)
    wishes = {"by_threshold": True, "amount": "50"}
    assert not change(alice, **wishes, threshold="100").armed
    assert change(alice, **wishes, threshold="200").armed
    AutoPay.objects.update(armed=False)
    assert not change(alice, **wishes, threshold="200", daily_cap="60").armed, "nothing about the threshold changed"


def test_since_when_is_kept_while_it_stays_switched_on(alice, card):
    kept = AutoPayFactory(customer=alice.customer)
    assert change(alice, pay_invoices=True, invoice_when=AutoPay.When.DUE).since == kept.since
    change(alice)
    assert change(alice, pay_invoices=True).since == NOW


@pytest.fixture
def stopped(alice, card):
    """Stopped by the bank with a charge that is held back, and one that waits for its day."""
    AutoPayFactory(customer=alice.customer, stopped_at=NOW, stopped_because="stolen_card", stopped_method=card)
    held = AutoChargeFactory(invoice=InvoiceFactory(customer=alice.customer), next_try_at=None, failure="stolen_card")
    later = datetime(2026, 2, 9, tzinfo=UTC)
    waits = AutoChargeFactory(customer=alice.customer, invoice=None, crossing=1, next_try_at=later)
    return held, waits, later


def test_saving_lets_it_go_on(alice, stopped):
    held, waits, later = stopped
    change(alice, pay_invoices=True)
    check_that_it_goes_on(held, waits, later)


def check_that_it_goes_on(held, waits, later):
    wish = AutoPay.objects.get()
    assert (wish.stopped_at, wish.stopped_because, wish.stopped_method) == (None, "", None)
    for charge in (held, waits):
        charge.refresh_from_db()
    assert (held.next_try_at, waits.next_try_at) == (NOW, later)


def test_a_person_lets_it_go_on(alice, stopped):
    resume_auto_pay(customer=alice.customer, user=alice, now=NOW)
    check_that_it_goes_on(*stopped)
    assert AuditEvent.objects.get(action="resume auto-pay").user == alice


def test_the_clock_lets_it_go_on_once_the_method_was_replaced(alice, card, stopped):
    resume_replaced(now=NOW)
    assert AutoPay.objects.get().stopped_at == NOW, "the same card stays refused"
    type(card).objects.update(is_default=False)
    resume_replaced(now=NOW)
    assert AutoPay.objects.get().stopped_at == NOW, "no card at all"
    StoredMethodFactory(customer=alice.customer, is_default=True)
    resume_replaced(now=NOW)
    check_that_it_goes_on(*stopped)


def test_a_higher_cap_lets_a_held_back_charge_go_on_at_once(alice, card):
    AutoPayFactory(customer=alice.customer, daily_cap=50)
    charge = AutoChargeFactory(
        invoice=InvoiceFactory(customer=alice.customer),
        failure="daily_cap",
        next_try_at=datetime(2026, 2, 2, tzinfo=UTC),
    )
    change(alice, pay_invoices=True, daily_cap="500")
    charge.refresh_from_db()
    assert charge.next_try_at == NOW
