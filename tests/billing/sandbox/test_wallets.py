"""iDEAL and PayPal: approved or refused on a page of their own, and charged again later."""

import pytest
import requests
import stripe

from billing.sandbox.server import Sandbox

BACK = "https://shop.example/back"
PERSON = {"name": "Alice Example", "email": "alice@example.com"}
IDEAL = {"type": "ideal", "ideal": {"bank": "rabobank"}, "billing_details": PERSON}
PAYPAL = {"type": "paypal"}


def start(client: stripe.StripeClient, data: dict[str, object], **more: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {
            "amount": 1900,
            "currency": "eur",
            "payment_method_data": data,
            "confirm": True,
            "return_url": BACK,
            **more,
        }  # type: ignore[misc]
    )


def answer(intent: stripe.PaymentIntent | stripe.SetupIntent, outcome: str) -> requests.Response:
    url = intent.next_action.redirect_to_url.url
    assert requests.get(url, timeout=5).status_code == 200
    return requests.post(url, {"outcome": outcome}, allow_redirects=False, timeout=5)


@pytest.mark.parametrize("data", [IDEAL, PAYPAL], ids=["ideal", "paypal"])
@pytest.mark.parametrize("outcome", ["complete", "fail"])
def test_approve_and_refuse(
    client: stripe.StripeClient, payment_sandbox: Sandbox, data: dict[str, object], outcome: str
) -> None:
    intent = start(client, data)
    assert intent.status == "requires_action"
    assert not payment_sandbox.state.objects["charge"]
    back = answer(intent, outcome).headers["Location"]
    assert back.startswith(f"{BACK}?payment_intent={intent.id}")
    after = client.v1.payment_intents.retrieve(intent.id)
    if outcome == "complete":
        assert (after.status, after.amount_received) == ("succeeded", 1900)
        return
    assert after.status == "requires_payment_method"
    assert after.last_payment_error.code == "payment_method_customer_decline"
    assert not payment_sandbox.state.objects["charge"]


@pytest.mark.parametrize(("data", "currency"), [(IDEAL, "usd"), (PAYPAL, "zar")])
def test_other_currencies(client: stripe.StripeClient, data: dict[str, object], currency: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        start(client, data, currency=currency, amount=5000)
    assert refused.value.code == "payment_intent_incompatible_payment_method"


def test_ideal_leaves_a_sepa_debit_for_later(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({**PERSON})
    intent = start(client, IDEAL, customer=customer.id, setup_future_usage="off_session")
    answer(intent, "complete")
    paid = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    ideal = paid.latest_charge.payment_method_details.ideal
    (debit,) = client.v1.payment_methods.list({"customer": customer.id}).data
    assert (debit.type, debit.id) == ("sepa_debit", ideal.generated_sepa_debit)
    assert debit.sepa_debit.generated_from.charge == paid.latest_charge.id
    assert client.v1.mandates.retrieve(ideal.generated_sepa_debit_mandate).status == "active"
    later = client.v1.payment_intents.create(
        {"amount": 700, "currency": "eur", "customer": customer.id, "payment_method": debit.id}
    )
    assert client.v1.payment_intents.confirm(later.id, {"off_session": True}).status == "processing"


def test_ideal_set_up_without_paying(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({**PERSON})
    intent = client.v1.setup_intents.create(
        {"customer": customer.id, "payment_method_data": IDEAL, "confirm": True, "return_url": BACK}  # type: ignore[typeddict-item]
    )
    assert answer(intent, "complete").headers["Location"].endswith("redirect_status=succeeded")
    done = client.v1.setup_intents.retrieve(intent.id, {"expand": ["latest_attempt"]})
    made = done.latest_attempt.payment_method_details.ideal.generated_sepa_debit
    assert done.status == "succeeded"
    assert [m.id for m in client.v1.payment_methods.list({"customer": customer.id}).data] == [made]
    assert client.v1.setup_attempts.list({"setup_intent": intent.id}).data[0].status == "succeeded"


def test_paypal_is_charged_later_without_its_page(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    customer = client.v1.customers.create({**PERSON})
    intent = start(client, PAYPAL, customer=customer.id, setup_future_usage="off_session")
    answer(intent, "complete")
    (method,) = client.v1.payment_methods.list({"customer": customer.id}).data
    assert method.paypal.payer_email == "buyer@example.com"
    again = {"amount": 700, "currency": "eur", "customer": customer.id, "payment_method": method.id}
    later = client.v1.payment_intents.create(again)  # type: ignore[arg-type]
    assert client.v1.payment_intents.confirm(later.id, {"off_session": True}).status == "succeeded"
    control = f"{payment_sandbox.url}/_sandbox/payment_methods/{method.id}/decline"
    requests.post(control, json={"code": "do_not_honor"}, timeout=5)
    later = client.v1.payment_intents.create(again)  # type: ignore[arg-type]
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.confirm(later.id, {"off_session": True})


def test_paypal_that_nobody_approved_is_not_charged_off_session(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as refused:
        start(client, PAYPAL, off_session=True)
    assert refused.value.code == "authentication_required"


@pytest.mark.parametrize("data", [IDEAL, PAYPAL], ids=["ideal", "paypal"])
def test_what_redirects_needs_a_way_back(client: stripe.StripeClient, data: dict[str, object]) -> None:
    made = client.v1.payment_intents.create(
        {"amount": 900, "currency": "eur", "allowed_payment_method_types": [data["type"]]}  # type: ignore[list-item]
    )
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.confirm(made.id, {"payment_method_data": data})  # type: ignore[typeddict-item]
    assert refused.value.param == "return_url"
