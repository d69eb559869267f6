"""Cash by PayNearMe: a slip, a till, signed callbacks; booked once however it comes."""

import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise, product

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from billing import tasks
from billing.gateways.base import NotDone, Unanswered
from billing.gateways.paynearme import PayNearMe, adapter, wire
from billing.gateways.paynearme.adapter import SLIP_LIFETIME
from billing.gateways.paynearme.reading import payment_of
from billing.models import Payment, WebhookEvent
from billing.operations.payments import check_payment, open_session, settle_due, slips
from billing.operations.payments.states import State
from billing.operations.provider_events import process_waiting
from billing.queries.invoices import unpaid
from selfcare.models import Brand, OutgoingMail
from tests.billing.bills import FEBRUARY, JANUARY, book, invoice_of
from tests.billing.payments.cash import DOORS, KEY, SITE, at_till, callback, give_back, send, slip_of
from tests.billing.payments.conftest import LATER, balance, booked, mails
from tests.parallel import parallel


@pytest.fixture
def cash(sandbox, settings):
    """The sandbox as PayNearMe, without callbacks."""
    settings.PAYNEARME_SITE, settings.PAYNEARME_SECRET = SITE, KEY
    settings.PAYNEARME_URL = f"{sandbox.url}/paynearme"
    Brand(name="ITSP", support_email="care@example.net").save()
    return sandbox


@pytest.fixture
def told(cash, live_server, settings, monkeypatch):
    """PayNearMe asks and tells the portal; tasks run where they are sent."""
    monkeypatch.setattr(tasks.process_webhook, "delay", tasks.process_webhook)
    settings.PORTAL_URL = live_server.url
    cash.till.settings.callback_url = live_server.url + DOORS
    return cash


@pytest.fixture
def slip(cash, alice) -> Payment:
    return slip_of(alice)


def checked(payment: Payment, after: timedelta = timedelta(0)) -> Payment:
    return check_payment(payment_id=payment.pk, now=timezone.now() + after)


def orders(sandbox) -> int:
    return len(sandbox.state.objects["pnm_order"])


def heard(payment: Payment, state: State) -> None:
    """Wait until the callback was processed."""
    deadline = time.monotonic() + 15
    while Payment.objects.get(pk=payment.pk).state != state:
        assert time.monotonic() < deadline, "the callback did not arrive"
        time.sleep(0.05)


def test_the_documented_signature():
    """Names in their order, each with its value, HMAC-SHA256 in hex; neither itself nor the format is signed."""
    fields = {"version": "3.0", "site_identifier": "S1", "timestamp": "1", "format": "json", "signature": "x"}
    assert wire.sign(fields, "secret") == wire.sign(
        {"site_identifier": "S1", "timestamp": "1", "version": "3.0"}, "secret"
    )
    assert wire.sign({"a": True, "b": None}, "s") == wire.sign({"a": "true", "b": ""}, "s")


def test_paying_in_cash(told, alice, easycall):
    slip = slip_of(alice)
    assert (slip.state, slip.provider, len(slip.slip_code)) == (State.PENDING, "paynearme", 18)
    taken = at_till(told, slip, "50.00")
    assert "Thank you" in taken["receipt"]
    heard(slip, State.SUCCEEDED)
    slip.refresh_from_db()
    assert (slip.provider_id, slip.paid_with) == (taken["pnm_payment_identifier"], "Corner Store (test)")
    assert (booked(slip), balance(easycall)) == ([-50], -50)
    assert (mails("payment_slip"), mails("payment_received")) == (1, 1)
    give_back(told, taken)
    heard(slip, State.DISPUTED)
    assert booked(slip) == [-50, 50]


def test_the_slip_goes_by_mail_and_lies_at_its_address(slip, as_alice, as_bob, as_charlie, client):
    mail = OutgoingMail.objects.get(key=f"payment_slip:{slip.pk}")
    assert mail.to == ["alice@example.com"]
    with mail.attachments.get().file.open() as file:
        text = "\n".join(page.extract_text() for page in PdfReader(file).pages)
    assert "50.00 USD" in text
    assert slip.slip_code in text
    assert str(slip.pk) in text
    address = reverse("billing:slip", args=[slip.pk])
    for who in (as_alice, as_bob):
        page = who.get(address)
        assert (page.status_code, page["Content-Type"]) == (200, "application/pdf")
        assert len(PdfReader(io.BytesIO(page.content)).pages) == 1
    assert as_charlie.get(address).status_code == 404
    assert client.get(address).status_code == 302
    Payment.objects.update(state=State.SUCCEEDED, paid_at=timezone.now())
    assert as_alice.get(address).status_code == 404, "a slip that was paid is not given out again"


def test_the_order_says_who_what_and_until_when(slip, cash):
    (order,) = cash.state.objects["pnm_order"].values()
    assert order["site_order_identifier"] == str(slip.pk)
    assert order["site_customer_identifier"] == str(slip.customer_id)
    assert (order["order_amount"], order["order_type"], order["order_is_standing"]) == ("50.00", "exact", "false")
    assert order["order_expiration_date"] == f"{slip.created_at + SLIP_LIFETIME:%Y-%m-%d}"


@pytest.mark.parametrize("kind", ["error_after", "timeout_after", "reset_after", "malformed"])
def test_an_order_whose_answer_was_lost_is_found_by_our_id(cash, alice, fault, monkeypatch, kind):
    monkeypatch.setattr(wire, "TIMEOUT", (0.5, 0.5))
    fault(kind, path="/paynearme/json-api/create_order", seconds=1)
    slip = slip_of(alice)
    assert (slip.state, slip.slip_code) == (State.UNKNOWN, "")
    slip = checked(slip)
    assert (slip.state, orders(cash), mails("payment_slip")) == (State.PENDING, 1, 1)
    at_till(cash, slip, "50.00")
    assert checked(slip).state == State.SUCCEEDED


def test_an_order_that_was_never_made_is_cancelled(cash, alice, fault):
    fault("error_before", path="/paynearme/json-api/create_order")
    slip = slip_of(alice)
    assert checked(slip).state == State.UNKNOWN
    assert (checked(slip, LATER).state, orders(cash)) == (State.CANCELLED, 0)


def test_a_slip_opened_twice_is_one_order(slip, cash):
    Payment.objects.update(state=State.CREATED, session_id="")
    again = open_session(payment=Payment.objects.get(), now=timezone.now())
    assert (again.session_id, orders(cash)) == (slip.session_id, 1)


def test_one_customers_orders_are_made_one_by_one(cash, alice, charlie, monkeypatch):
    asked: list[tuple[str, float, float]] = []
    call = adapter.call

    def slow(method, params):
        began = time.monotonic()
        time.sleep(0.15)
        answer = call(method, params)
        asked.append((params.get("site_customer_identifier", ""), began, time.monotonic()))
        return answer

    monkeypatch.setattr(adapter, "call", slow)
    parallel([lambda: slip_of(alice) for _ in range(4)])
    made = sorted((began, ended) for who, began, ended in asked if who)
    assert len(made) == 4
    assert all(ended <= began for (_b, ended), (began, _e) in pairwise(made))
    asked.clear()
    monkeypatch.setattr(adapter, "_ask", lambda *_args: True)  # the twin: nobody asks for the lock
    parallel([lambda: slip_of(alice) for _ in range(4)])
    made = sorted((began, ended) for who, began, ended in asked if who)
    assert any(began < ended for (_b, ended), (began, _e) in pairwise(made))


def test_a_busy_customer_is_asked_to_try_again(cash, alice, monkeypatch):
    monkeypatch.setattr(adapter, "PATIENCE", 0.1)
    monkeypatch.setattr(adapter, "_ask", lambda *_args: False)
    with pytest.raises(Exception, match="busy"):
        slip_of(alice)
    assert Payment.objects.get().state == State.CREATED


def test_less_or_more_is_booked_as_it_came(cash, alice, easycall):
    total = Decimal(0)
    for cents in range(1, 10_000, 499):
        slip, came = slip_of(alice), Decimal(cents).scaleb(-2)
        at_till(cash, slip, str(came), force=True)
        for _ in range(2):
            paid = checked(slip)
        total += came
        assert (paid.state, paid.amount, booked(paid)) == (State.SUCCEEDED, came, [-came])
    assert balance(easycall) == -total


def test_more_than_is_owed_pays_the_next_invoice(cash, alice, easycall):
    book(easycall, "30", at=JANUARY.start)
    book(easycall, "20", at=FEBRUARY.start)
    invoice_of(easycall, JANUARY)
    slip = slip_of(alice, "30")
    at_till(cash, slip, "45.00", force=True)
    checked(slip)
    assert unpaid(easycall) == 0
    invoice_of(easycall, FEBRUARY)
    assert unpaid(easycall) == 5


def test_tax_has_its_share_of_what_came(cash, charlie, lotus):
    lotus.tax_rate, lotus.currency = Decimal(25), "USD"
    lotus.save()
    charlie.refresh_from_db()
    slip = slip_of(charlie, "20")
    assert slip.total == 25
    at_till(cash, slip, "50.00", force=True)
    paid = checked(slip)
    assert (paid.amount, paid.tax, booked(paid)) == (40, 10, [-40])


def test_paid_twice_is_two_payments_and_staff_are_told(slip, cash, easycall):
    cash.till.settings.authorize = False
    first = at_till(cash, slip, "50.00")
    checked(slip)
    second = at_till(cash, slip, "50.00", force=True)
    parallel([lambda: checked(slip) for _ in range(8)])
    further = Payment.objects.get(further_to=slip)
    slip.refresh_from_db()
    assert (slip.provider_id, further.provider_id) == tuple(t["pnm_payment_identifier"] for t in (first, second))
    assert (booked(slip), booked(further), balance(easycall)) == ([-50], [-50], -100)
    assert OutgoingMail.objects.filter(to=["care@example.net"]).count() == 1
    assert "paid already" in OutgoingMail.objects.get(to=["care@example.net"]).body
    give_back(cash, second, "refund")
    assert checked(further).state == State.REFUNDED
    slip.refresh_from_db()
    assert (booked(further), booked(slip), slip.state) == ([-50, 50], [-50], State.SUCCEEDED)


def test_another_part_became_the_payment_meanwhile(slip, cash):
    """Two who ask at once, of whom one has not seen the first part: nobody takes the other's part for his own."""
    at_till(cash, slip, "50.00", force=True)
    old = PayNearMe().get_payment(session_id=slip.session_id, provider_id="")
    Payment.objects.update(provider_id="another")
    with pytest.raises(Unanswered, match="once more"):
        slips.as_it_came(Payment.objects.get(), old)


@pytest.mark.parametrize("as_form", [False, True])
def test_the_same_confirmation_twenty_times_is_booked_once(slip, cash, as_form):
    taken = at_till(cash, slip, "50.00")
    fields = callback(slip, taken)

    def deliver(_number: int) -> int:
        try:
            return send("confirmation", fields, as_form=as_form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(deliver, range(20))) == {200}
    assert WebhookEvent.objects.count() == 1
    process_waiting(now=timezone.now())
    assert (booked(slip), mails("payment_received")) == ([-50], 1)
    assert send("confirmation", fields).json()["confirmation"]["pnm_order_identifier"] == slip.session_id


FORGED = {
    "another secret": ({}, {"secret": "guessed"}),
    "no signature": ({}, {"signature": ""}),
    "a signature of nothing": ({}, {"signature": "0" * 64}),
    "in capitals": ({}, {"signature": "A" * 64}),
    "another amount": ({}, {"payment_amount": "5000.00"}),
    "another order": ({}, {"pnm_order_identifier": "1"}),
    "another payment": ({}, {"pnm_payment_identifier": "1"}),
    "another of ours": ({}, {"site_order_identifier": "00000000-0000-0000-0000-000000000000"}),
    "a field more": ({}, {"reverse_type": "refund"}),
    "another time": ({}, {"timestamp": "1"}),
    "old": ({"timestamp": str(int(time.time()) - 86_400)}, {}),
    "very old": ({"timestamp": "0"}, {}),
    "of the future": ({"timestamp": str(int(time.time()) + 86_400)}, {}),
    "no time": ({"timestamp": "now"}, {}),
    "another site": ({"site_identifier": "S1"}, {}),
    "no order": ({"pnm_order_identifier": ""}, {}),
    "no payment": ({"pnm_payment_identifier": ""}, {}),
    "a long name": ({"pnm_payment_identifier": "9" * 61}, {}),
    "a line break": ({"pnm_payment_identifier": "9\n9"}, {}),
    "no amount": ({"payment_amount": "much"}, {}),
}


def test_forged_and_old_callbacks_are_refused(slip):
    taken = {"pnm_payment_identifier": "7", "payment_amount": "50.00"}
    for (name, (changed, later)), kind in product(FORGED.items(), ("authorization", "confirmation", "reverse")):
        secret = later.get("secret", KEY)
        after = {field: value for field, value in later.items() if field != "secret"}
        answer = send(kind, callback(slip, taken, **changed), secret=secret, **after)
        assert answer.status_code == 400, (name, kind)
    assert not WebhookEvent.objects.exists()


def test_nonsense_is_refused(cash):
    for body in ("", "[]", "{}", '"x"', "\x00", '{"a": {"b": 1}}', '{"a": 1, "a": 2}', "null"):
        answer = Client().post(f"{DOORS}confirmation/", body, content_type="application/json")
        assert answer.status_code == 400, body
    form = Client().post(f"{DOORS}confirmation/", "a=1&a=2&\xff", content_type="application/x-www-form-urlencoded")
    assert form.status_code == 400


def test_the_doors_are_for_posts_of_a_sensible_size_and_closed_while_cash_is_off(cash, settings):
    assert Client().get(f"{DOORS}confirmation/").status_code == 405
    large = json.dumps({"a": "x" * 70_000})
    assert Client().post(f"{DOORS}confirmation/", large, content_type="application/json").status_code == 413
    settings.PAYNEARME_SITE = ""
    assert Client().post(f"{DOORS}confirmation/", "{}", content_type="application/json").status_code == 404


def test_a_signed_lie_books_nothing(slip, cash):
    """The callback says paid; PayNearMe, when asked, does not."""
    answer = send("confirmation", callback(slip, {"pnm_payment_identifier": "7", "payment_amount": "50.00"}))
    assert answer.status_code == 200
    process_waiting(now=timezone.now())
    assert (checked(slip).state, booked(slip)) == (State.PENDING, [])


def test_a_declined_payment_is_acknowledged_and_not_booked(slip, cash):
    taken = {"pnm_payment_identifier": "7", "payment_amount": "50.00"}
    assert send("confirmation", callback(slip, taken, status="decline")).status_code == 200
    assert not WebhookEvent.objects.exists()


def asked(slip: Payment, **changed: str) -> tuple[str, str]:
    taken = {"pnm_payment_identifier": "7", "payment_amount": "50.00"}
    answer = send("authorization", callback(slip, taken, **changed)).json()["authorization"]
    return answer["accept_payment"], answer["receipt"]


def test_what_a_till_is_answered(slip):
    assert asked(slip)[0] == "yes"
    assert asked(slip, payment_amount="10.00")[0] == "yes"
    assert asked(slip, payment_amount="0")[0] == "no"
    assert asked(slip, payment_amount="1000000.00")[0] == "no"
    assert asked(slip, payment_currency="EUR")[0] == "no"
    assert asked(slip, pnm_order_identifier="another") == ("no", "We do not know this slip.")
    assert asked(slip, site_order_identifier="no uuid") == ("no", "We do not know this slip.")
    for state in (State.CANCELLED, State.FAILED):
        Payment.objects.update(state=state)
        assert "no longer" in asked(slip)[1]
    Payment.objects.update(state=State.SUCCEEDED, paid_at=timezone.now())
    assert asked(slip) == ("no", "This slip was paid already.")
    long_ago = timezone.now() - SLIP_LIFETIME - timedelta(days=2)
    Payment.objects.update(state=State.PENDING, paid_at=None, created_at=long_ago)
    assert asked(slip)[0] == "no"
    assert not WebhookEvent.objects.exists()


def test_the_till_obeys_us(told, alice):
    slip = slip_of(alice)
    Payment.objects.update(state=State.CANCELLED)
    taken = at_till(told, slip, "50.00")
    assert (taken["payment_status"], booked(slip)) == ("rejected", [])


def test_late_cash_on_a_closed_slip_is_booked_and_staff_are_told(cash, alice, easycall):
    cash.till.settings.authorize = False  # a till that could not ask
    for days in range(1, 21):
        slip = slip_of(alice)
        ended = State.CANCELLED if days % 2 else State.FAILED
        Payment.objects.filter(pk=slip.pk).update(state=ended, next_check_at=None)
        taken = at_till(cash, slip, "50.00", force=True)
        send("confirmation", callback(slip, taken))
        process_waiting(now=timezone.now() + timedelta(days=days))
        slip.refresh_from_db()
        assert (slip.state, booked(slip), balance(easycall)) == (State.SUCCEEDED, [-50], -50 * days)
        alert = OutgoingMail.objects.get(to=["care@example.net"], body__contains=str(slip.pk))
        assert "slip that was closed. It is booked." in alert.body


def test_a_slip_that_nobody_paid_ends(slip, cash):
    slip.refresh_from_db()
    assert slip.next_check_at <= timezone.now() + timedelta(hours=1)
    with cash.state.lock:
        cash.state.offset += 16 * 86_400
    for hours in range(0, 24 * 17, 24):
        settle_due(now=timezone.now() + timedelta(hours=hours + 2))
    slip.refresh_from_db()
    assert (slip.state, booked(slip), mails("payment_failed")) == (State.CANCELLED, [], 0)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("cancel", State.REFUNDED),
        ("refund", State.REFUNDED),
        ("return", State.REFUNDED),
        ("chargeback", State.DISPUTED),
    ],
)
def test_money_that_goes_back_is_taken_off_again(slip, cash, reason, state):
    taken = at_till(cash, slip, "50.00")
    checked(slip)
    give_back(cash, taken, reason)
    fields = callback(slip, taken, reverse_type=reason)
    for _ in range(3):
        assert send("reverse", fields).status_code == 200
    process_waiting(now=timezone.now())
    slip.refresh_from_db()
    assert (slip.state, booked(slip), WebhookEvent.objects.count()) == (state, [-50, 50], 1)


@pytest.mark.parametrize("fields", [{}, {"order_status": "open"}, {"order_amount": "x"}])
def test_an_order_that_cannot_be_read_is_no_answer(fields):
    with pytest.raises(Unanswered):
        payment_of([fields], provider_id="")
    with pytest.raises(Unanswered):
        payment_of([], provider_id="")


def test_what_paynearme_cannot_do_it_says(cash):
    since = timezone.now()
    with pytest.raises(NotDone):
        PayNearMe().payments_between(since=since, until=since)
    with pytest.raises(NotDone):
        PayNearMe().get_payment(session_id="404", provider_id="")
