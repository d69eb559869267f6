"""The webhook door: only what the provider signed, kept once, answered at once, used as a hint only."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import stripe
from django.db import connection
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from billing import tasks
from billing.models import Payment, StoredMethod, WebhookEvent
from billing.operations.methods import open_method_page
from billing.operations.payments import charge_stored, open_session
from billing.operations.payments.states import State
from billing.operations.provider_events import MOST_TRIES, process_event, process_waiting
from selfcare.celery import app
from tests.billing.payments.conftest import (
    SECRET,
    begin,
    booked,
    mails,
    pay_on_page,
    refund,
    succeeded_charges,
    until,
)
from tests.billing.payments.stored import begin_stored, post, stored_card, told_by_control

ADDRESS = "/payments/webhooks/stripe/"


@pytest.fixture
def at_once(monkeypatch):
    """Tasks run where they are sent, as a worker would run them an instant later."""
    monkeypatch.setattr(tasks.process_webhook, "delay", tasks.process_webhook)


@pytest.fixture
def no_broker(monkeypatch):
    """Redis is down."""

    def refuse(*_args):
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.process_webhook, "delay", refuse)


@pytest.fixture
def told(sandbox, live_server, settings):
    """The sandbox sends its webhooks to the portal."""
    settings.PORTAL_URL = live_server.url
    sandbox.sender.register(live_server.url + ADDRESS)
    return sandbox


def body_of(payment: Payment, *, event_id: str = "evt_1", type: str = "checkout.session.completed") -> str:
    session = {"id": payment.session_id, "object": "checkout.session", "metadata": {"payment": str(payment.pk)}}
    return json.dumps({"id": event_id, "object": "event", "type": type, "data": {"object": session}})


def send(body: str, *, secret: str = SECRET, age: int = 0, header: str | None = None) -> int:
    signed = stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=int(time.time()) - age)
    client = Client(enforce_csrf_checks=True)
    signature = signed if header is None else header
    answer = client.post(ADDRESS, body, content_type="application/json", headers={"Stripe-Signature": signature})
    return answer.status_code


def test_a_payment_is_booked_by_its_webhook(told, opened, at_once):
    pay_on_page(opened.session_url)
    until(lambda: Payment.objects.get(pk=opened.pk).state == State.SUCCEEDED)
    assert booked(opened) == [-50]


def test_a_refund_and_its_webhook(told, opened, at_once):
    pay_on_page(opened.session_url)
    until(lambda: Payment.objects.get(pk=opened.pk).state == State.SUCCEEDED)
    refund(told, Payment.objects.get(pk=opened.pk))
    until(lambda: Payment.objects.get(pk=opened.pk).state == State.REFUNDED)
    assert booked(opened) == [-50, 50]


def test_the_same_event_a_hundred_times_in_parallel(opened, at_once):
    pay_on_page(opened.session_url)
    body = body_of(opened)

    def deliver(_number: int) -> int:
        try:
            return send(body)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(deliver, range(100))) == {200}
    assert WebhookEvent.objects.count() == 1
    assert (booked(opened), mails("payment_received")) == ([-50], 1)


def test_many_events_of_one_payment_in_any_order(told, alice, fault, at_once):
    fault("webhook_shuffle", times=20, seconds=0.4)
    fault("webhook_duplicate", times=20, copies=3)
    payment = open_session(payment=begin(alice), now=timezone.now())
    pay_on_page(payment.session_url)
    until(lambda: Payment.objects.get(pk=payment.pk).state == State.SUCCEEDED)
    time.sleep(0.6)
    assert booked(payment) == [-50]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"secret": "whsec_forged"}, 400),
        ({"age": 301}, 400),
        ({"age": -310}, 400),
        ({"age": 290}, 200),
        ({"header": ""}, 400),
        ({"header": "t=1,v1=00"}, 400),
        ({"header": "nonsense"}, 400),
    ],
)
def test_forged_and_old_messages_are_refused(opened, no_broker, given, status):
    assert send(body_of(opened), **given) == status
    assert WebhookEvent.objects.exists() == (status == 200)


def test_during_a_rotation_of_the_secret_both_signatures_come_and_one_is_ours(opened, no_broker):
    body, stamp = body_of(opened), int(time.time())
    headers = [
        stripe.WebhookSignature.generate_signature_header(body, secret, timestamp=stamp)
        for secret in ("whsec_of_tomorrow", SECRET)
    ]
    both = f"{headers[0]},{headers[1].partition(',')[2]}"
    assert send(body, header=both) == 200
    assert send(body, header=headers[0]) == 400
    assert WebhookEvent.objects.count() == 1


@pytest.mark.parametrize("more", [{"livemode": True}, {"account": "acct_other"}])
def test_another_mode_or_account_is_refused(opened, no_broker, more):
    body = json.dumps(json.loads(body_of(opened)) | more)
    assert send(body) == 400
    assert not WebhookEvent.objects.exists()


def test_two_events_of_one_fact_book_once(opened, at_once):
    pay_on_page(opened.session_url)
    for number in range(50):
        assert send(body_of(opened, event_id=f"evt_{number}")) == 200
    assert (WebhookEvent.objects.count(), booked(opened), mails("payment_received")) == (50, [-50], 1)


def test_a_webhook_before_the_charge_was_answered(sandbox, alice, at_once):
    """The provider tells of a charge whose id we do not know yet: it is found by our own id."""
    payment = begin_stored(alice, stored_card(sandbox, alice))
    charge_stored(payment=payment, now=timezone.now())
    intent = Payment.objects.get(pk=payment.pk).provider_id
    thing = {"id": intent, "object": "payment_intent", "metadata": {"payment": str(payment.pk)}}
    body = json.dumps({"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": thing}})
    assert send(body) == 200
    assert (booked(payment), succeeded_charges(sandbox)) == ([-50], 1)


def test_methods_and_visits_are_told_about_by_webhook(told, alice, at_once):
    """The card is stored, renewed and taken away at the provider, and nobody comes back to our page."""
    now = timezone.now()
    setup = open_method_page(customer=alice.customer, user=alice, kind="card", setup_id=uuid4(), now=now)
    pay_on_page(setup.session_url)
    until(lambda: StoredMethod.objects.exists())
    method = StoredMethod.objects.get()
    told_by_control(told, f"payment_methods/{method.ref}/renew", last4="1881", exp_year=2044)
    until(lambda: StoredMethod.objects.get().last4 == "1881")
    post(told, f"payment_methods/{method.ref}/detach")
    until(lambda: not StoredMethod.objects.get().usable)
    assert StoredMethod.objects.get().exp_year == 2044


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"id": "evt_1"}', '{"data": {"object": null}}', "\x00", '"text"'])
def test_signed_nonsense_is_refused(sandbox, body):
    assert send(body) == 400


def test_a_tampered_body_is_refused(opened):
    body = body_of(opened)
    signed = stripe.WebhookSignature.generate_signature_header(body, SECRET)
    assert send(body.replace("completed", "expired"), header=signed) == 400


def test_bytes_that_are_no_text_are_refused(sandbox):
    answer = Client().post(ADDRESS, b"\xff\xfe", content_type="application/json", headers={"Stripe-Signature": "t=1"})
    assert answer.status_code == 400


def test_get_is_not_taken(db):
    assert Client().get(ADDRESS).status_code == 405


def test_a_signed_lie_books_nothing(opened, at_once):
    """The event says paid; the provider, when asked, does not."""
    assert send(body_of(opened)) == 200
    assert Payment.objects.get(pk=opened.pk).state == State.PENDING
    assert booked(opened) == []


def test_without_redis_it_is_still_200_and_the_clockwork_books(opened, no_broker):
    pay_on_page(opened.session_url)
    assert send(body_of(opened)) == 200
    assert booked(opened) == []
    tasks.process_webhooks()
    assert booked(opened) == [-50]
    assert process_waiting(now=timezone.now()) == 0


def test_a_broker_that_is_really_not_there(opened, monkeypatch):
    monkeypatch.setitem(app.conf, "broker_url", "redis+socket:///nowhere/redis.sock")
    monkeypatch.setattr(app, "_pool", None)
    started = time.monotonic()
    assert send(body_of(opened)) == 200
    assert time.monotonic() - started < 4
    assert WebhookEvent.objects.get().processed_at is None


def test_an_event_before_we_know_the_session(begun, sandbox, at_once, monkeypatch):
    """The provider is faster than our own commit of its answer."""
    from_provider = open_session(payment=begun, now=timezone.now())
    pay_on_page(from_provider.session_url)
    Payment.objects.update(state=State.UNKNOWN, session_id="", session_url="", provider_id="")
    assert send(body_of(from_provider)) == 200
    assert booked(begun) == [-50]


def test_events_of_others_are_kept_and_done(sandbox, at_once):
    thing = {"id": "ch_1", "object": "charge", "payment_intent": "pi_other", "metadata": {}}
    body = json.dumps({"id": "evt_9", "type": "charge.succeeded", "data": {"object": thing}})
    assert send(body) == 200
    event = WebhookEvent.objects.get()
    assert (event.object_id, event.error) == ("pi_other", "Nothing of ours.")
    assert event.processed_at is not None


def test_events_that_tell_nothing_are_not_kept(sandbox):
    body = json.dumps({"id": "evt_9", "type": "product.created", "data": {"object": {"id": "p", "object": "product"}}})
    assert send(body) == 200
    assert not WebhookEvent.objects.exists()


def test_an_event_nobody_can_answer_waits_and_ends(opened, sandbox, no_broker):
    send(body_of(opened))
    sandbox.stop()
    event = WebhookEvent.objects.get()
    for tries in range(1, MOST_TRIES + 1):
        process_event(event_id=event.pk, now=timezone.now())
        event.refresh_from_db()
        assert event.tries == tries
        assert (event.processed_at is not None) == (tries == MOST_TRIES)
    assert event.error


def test_nothing_of_the_card_is_kept(told, opened, at_once, live_server, tmp_path):
    """The number typed on the provider's page is in no table, no mail and no file of ours."""
    pay_on_page(opened.session_url, number="4242424242424242")
    until(lambda: Payment.objects.get(pk=opened.pk).state == State.SUCCEEDED)
    dump = "\n".join(every_row())
    assert "Visa 4242" in dump
    assert [number for number in candidates(dump) if luhn(number)] == []
    assert "cvc" not in dump.lower()


def every_row():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of our own tables
            yield from (row for (row,) in cursor.fetchall())


def candidates(text: str) -> list[str]:
    """Runs of 13 to 19 digits, with spaces or dashes between groups, as card numbers are written."""
    return [re.sub("[ -]", "", run) for run in re.findall(r"(?<!\d)(?:\d{13,19}|\d{4}(?:[ -]\d{4}){3})(?!\d)", text)]


def luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def test_the_search_for_card_numbers_finds_one():
    assert [n for n in candidates("x 4242 4242 4242 4242 y") if luhn(n)] == ["4242424242424242"]
