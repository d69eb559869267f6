"""The nightly comparison: every planted difference is found, what is under way is none, and nothing is mended."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.gateways.base import Progress, Unanswered
from billing.gateways.stripe import Stripe
from billing.models import Difference, Payment, Refund, Service, WebhookEvent
from billing.operations.ledger import LedgerRow, post_rows
from billing.operations.payments import check_payment, open_session
from billing.operations.reconciliation import clear_difference, compare_payments
from billing.operations.refunds import ask_refund, begin_refund
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Brand, OutgoingMail
from tests.billing.payments.cash import at_till, slip_of
from tests.billing.payments.conftest import balance, begin, booked, pay_on_page, refund
from tests.billing.payments.test_cash import cash  # noqa: F401 - the fixture

Kind = Difference.Kind
TONIGHT = timedelta(hours=2)  # the comparison runs some time after what it compares


@pytest.fixture(autouse=True)
def _itsp(db) -> None:
    Brand(name="ITSP", support_email="care@example.net").save()


@pytest.fixture
def paid(sandbox, alice) -> Payment:
    return paid_by(alice)


def paid_by(user, amount: str = "50") -> Payment:
    payment = open_session(payment=begin(user, amount), now=timezone.now())
    pay_on_page(payment.session_url)
    return check_payment(payment_id=payment.pk, now=timezone.now())


def compared() -> list[tuple[str, Decimal | None, Decimal | None]]:
    found = compare_payments(now=timezone.now() + TONIGHT)
    return sorted((difference.kind, difference.ours, difference.theirs) for difference in found)


def change(payment: Payment, **values: object) -> None:
    """Plant a difference past every act."""
    Payment.objects.filter(pk=payment.pk).update(**values)


def listed_as(monkeypatch, payment: Payment, **values: object) -> None:
    """The provider says something else of this payment."""
    found = replace(Stripe().get_payment(session_id=payment.session_id, provider_id=payment.provider_id), **values)
    monkeypatch.setattr(Stripe, "payments_between", lambda self, since, until: iter([found]))
    monkeypatch.setattr(Stripe, "get_payment", lambda self, session_id, provider_id: found)


def test_what_agrees_is_no_difference(paid, alice, dora, sandbox):
    given = begin_refund(
        payment=paid, staff=dora, refund_id=uuid4(), amount=Decimal(20), reason="x", now=timezone.now()
    )
    ask_refund(refund=given, now=timezone.now())
    open_session(payment=begin(alice), now=timezone.now())
    begin(alice)
    declined = open_session(payment=begin(alice), now=timezone.now())
    pay_on_page(declined.session_url, number="4000 0000 0000 0002")
    assert compared() == []
    assert not OutgoingMail.objects.filter(key__startswith="differences").exists()


def test_paid_there_unknown_here(paid, sandbox):
    sandbox.state.objects["payment_intent"][paid.provider_id]["metadata"] = {"payment": str(uuid4())}
    found = compared()
    assert (Kind.UNKNOWN_HERE, None, Decimal(50)) in found


def test_paid_here_unknown_there(paid, monkeypatch):
    monkeypatch.setattr(Stripe, "payments_between", lambda self, since, until: iter([]))
    change(paid, session_id="", provider_id="")
    assert compared() == [(Kind.UNKNOWN_THERE, 50, None)]


@pytest.mark.parametrize("state", [Payment.State.FAILED, Payment.State.CANCELLED, Payment.State.UNKNOWN])
def test_paid_there_not_here(sandbox, alice, state):
    payment = open_session(payment=begin(alice), now=timezone.now())
    pay_on_page(payment.session_url)
    change(payment, state=state, next_check_at=None)
    assert compared() == [(Kind.PAID_THERE, None, 50)]
    assert booked(payment) == [], "nothing is mended silently"


def test_paid_here_not_there(paid, monkeypatch):
    listed_as(monkeypatch, paid, progress=Progress.FAILED)
    assert compared() == [(Kind.PAID_HERE, 50, None)]


def test_paid_there_twice(paid, monkeypatch):
    first = Stripe().get_payment(session_id=paid.session_id, provider_id=paid.provider_id)
    both = [first, replace(first, provider_id="pi_again", session_id="")]
    monkeypatch.setattr(Stripe, "payments_between", lambda self, since, until: iter(both))
    assert compared() == [(Kind.PAID_TWICE, 50, 100)]


def test_another_amount(paid, monkeypatch):
    listed_as(monkeypatch, paid, amount=Decimal("49.99"))
    assert compared() == [(Kind.AMOUNT, 50, Decimal("49.99"))]


def test_another_currency(paid, monkeypatch):
    listed_as(monkeypatch, paid, currency="EUR")
    assert compared() == [(Kind.CURRENCY, 50, 50)]


def test_refunded_there_and_nobody_told_us(paid, sandbox):
    refund(sandbox, paid, 2000)
    assert compared() == [(Kind.TAKEN_BACK_THERE, 0, 20)]


def test_disputed_there_and_nobody_told_us(paid, monkeypatch):
    listed_as(monkeypatch, paid, disputed=Decimal(50))
    assert compared() == [(Kind.TAKEN_BACK_THERE, 0, 50)]


def test_taken_back_here_only(paid):
    change(paid, reversed=5)
    assert compared() == [(Kind.TAKEN_BACK_HERE, 5, 0), (Kind.LEDGER, 45, 50)]


def test_a_refund_that_the_provider_does_not_know(paid, dora):
    Refund.objects.create(
        payment=paid,
        staff=dora,
        amount=7,
        reason="x",
        state=Refund.State.SUCCEEDED,
        created_at=timezone.now(),
        changed_at=timezone.now(),
    )
    assert compared() == [(Kind.REFUND, 7, None)]


def test_paid_and_not_in_the_ledger(sandbox, easycall):
    now = timezone.now()
    Payment.objects.create(
        customer=easycall,
        provider="manual",
        amount=9,
        currency="USD",
        state=Payment.State.SUCCEEDED,
        created_at=now,
        changed_at=now,
        paid_at=now,
    )
    assert compared() == [(Kind.LEDGER, 9, 0)]


def test_the_ledger_has_another_amount(paid):
    change(paid, amount=60)
    assert compared() == [(Kind.AMOUNT, 60, 50), (Kind.LEDGER, 60, 50)]


def test_in_the_ledger_without_a_payment(easycall, sandbox):
    row = LedgerRow(
        customer_id=easycall.pk,
        service_id=Service.PAYMENTS,
        started_at=timezone.now(),
        amount=Decimal(-12),
        external_id=f"payment:{uuid4()}",
    )
    post_rows([row], now=timezone.now())
    assert compared() == [(Kind.LEDGER_ALONE, None, 12)]


def test_cash_on_a_slip_that_nobody_booked(cash, alice):  # noqa: F811
    slip = slip_of(alice)
    cash.till.settings.authorize = False
    at_till(cash, slip, "50.00")
    check_payment(payment_id=slip.pk, now=timezone.now())
    at_till(cash, slip, "30.00", force=True)
    assert compared() == [(Kind.UNKNOWN_HERE, None, 30)]


def test_what_is_under_way_is_no_difference(sandbox, alice, paid):
    """A webhook that waits, an open payment on its calendar, a refund being asked: heard of by tomorrow."""
    waiting = open_session(payment=begin(alice), now=timezone.now())
    pay_on_page(waiting.session_url)
    refund(sandbox, paid, 2000)
    WebhookEvent.objects.create(
        provider="stripe",
        event_id="evt_1",
        type="charge.refunded",
        object_id=paid.provider_id,
        received_at=timezone.now(),
    )
    other = paid_by(alice)
    refund(sandbox, other, 1000)
    Refund.objects.create(
        payment=other,
        amount=10,
        reason="x",
        state=Refund.State.UNKNOWN,
        created_at=timezone.now(),
        changed_at=timezone.now(),
    )
    assert compared() == []


def test_a_refund_between_the_two_looks(paid, sandbox, monkeypatch):
    """The list was read before the refund, our rows after it: looked at again, both agree."""
    before = list(Stripe().payments_between(since=timezone.now() - timedelta(days=1), until=timezone.now() + TONIGHT))
    refund(sandbox, paid, 2000)
    check_payment(payment_id=paid.pk, now=timezone.now())
    monkeypatch.setattr(Stripe, "payments_between", lambda self, since, until: iter(before))
    assert compared() == []


def test_bank_debits_on_their_way(sandbox, alice, monkeypatch):
    payment = open_session(payment=begin(alice), now=timezone.now())
    change(payment, method=Payment.Method.ACH, state=Payment.State.PENDING)
    payment.refresh_from_db()
    listed_as(monkeypatch, payment, progress=Progress.PROCESSING)
    assert compared() == []


def test_a_refund_of_an_old_payment_is_looked_at(paid, sandbox):
    change(paid, created_at=timezone.now() - timedelta(days=90), paid_at=timezone.now() - timedelta(days=90))
    change(paid, changed_at=timezone.now() - timedelta(days=90))
    intent = sandbox.state.objects["payment_intent"][paid.provider_id]
    intent["created"] -= 90 * 86_400
    assert compared() == []
    refund(sandbox, paid, 2000)
    assert (Kind.TAKEN_BACK_THERE, Decimal(0), Decimal(20)) in compared()


def test_each_is_a_row_once_and_one_mail_a_night(sandbox, alice):
    first, second = paid_by(alice), paid_by(alice, "30")
    refund(sandbox, first, 2000)
    refund(sandbox, second, 1000)
    assert len(compared()) == 2
    assert compared() == [], "the same difference is not found a second time"
    mail = OutgoingMail.objects.get(key__startswith="differences")
    assert (mail.to, mail.subject) == (["care@example.net"], "2 differences between payments and the provider")
    assert str(first.pk) in mail.body
    assert "20.00 USD" in mail.body
    assert compare_payments(now=timezone.now() + timedelta(days=1)) == []
    assert (booked(first), balance(alice.customer)) == ([-50], -80)


def test_a_provider_that_does_not_answer_is_left_for_the_next_night(paid, monkeypatch):
    def silent(self, since, until):
        raise Unanswered("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr(Stripe, "payments_between", silent)
        assert compared() == []
    change(paid, amount=60)
    assert len(compared()) == 2


def test_staff_close_a_difference_with_a_word(as_dora, dora, paid, sandbox):
    refund(sandbox, paid, 2000)
    compared()
    difference = Difference.objects.get()
    address = reverse("admin:billing_difference_clear", args=[difference.pk])
    assert as_dora.post(address, {"reason": ""}).status_code == 200
    difference.refresh_from_db()
    assert difference.cleared_at is None
    answer = as_dora.post(address, {"reason": "Refunded by phone"}, follow=True)
    assert "The difference is closed" in answer.content.decode()
    difference.refresh_from_db()
    assert (difference.cleared_by, difference.cleared_because) == (dora, "Refunded by phone")
    event = AuditEvent.objects.get(action="clear difference")
    assert (event.user, event.customer) == (dora, paid.customer)
    with pytest.raises(Refused, match="closed already"):
        clear_difference(difference=difference, staff=dora, because="x", now=timezone.now())
    assert compared() == []
