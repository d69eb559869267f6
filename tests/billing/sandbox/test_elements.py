"""What the frame of the Payment Element asks; the browser's part is tests/e2e/test_payment_element.py."""

import pytest
import requests
import stripe

from billing.sandbox.server import Sandbox

CARD = {
    "kind": "card",
    "number": "4242424242424242",
    "expiry": "12 / 40",
    "cvc": "123",
    "name": "Alice",
    "email": "alice@example.com",
    "return_url": "https://shop.example/back",
}


def confirm(sandbox: Sandbox, **given: object) -> requests.Response:
    return requests.post(f"{sandbox.url}/v3/confirm", json=given, timeout=5)


@pytest.mark.parametrize("path", ["/v3/", "/v3/stripe.js", "/v3/element.js"])
def test_the_scripts(payment_sandbox: Sandbox, path: str) -> None:
    answer = requests.get(payment_sandbox.url + path, timeout=5)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "eval(" not in answer.text
    assert "innerHTML" not in answer.text


def test_the_frame(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = client.v1.payment_intents.create({"amount": 1900, "currency": "eur"})
    url = f"{payment_sandbox.url}/v3/element?client_secret={intent.client_secret}"
    page = requests.get(url, timeout=5)
    assert 'id="number"' in page.text
    assert 'id="iban"' in requests.get(f"{url}&method=sepa_debit", timeout=5).text
    assert "frame-ancestors http: https:" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    seen = requests.get(f"{payment_sandbox.url}/v3/intent?client_secret={intent.client_secret}", timeout=5)
    assert (seen.json()["id"], seen.headers["Access-Control-Allow-Origin"]) == (intent.id, "*")


@pytest.mark.parametrize("secret", ["", "pi_x_secret_y", "cus_", "evt_1"])
def test_a_wrong_secret_opens_nothing(client: stripe.StripeClient, payment_sandbox: Sandbox, secret: str) -> None:
    intent = client.v1.payment_intents.create({"amount": 1900, "currency": "eur"})
    for wrong in (secret, f"{intent.id}_secret_", intent.id):
        for path in ("element", "intent"):
            answer = requests.get(f"{payment_sandbox.url}/v3/{path}", {"client_secret": wrong}, timeout=5)
            assert answer.status_code == 400
        assert confirm(payment_sandbox, **{**CARD, "client_secret": wrong}).status_code == 400
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


WRONG = [
    ({"number": "4000000000000002"}, 402, "card_declined"),
    ({"number": "1"}, 402, "incorrect_number"),
    ({"email": "nobody"}, 400, None),
    ({"kind": "klarna"}, 400, None),
    ({"kind": "us_bank_account"}, 400, None),
    ({"return_url": "javascript:alert(1)"}, 400, "url_invalid"),
]


@pytest.mark.parametrize(("change", "status", "code"), WRONG)
def test_refusals(
    client: stripe.StripeClient, payment_sandbox: Sandbox, change: dict[str, str], status: int, code: str | None
) -> None:
    intent = client.v1.payment_intents.create({"amount": 1900, "currency": "eur"})
    answer = confirm(payment_sandbox, **{**CARD, "client_secret": intent.client_secret, **change})
    assert answer.status_code == status
    assert answer.json()["error"].get("code") == code


def test_confirmed_once(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = client.v1.payment_intents.create({"amount": 1900, "currency": "eur"})
    first = confirm(payment_sandbox, **CARD, client_secret=intent.client_secret)
    assert first.json()["goTo"].startswith("https://shop.example/back?payment_intent=pi_")
    assert confirm(payment_sandbox, **CARD, client_secret=intent.client_secret).status_code == 400
    assert len(payment_sandbox.state.objects["charge"]) == 1
    assert requests.post(f"{payment_sandbox.url}/v3/confirm", data="[]", timeout=5).status_code == 400
