"""Disputes, refunds that fail, every decline code, cards renewed by the bank: all by the real SDK."""

import pytest
import requests
import stripe

from billing.sandbox.cards import CARDS, DECLINES, Card, _passes_luhn
from billing.sandbox.server import Sandbox

DAY = 24 * 3600


def control(sandbox: Sandbox, call: str, **given: object) -> requests.Response:
    return requests.post(f"{sandbox.url}/_sandbox/{call}", json=given, timeout=5)


def pay(client: stripe.StripeClient, method: str, **more: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {"amount": 1250, "currency": "usd", "payment_method": method, "confirm": True, "off_session": True, **more}  # type: ignore[misc]
    )


def only_dispute(client: stripe.StripeClient, intent: stripe.PaymentIntent) -> stripe.Dispute:
    (found,) = client.v1.disputes.list({"payment_intent": intent.id}).data
    return found


def types(client: stripe.StripeClient) -> list[str]:
    return [event.type for event in client.v1.events.list({"limit": 100}).data][::-1]


@pytest.mark.parametrize(
    ("name", "reason", "status"),
    [
        ("createDispute", "fraudulent", "needs_response"),
        ("createDisputeProductNotReceived", "product_not_received", "needs_response"),
        ("createDisputeInquiry", "fraudulent", "warning_needs_response"),
    ],
)
def test_cards_that_are_disputed(client: stripe.StripeClient, name: str, reason: str, status: str) -> None:
    intent = pay(client, f"pm_card_{name}")
    assert intent.status == "succeeded"
    dispute = only_dispute(client, intent)
    assert (dispute.reason, dispute.status, dispute.amount) == (reason, status, 1250)
    charge = client.v1.charges.retrieve(intent.latest_charge, {"expand": ["dispute"]})
    assert (charge.disputed, charge.dispute.id) == (True, dispute.id)
    assert ("charge.dispute.funds_withdrawn" in types(client)) is (status == "needs_response")


@pytest.mark.parametrize(("text", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_evidence(client: stripe.StripeClient, text: str, status: str) -> None:
    dispute = only_dispute(client, pay(client, "pm_card_createDispute"))
    client.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Alice"}, "submit": False})
    assert client.v1.disputes.retrieve(dispute.id).status == "needs_response"
    after = client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": text}})
    assert (after.status, after.evidence_details.submission_count) == (status, 1)
    assert types(client)[-1] == "charge.dispute.closed"
    assert ("charge.dispute.funds_reinstated" in types(client)) is (status == "won")
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.disputes.close(dispute.id)


def test_giving_in_and_never_answering(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    first = only_dispute(client, pay(client, "pm_card_createDispute"))
    second = only_dispute(client, pay(client, "pm_card_createDispute"))
    assert client.v1.disputes.close(first.id).status == "lost"
    control(payment_sandbox, "clock", advance=15 * DAY)
    assert client.v1.disputes.retrieve(second.id).status == "lost"
    assert client.v1.disputes.retrieve(second.id).evidence_details.past_due


def test_disputes_on_demand(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = pay(client, "pm_card_visa")
    call = f"charges/{intent.latest_charge}/dispute"
    assert control(payment_sandbox, call, amount=9999).status_code == 400
    assert control(payment_sandbox, call, reason="bored").status_code == 400
    opened = control(payment_sandbox, call, reason="unrecognized", amount=1000).json()["done"]
    assert control(payment_sandbox, call).status_code == 400
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": intent.latest_charge})
    assert refused.value.code == "charge_disputed"
    control(payment_sandbox, f"disputes/{opened['id']}/decide", outcome="won")
    assert only_dispute(client, intent).status == "won"


def test_an_inquiry_that_goes_wrong_takes_the_money(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    dispute = only_dispute(client, pay(client, "pm_card_createDisputeInquiry"))
    control(payment_sandbox, f"disputes/{dispute.id}/decide", outcome="lost")
    assert client.v1.disputes.retrieve(dispute.id).status == "lost"
    assert types(client)[-2:] == ["charge.dispute.funds_withdrawn", "charge.dispute.closed"]


@pytest.mark.parametrize(
    ("name", "status", "left"), [("pendingRefund", "succeeded", 1250), ("refundFail", "failed", 0)]
)
def test_refunds_that_are_known_later(
    client: stripe.StripeClient, payment_sandbox: Sandbox, name: str, status: str, left: int
) -> None:
    intent = pay(client, f"pm_card_{name}")
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    assert refund.status == "pending"
    control(payment_sandbox, "clock", advance=60)
    assert client.v1.refunds.retrieve(refund.id).status == status
    assert client.v1.charges.retrieve(intent.latest_charge).amount_refunded == left


def test_every_decline_code_has_its_card(client: stripe.StripeClient) -> None:
    seen = set()
    for card in CARDS:
        if card.decline and not card.challenge:
            with pytest.raises(stripe.CardError) as declined:
                pay(client, f"pm_card_{card.test_ids[0]}")
            assert (declined.value.error.decline_code, declined.value.code) == (card.decline, DECLINES[card.decline][0])
            seen.add(card.decline)
    assert seen | {"authentication_required"} == set(DECLINES)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.slug)
def test_the_numbers_are_well_formed(card: Card) -> None:
    assert _passes_luhn(card.number)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("threeDSecureRequiredChargeDeclined", "generic_decline"),
        ("authenticationRequiredChargeDeclinedInsufficientFunds", "insufficient_funds"),
    ],
)
def test_declined_after_3d_secure(client: stripe.StripeClient, name: str, code: str) -> None:
    intent = pay(client, f"pm_card_{name}", off_session=False, return_url="https://shop.example/back")
    url = intent.next_action.redirect_to_url.url
    answer = requests.post(url, {"outcome": "complete"}, allow_redirects=False, timeout=5)
    assert answer.headers["Location"].endswith("redirect_status=failed")
    after = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (after.last_payment_error.decline_code, after.latest_charge.status) == (code, "failed")


def test_a_stored_card_turns_bad_and_is_renewed(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    customer = client.v1.customers.create({})
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    control(payment_sandbox, f"payment_methods/{method.id}/decline", code="expired_card")
    with pytest.raises(stripe.CardError) as declined:
        pay(client, method.id, customer=customer.id)
    assert declined.value.error.decline_code == "expired_card"
    control(payment_sandbox, f"payment_methods/{method.id}/decline", code="")
    renewed = {"last4": "1881", "exp_month": 11, "exp_year": 2041}
    control(payment_sandbox, f"payment_methods/{method.id}/renew", **renewed)
    card = client.v1.payment_methods.retrieve(method.id).card
    assert (card.last4, card.exp_month, card.exp_year) == ("1881", 11, 2041)
    assert types(client)[-1] == "payment_method.automatically_updated"
    assert pay(client, method.id, customer=customer.id).status == "succeeded"


@pytest.mark.parametrize("kind", ["payment_intents", "charges", "refunds", "disputes"])
def test_lists_between_two_moments(client: stripe.StripeClient, payment_sandbox: Sandbox, kind: str) -> None:
    made = []
    for _ in range(3):
        intent = pay(client, "pm_card_visa")
        refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 100})
        opened = control(payment_sandbox, f"charges/{intent.latest_charge}/dispute").json()["done"]
        ids = {"payment_intents": intent.id, "charges": intent.latest_charge, "refunds": refund.id}
        made.append({**ids, "disputes": opened["id"]}[kind])
        control(payment_sandbox, "clock", advance=DAY)
    things = getattr(client.v1, kind)
    middle = things.retrieve(made[1]).created
    within = things.list({"created": {"gte": middle, "lt": middle + 3600}}).data
    assert [thing.id for thing in within] == [made[1]]
    assert [t.id for t in things.list({"created": {"gt": middle}}).data] == [made[2]]


@pytest.mark.parametrize("call", ["mandates/mandate_x/revoke", "charges/ch_x/dispute", "charges/ch_x/hug", "x/y/z"])
def test_acts_on_what_is_not_there(payment_sandbox: Sandbox, call: str) -> None:
    assert control(payment_sandbox, call).status_code == 404
