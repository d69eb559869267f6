"""The bank wants to hear from the payer: a mail, a link for one payment, the bank's page, and it is paid."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import requests
import time_machine
from django.core import signing
from django.test import Client

from billing.models import AutoCharge, AutoPay, Payment
from billing.operations.autopay import link_to_confirm
from selfcare.models import OutgoingMail
from tests.billing.bills import pay
from tests.billing.payments.autopay.charged import (
    DAY,
    NOW,
    answers_as,
    charged_once,
    days,
    ledger_is_right,
    store,
    the_charge,
    told,
    tries,
    turn,
)
from tests.billing.payments.conftest import succeeded_charges

State = AutoCharge.State
SOON = NOW + timedelta(hours=2)


@pytest.fixture
def asked(invoice, sandbox, card):
    """The automatic payment that waits for its payer."""
    answers_as(sandbox, card, "authentication_always")
    turn(NOW)
    return tries()[0]


@pytest.fixture
def link(asked) -> str:
    """The path of the link in the mail."""
    mail = OutgoingMail.objects.get(key__startswith="auto_pay_confirm:")
    assert mail.to == ["alice@example.com"]
    address = next(line for line in mail.body.splitlines() if "/payments/confirm/" in line)
    return urlsplit(address).path


def at(moment):
    return time_machine.travel(moment)


def press(link: str, client: Client | None = None, now=SOON) -> str:
    """The page after its button was pressed by somebody who is not signed in."""
    with at(now):
        answer = (client or Client()).post(link)
    assert answer.status_code == 200
    return answer.content.decode()


def bank_of(page: str) -> str:
    return page.split('href="http://127')[1].split('"')[0].join(["http://127", ""])


def confirm_at_bank(page: str, outcome: str = "complete") -> None:
    address = bank_of(page)
    form = requests.get(address, timeout=5)
    action = form.text.split('action="')[1].split('"')[0] if 'action="' in form.text else address
    requests.post(urljoin(address, action), {"outcome": outcome}, allow_redirects=False, timeout=5)


def test_it_waits_and_is_told_once(asked, sandbox):
    days(NOW, 2, step=timedelta(hours=1))
    assert (asked.state, the_charge().state) == (Payment.State.REQUIRES_ACTION, State.WAITING)
    assert (len(tries()), told("auto_pay_confirm"), told("auto_pay_failed"), succeeded_charges(sandbox)) == (1, 1, 0, 0)


def test_the_link_leads_to_the_bank_and_back(asked, link, sandbox):
    stranger = Client()
    with at(SOON):
        page = stranger.get(link)
    assert page.status_code == 200
    assert "30.00" in page.content.decode()
    assert "Confirm with your bank" in page.content.decode()
    confirm_at_bank(press(link, stranger))
    with at(SOON):
        page = stranger.get(link).content.decode()
    assert "Thank you, it is paid" in page
    assert "_auth_user_id" not in stranger.session, "the link signs nobody in"
    charged_once(sandbox)
    turn(SOON)
    charged_once(sandbox)
    with at(SOON):
        assert "bank" not in stranger.post(link).content.decode(), "it leads to the bank once"


def test_the_payer_closes_the_page_and_the_clock_finds_it_paid(asked, link, sandbox):
    from billing.operations.payments import settle_due  # noqa: PLC0415

    confirm_at_bank(press(link))
    settle_due(now=SOON + timedelta(hours=2))
    turn(SOON + timedelta(hours=2))
    charged_once(sandbox)


def test_the_payer_says_no(asked, link, sandbox):
    confirm_at_bank(press(link), "fail")
    with at(SOON):
        assert Client().get(link).status_code == 200
    turn(SOON)
    assert succeeded_charges(sandbox) == 0
    assert the_charge().state in (State.DUE, State.WAITING)


def test_paid_in_another_way_meanwhile(asked, link, sandbox):
    pay(asked.customer, "30", at=SOON)
    assert "nothing to confirm any more" in press(link)
    days(SOON, 1)
    assert (the_charge().state, succeeded_charges(sandbox)) == (State.NOT_NEEDED, 0)
    ledger_is_right()


def test_paid_in_another_way_and_the_clock_comes_first(asked, link, sandbox):
    pay(asked.customer, "30", at=SOON)
    days(SOON, 1)
    assert the_charge().state == State.NOT_NEEDED
    assert [intent["status"] for intent in sandbox.state.objects["payment_intent"].values()] == ["canceled"]
    assert "nothing to confirm any more" in press(link, now=SOON + DAY)


def test_another_card_meanwhile_is_charged_at_once(asked, link, sandbox):
    store(sandbox, asked.customer)
    turn(SOON)
    turn(SOON + timedelta(minutes=1))
    charged_once(sandbox)
    assert "nothing to confirm any more" in press(link)
    assert succeeded_charges(sandbox) == 1


def test_in_vain_for_three_days(asked, link, sandbox):
    days(NOW, 4, step=timedelta(hours=1))
    assert (the_charge().state, the_charge().failure) == (State.GIVEN_UP, "not_confirmed")
    assert told("auto_pay_not_confirmed") == 1
    assert len(tries()) == 1
    with at(NOW + 4 * DAY):
        page = Client().get(link)
    assert page.status_code == 404
    assert "too old" in page.content.decode()


SALT = "billing.confirm-payment"
MADE_UP = {
    "no signature": "x",
    "another signature": "a:b:c",
    "no id": signing.dumps("x", salt=SALT),
    "a number": signing.dumps(7, salt=SALT),
    "for something else": signing.dumps("x"),
}


@pytest.mark.parametrize("name", MADE_UP)
def test_a_made_up_link_opens_nothing(db, name):
    for method in ("get", "post"):
        assert getattr(Client(), method)(f"/billing/payments/confirm/{MADE_UP[name]}/").status_code == 404


def test_a_link_is_for_automatic_payments_only(asked, sandbox):
    Payment.objects.update(origin=Payment.Origin.CUSTOMER)
    with at(SOON):
        assert Client().get(urlsplit(link_to_confirm(asked)).path).status_code == 404


def test_a_wish_taken_back_ends_it(asked, link, sandbox):
    AutoPay.objects.update(pay_invoices=False)
    days(SOON, 1)
    assert the_charge().state == State.NOT_NEEDED
    assert "nothing to confirm any more" in press(link, now=SOON + DAY)
