"""Many workers at the same moment, a person beside them, and a clock that strikes twice: charged once."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from billing.models import AutoCharge, Payment
from billing.operations.autopay import find_due, trying
from billing.operations.payments import OPEN, begin_payment, charge_stored, charging
from billing.queries.auto_pay import Wanted
from tests.billing.bills import FEBRUARY, MARCH, book, invoice_of
from tests.billing.payments.autopay.charged import DAY, NOW, charged_once, tries, turn
from tests.billing.payments.conftest import succeeded_charges
from tests.parallel import parallel


def test_32_runs_at_once(invoice, sandbox):
    parallel([lambda: turn(NOW)] * 32)
    turn(NOW + timedelta(minutes=1))
    charged_once(sandbox)
    assert len(tries()) == 1


def test_without_the_guards_there_would_be_several(invoice, sandbox, monkeypatch, card):
    """The twin: a charge is not taken by one worker, its try has an id of chance, and nobody looks again."""
    find_due(now=NOW)

    def another(charge, method, amount, now):
        return begin_payment(
            customer=charge.customer, user=None, payment_id=uuid4(), amount=amount, stored=method,
            origin=Payment.Origin.AUTO, now=now,
        )  # fmt: skip

    monkeypatch.setattr(trying, "take", lambda pk, now: AutoCharge.objects.select_related("customer").get(pk=pk))
    monkeypatch.setattr(trying, "_written_down", another)
    monkeypatch.setattr(trying, "refresh", lambda customer, now: None)
    monkeypatch.setattr(trying, "wanted_now", lambda charge: Wanted(Decimal(30), Decimal(0), False))
    monkeypatch.setattr(charging, "still_wanted", lambda payment: True)
    parallel([lambda: turn(NOW)] * 6)
    assert succeeded_charges(sandbox) > 1


def test_a_person_presses_pay_at_the_same_moment(invoice, sandbox, alice, card):
    """Whoever comes second finds the other: his press is refused, or auto-pay steps back."""

    def press():
        payment = begin_payment(
            customer=alice.customer, user=alice, payment_id=uuid4(), amount=Decimal(30), stored=card, now=NOW
        )
        return charge_stored(payment=payment, now=NOW)

    parallel([press, *[lambda: turn(NOW)] * 4])
    for minute in (1, 5, 12, 25):
        turn(NOW + timedelta(minutes=minute))
    assert succeeded_charges(sandbox) == 1
    assert not Payment.objects.filter(state__in=OPEN).exists()
    assert AutoCharge.objects.get().state in (AutoCharge.State.PAID, AutoCharge.State.NOT_NEEDED)


@pytest.mark.parametrize("workers", [1, 2])
def test_three_days_missed(invoice, sandbox, workers):
    """Three invoices became due meanwhile: each is charged once, by a clock that strikes once or twice."""
    book(invoice.customer, "20", at=FEBRUARY.start)
    invoice_of(invoice.customer, FEBRUARY)
    book(invoice.customer, "10", at=MARCH.start)
    invoice_of(invoice.customer, MARCH)
    for minute in range(8):
        parallel([lambda minute=minute: turn(MARCH.end + 3 * DAY + timedelta(minutes=minute))] * workers)
    assert [each.amount for each in tries()] == [30, 20, 10]
    assert succeeded_charges(sandbox) == 3
