"""Payment intents, stored cards, declines, 3-D Secure and refunds, driven by the real SDK."""

import pytest
import requests
import stripe

from billing.sandbox.server import Sandbox

NO_REDIRECT = {"enabled": True, "allow_redirects": "never"}
DECLINES = [
    ("4000000000000002", "card_declined", "generic_decline"),
    ("4000000000009995", "card_declined", "insufficient_funds"),
    ("4000000000009987", "card_declined", "lost_card"),
    ("4000000000009979", "card_declined", "stolen_card"),
    ("4000000000000069", "expired_card", "expired_card"),
    ("4000000000000127", "incorrect_cvc", "incorrect_cvc"),
    ("4000000000000119", "processing_error", "processing_error"),
]


def card(client: stripe.StripeClient, number: str) -> stripe.PaymentMethod:
    return client.v1.payment_methods.create(
        {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}}
    )


def pay(client: stripe.StripeClient, method: str, **more: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {
            "amount": 1250,
            "currency": "usd",
            "payment_method": method,
            "confirm": True,
            "automatic_payment_methods": NO_REDIRECT,
            **more,
        }
    )


def charges(sandbox: Sandbox, *, status: str = "succeeded") -> int:
    return sum(c["status"] == status for c in sandbox.state.objects["charge"].values())


def test_create_then_confirm(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = client.v1.payment_intents.create({"amount": 1250, "currency": "USD", "metadata": {"attempt": "a1"}})
    assert (intent.status, intent.currency, intent.livemode) == ("requires_payment_method", "usd", False)
    paid = client.v1.payment_intents.confirm(
        intent.id,
        {
            "payment_method": "pm_card_visa",
            "off_session": True,
            "expand": ["latest_charge", "payment_method"],
        },
    )
    assert paid.status == "succeeded"
    assert paid.amount_received == 1250
    assert paid.latest_charge.amount == 1250
    assert paid.latest_charge.metadata["attempt"] == "a1"
    assert (paid.payment_method.card.brand, paid.payment_method.card.last4) == ("visa", "4242")
    assert client.v1.charges.retrieve(paid.latest_charge.id).paid is True
    assert charges(payment_sandbox) == 1


def test_a_second_confirm_is_refused_and_charges_nothing(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = pay(client, "pm_card_visa")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa", "off_session": True})
    assert refused.value.code == "payment_intent_unexpected_state"
    assert charges(payment_sandbox) == 1


@pytest.mark.parametrize(("number", "code", "decline_code"), DECLINES)
def test_declines(client: stripe.StripeClient, number: str, code: str, decline_code: str) -> None:
    method = card(client, number)
    with pytest.raises(stripe.CardError) as declined:
        pay(client, method.id)
    assert declined.value.http_status == 402
    assert declined.value.code == code
    assert declined.value.error.decline_code == decline_code
    inside = declined.value.error.payment_intent
    assert inside.status == "requires_payment_method"
    stored = client.v1.payment_intents.retrieve(inside.id, {"expand": ["latest_charge"]})
    assert stored.last_payment_error.decline_code == decline_code
    assert stored.latest_charge.status == "failed"


def test_a_real_card_number_is_refused_and_not_kept(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    with pytest.raises(stripe.CardError) as refused:
        card(client, "4539578763621486")
    assert refused.value.error.decline_code == "test_mode_live_card"
    with pytest.raises(stripe.CardError) as refused:
        card(client, "4242424242424241")
    assert refused.value.code == "incorrect_number"
    assert not payment_sandbox.state.objects["payment_method"]


def test_return_url_is_asked_for_where_redirects_are_possible(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        pay(client, "pm_card_visa", automatic_payment_methods={"enabled": True})
    assert refused.value.param == "return_url"


def test_off_session_needs_authentication(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "alice@example.com"})
    method = client.v1.payment_methods.attach("pm_card_authenticationRequired", {"customer": customer.id})
    with pytest.raises(stripe.CardError) as declined:
        pay(client, method.id, customer=customer.id, off_session=True)
    assert declined.value.code == "authentication_required"
    assert declined.value.error.payment_method.id == method.id


@pytest.mark.parametrize(("outcome", "status"), [("complete", "succeeded"), ("fail", "failed")])
def test_challenge_and_return(client: stripe.StripeClient, payment_sandbox: Sandbox, outcome: str, status: str) -> None:
    intent = pay(client, "pm_card_authenticationRequired", return_url="https://shop.example/back?a=1")
    assert intent.status == "requires_action"
    url = intent.next_action.redirect_to_url.url
    assert "Complete authentication" in requests.get(url, timeout=5).text
    assert charges(payment_sandbox) == 0
    for _ in range(2):  # a double click changes nothing
        answer = requests.post(url, {"outcome": outcome}, allow_redirects=False, timeout=5)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("https://shop.example/back?a=1&payment_intent=pi_")
        assert answer.headers["Location"].endswith(f"redirect_status={status}")
    assert charges(payment_sandbox) == (1 if outcome == "complete" else 0)
    after = client.v1.payment_intents.retrieve(intent.id)
    if outcome == "fail":
        assert after.last_payment_error.code == "payment_intent_authentication_failure"


def test_card_set_up_with_authentication_is_later_charged_off_session(
    client: stripe.StripeClient, payment_sandbox: Sandbox
) -> None:
    customer = client.v1.customers.create({"name": "Alice"})
    setup = client.v1.setup_intents.create(
        {
            "customer": customer.id,
            "payment_method": "pm_card_authenticationRequiredOnSetup",
            "confirm": True,
            "return_url": "https://shop.example/back",
        }
    )
    assert setup.status == "requires_action"
    url = setup.next_action.redirect_to_url.url
    requests.post(url, {"outcome": "complete"}, allow_redirects=False, timeout=5)
    setup = client.v1.setup_intents.retrieve(setup.id)
    assert setup.status == "succeeded"
    later = pay(client, setup.payment_method, customer=customer.id, off_session=True)
    assert later.status == "succeeded"
    assert charges(payment_sandbox) == 1


def test_card_that_attaches_and_then_fails(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"name": "Alice"})
    method = client.v1.payment_methods.attach(card(client, "4000000000000341").id, {"customer": customer.id})
    assert method.customer == customer.id
    with pytest.raises(stripe.CardError) as declined:
        pay(client, method.id, customer=customer.id, off_session=True)
    assert declined.value.error.decline_code == "generic_decline"
    with pytest.raises(stripe.CardError):
        client.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": customer.id})


def test_stored_methods_of_a_customer(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "alice@example.com", "metadata": {"a": "1", "b": "2"}})
    visa = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    master = client.v1.payment_methods.attach("pm_card_mastercard", {"customer": customer.id})
    listed = client.v1.payment_methods.list({"customer": customer.id, "type": "card"})
    assert [m.id for m in listed.data] == [master.id, visa.id]
    updated = client.v1.customers.update(
        customer.id,
        {"invoice_settings": {"default_payment_method": visa.id}, "metadata": {"a": "", "c": "3"}},
    )
    assert updated.invoice_settings.default_payment_method == visa.id
    assert updated.metadata.to_dict() == {"b": "2", "c": "3"}
    client.v1.payment_methods.detach(visa.id)
    assert client.v1.customers.retrieve(customer.id).invoice_settings.default_payment_method is None
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_methods.attach(visa.id, {"customer": customer.id})
    stranger = client.v1.customers.create({})
    with pytest.raises(stripe.InvalidRequestError):
        pay(client, master.id, customer=stranger.id)


def test_setup_future_usage_stores_the_card(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({})
    intent = pay(client, "pm_card_visa", customer=customer.id, setup_future_usage="off_session")
    stored = client.v1.customers.payment_methods.list(customer.id)
    assert [m.id for m in stored.data] == [intent.payment_method]
    once = pay(client, "pm_card_visa")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        pay(client, once.payment_method)
    assert "may not be used again" in str(refused.value)


def test_cancel(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "eur"})
    canceled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    paid = pay(client, "pm_card_visa")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.cancel(paid.id)


def test_refunds_stop_at_the_amount_charged(client: stripe.StripeClient) -> None:
    intent = pay(client, "pm_card_visa")
    first = client.v1.refunds.create({"payment_intent": intent.id, "amount": 1000})
    assert (first.status, first.amount) == ("succeeded", 1000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 251})
    assert refused.value.param == "amount"
    rest = client.v1.refunds.create({"charge": intent.latest_charge})
    assert rest.amount == 250
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_already_refunded"
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.refunded, charge.amount_refunded) == (True, 1250)
    assert [r.id for r in client.v1.refunds.list({"charge": charge.id}).data] == [rest.id, first.id]
    whole = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge.refunds"]})
    assert [r.id for r in whole.latest_charge.refunds.data] == [rest.id, first.id]


def test_an_unpaid_intent_has_nothing_to_refund(client: stripe.StripeClient) -> None:
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "usd"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id})


def test_lists_are_paged_newest_first(client: stripe.StripeClient) -> None:
    made = [client.v1.payment_intents.create({"amount": 100 + i, "currency": "usd"}).id for i in range(5)]
    page = client.v1.payment_intents.list({"limit": 2})
    assert [p.id for p in page.data] == [made[4], made[3]]
    assert page.has_more
    assert [p.id for p in page.auto_paging_iter()] == made[::-1]
    back = client.v1.payment_intents.list({"limit": 2, "ending_before": made[1]})
    assert [p.id for p in back.data] == [made[3], made[2]]
    future = client.v1.payment_intents.list({"created": {"gt": 4_000_000_000}})
    assert future.data == []


def test_events_are_kept(client: stripe.StripeClient) -> None:
    intent = pay(client, "pm_card_visa", metadata={"attempt": "a1"})
    types = [event.type for event in client.v1.events.list().data]
    assert types == ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]
    event = client.v1.events.list({"type": "payment_intent.succeeded"}).data[0]
    assert event.data.object.id == intent.id
    assert event.request.idempotency_key
    assert client.v1.events.retrieve(event.id).type == "payment_intent.succeeded"
