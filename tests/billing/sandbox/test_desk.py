"""The front page by hand: every button does what it says, and no other site's page can press one."""

import re
import time
from collections.abc import Callable

import pytest
import requests
import stripe

from billing.sandbox.paynearme.signature import sign
from billing.sandbox.server import Sandbox

YES = {"customer_acceptance": {"type": "online", "online": {"ip_address": "203.0.113.7", "user_agent": "test"}}}
PERSON = {"name": "Alice <b>", "email": "alice@example.com"}


def debit(client: stripe.StripeClient) -> stripe.PaymentIntent:
    customer = client.v1.customers.create({**PERSON})
    return client.v1.payment_intents.create(
        {
            "amount": 2500,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": "pm_usBankAccount_success",
            "setup_future_usage": "off_session",
            "confirm": True,
            "mandate_data": YES,
            "return_url": "https://shop.example/back",
        }
    )


def press(sandbox: Sandbox, button: str, **choices: str) -> str:
    """Press the first button of that name, as a browser sends its form; the page that is shown then."""
    page = requests.get(sandbox.url, timeout=5).text
    for form in re.findall(r'<form method="post" action="/do".*?</form>', page, re.DOTALL):
        if f"<button>{button}</button>" in form:
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
            fields |= dict(re.findall(r'<select name="(\w+)"[^>]*><option>([^<]*)</option>', form))
            answer = requests.post(
                f"{sandbox.url}/do", {**fields, **choices}, headers={"Sec-Fetch-Site": "same-origin"}, timeout=5
            )
            assert answer.status_code == 200, answer.text
            return answer.text
    raise AssertionError(f"no button {button}")


def test_the_bank_pays(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = debit(client)
    press(payment_sandbox, "Bank pays")
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_the_bank_refuses(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = debit(client)
    press(payment_sandbox, "Bank refuses", outcome="no_account")
    assert client.v1.payment_intents.retrieve(intent.id).last_payment_error.code == "no_account"


def test_days_go_by(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = debit(client)
    press(payment_sandbox, "4 days on")
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_a_stored_method_is_refused_and_mended_and_its_mandate_ends(
    client: stripe.StripeClient, payment_sandbox: Sandbox
) -> None:
    intent = debit(client)
    assert "insufficient_funds</td>" in press(payment_sandbox, "Refuse", code="insufficient_funds")
    assert "insufficient_funds</td>" not in press(payment_sandbox, "Mend")
    press(payment_sandbox, "Revoke")
    charge = client.v1.charges.retrieve(intent.latest_charge)
    mandate = client.v1.mandates.retrieve(charge.payment_method_details.us_bank_account.mandate)
    assert mandate.status == "inactive"


def test_a_card_is_renewed_and_a_payment_disputed(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    customer = client.v1.customers.create({**PERSON})
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    press(payment_sandbox, "Renew")
    assert client.v1.payment_methods.retrieve(method.id).card.exp_year == method.card.exp_year + 3
    client.v1.payment_intents.create(
        {
            "amount": 900,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": method.id,
            "confirm": True,
            "off_session": True,
        }
    )
    press(payment_sandbox, "Dispute")
    press(payment_sandbox, "Merchant wins")
    assert client.v1.disputes.list().data[0].status == "won"


def test_faults_are_ordered_and_cleared(payment_sandbox: Sandbox) -> None:
    page = press(payment_sandbox, "Order", kind="rate_limit", times="3", seconds="1.5")
    assert payment_sandbox.faults.shown()[0]["times"] == 3
    assert "rate_limit</td>" in page
    press(payment_sandbox, "Clear all")
    assert payment_sandbox.faults.shown() == []


def test_cash_is_given_back(payment_sandbox: Sandbox) -> None:
    order = {
        "site_identifier": "S0000000001",
        "timestamp": str(int(time.time())),
        "version": "3.0",
        "order_amount": "5.00",
        "order_currency": "USD",
        "order_type": "any",
        "order_is_standing": "true",
        "site_customer_identifier": "easycall",
    }
    order["signature"] = sign(order, "paynearme_sandbox")
    made = requests.post(f"{payment_sandbox.url}/paynearme/json-api/create_order", order, timeout=5).json()["order"]
    assert made["secure_smart_link"].rsplit("/", 1)[-1] in requests.get(payment_sandbox.url, timeout=5).text
    requests.post(made["secure_smart_link"], {"amount": "5"}, timeout=5)
    assert "charged back</td>" in press(payment_sandbox, "Give back", reason="chargeback")


def test_an_event_is_sent_again_and_an_address_added(
    client: stripe.StripeClient, payment_sandbox: Sandbox, until: Callable[[Callable[[], bool]], None]
) -> None:
    client.v1.customers.create({**PERSON})
    press(payment_sandbox, "Send there too", url="http://127.0.0.1:9/hook")
    assert list(payment_sandbox.sender.endpoints) == ["http://127.0.0.1:9/hook"]
    press(payment_sandbox, "Send again")
    # Nobody listens at that address: what is tried is logged.
    until(lambda: any(entry.get("url", "").endswith(":9/hook") for entry in payment_sandbox.sender.log))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://whatever"}, 200),
    ],
)
def test_only_our_own_page_presses(payment_sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    sent = {"call": "faults", "kind": "slow"}
    assert requests.post(f"{payment_sandbox.url}/do", sent, headers=headers, timeout=5).status_code == status
    assert bool(payment_sandbox.faults.shown()) is (status == 200)


@pytest.mark.parametrize("form", [{"call": "faults", "kind": "slow", "times": "many"}, {"call": "faults", "kind": "x"}])
def test_mistakes_are_said(payment_sandbox: Sandbox, form: dict[str, str]) -> None:
    answer = requests.post(f"{payment_sandbox.url}/do", form, timeout=5)
    assert answer.status_code == 400
    assert "Not done" in answer.text


def test_everything_shown_is_escaped(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    debit(client)
    client.v1.payment_methods.attach("pm_card_visa", {"customer": client.v1.customers.create({**PERSON}).id})
    requests.post(f"{payment_sandbox.url}/_sandbox/faults", json={"kind": "slow", "path": "<script>"}, timeout=5)
    page = requests.get(payment_sandbox.url, timeout=5).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
