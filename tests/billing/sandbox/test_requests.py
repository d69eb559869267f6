"""Keys, parameters, idempotency: how the API treats a request before and around the work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests
import stripe

from billing.sandbox import forms
from billing.sandbox.server import Sandbox

PAY = {
    "amount": "1250",
    "currency": "usd",
    "payment_method": "pm_card_visa",
    "confirm": "true",
    "off_session": "true",
}


def post(sandbox: Sandbox, path: str, data: dict[str, str], *, key: str = "") -> requests.Response:
    headers = {"Authorization": "Bearer sk_test_x", **({"Idempotency-Key": key} if key else {})}
    return requests.post(f"{sandbox.url}/v1/{path}", data, headers=headers, timeout=10)


def control(sandbox: Sandbox, call: str, **given: object) -> requests.Response:
    return requests.post(f"{sandbox.url}/_sandbox/{call}", json=given, timeout=5)


def charged(sandbox: Sandbox) -> int:
    return len(sandbox.state.objects["charge"])


@pytest.mark.parametrize("key", ["", "sk_live_1234567890", "pk_test_x", "sk_test_"])
def test_only_test_keys(payment_sandbox: Sandbox, key: str) -> None:
    answer = requests.get(f"{payment_sandbox.url}/v1/customers", headers={"Authorization": f"Bearer {key}"}, timeout=5)
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert "1234567890" not in answer.text


def test_basic_authentication_and_the_sdks_error_class(payment_sandbox: Sandbox) -> None:
    answer = requests.get(f"{payment_sandbox.url}/v1/customers", auth=("sk_test_x", ""), timeout=5)
    assert answer.json()["object"] == "list"
    wrong = stripe.StripeClient("rk_wrong", base_addresses={"api": payment_sandbox.url})
    with pytest.raises(stripe.AuthenticationError):
        wrong.v1.customers.list()


def test_nested_forms() -> None:
    assert forms.decode("a[b][c]=1&l[0][x]=2&l[1][x]=3&e[]=p&e[]=q&t=") == {
        "a": {"b": {"c": "1"}},
        "l": [{"x": "2"}, {"x": "3"}],
        "e": ["p", "q"],
        "t": "",
    }


def test_numbers_as_names_stay_names(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({"metadata": {"2026": "x", "0": "y"}})
    assert made.metadata.to_dict() == {"2026": "x", "0": "y"}
    assert client.v1.customers.create({"metadata": {"0": "y"}}).metadata.to_dict() == {"0": "y"}


def test_a_body_in_chunks_is_refused(payment_sandbox: Sandbox) -> None:
    answer = requests.post(f"{payment_sandbox.url}/v1/customers", iter([b"name=x"]), timeout=5)
    assert answer.status_code == 413


REFUSED = [
    ({"amount": 100, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
    (
        {"amount": 100, "currency": "usd", "automatic_payment_methods": {"enabled": True, "on": True}},
        "parameter_unknown",
        "automatic_payment_methods[on]",
    ),
    (
        {"amount": 100, "currency": "usd", "payment_method_types": ["card"]},
        "payment_method_types_no_longer_supported",
        "payment_method_types",
    ),
    ({"currency": "usd"}, "parameter_missing", "amount"),
    ({"amount": "ten", "currency": "usd"}, "parameter_invalid_integer", "amount"),
    ({"amount": 100, "currency": "usd", "confirm": "perhaps"}, "parameter_invalid_boolean", "confirm"),
    ({"amount": 100, "currency": "usd", "setup_future_usage": "never"}, None, "setup_future_usage"),
    ({"amount": 100, "currency": "xxx"}, None, "currency"),
    ({"amount": 49, "currency": "usd"}, "amount_too_small", "amount"),
    ({"amount": 100_000_000, "currency": "usd"}, "amount_too_large", "amount"),
    ({"amount": 49, "currency": "jpy"}, "amount_too_small", "amount"),
    ({"amount": 1001, "currency": "kwd"}, "parameter_invalid_integer", "amount"),
    ({"amount": 100, "currency": "usd", "customer": "cus_none"}, "resource_missing", "customer"),
    (
        {"amount": 100, "currency": "usd", "transfer_data": {"destination": "acct_1"}},
        "sandbox_unsupported",
        None,
    ),
    ({"amount": 100, "currency": "usd", "expand": ["secret"]}, None, "expand"),
]


@pytest.mark.parametrize(("params", "code", "param"), REFUSED)
def test_refused_parameters(
    client: stripe.StripeClient,
    payment_sandbox: Sandbox,
    params: dict[str, object],
    code: str | None,
    param: str | None,
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create(params)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert param is None or refused.value.param == param
    assert not payment_sandbox.state.objects["payment_intent"]


def test_fifty_yen_are_fifty(client: stripe.StripeClient) -> None:
    assert client.v1.payment_intents.create({"amount": 50, "currency": "jpy"}).amount == 50


def test_unknown_address_and_missing_object(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    assert post(payment_sandbox, "subscriptions", {}).status_code == 404
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.payment_intents.retrieve("pi_none")
    assert (missing.value.http_status, missing.value.code) == (404, "resource_missing")


def test_same_key_same_answer(payment_sandbox: Sandbox) -> None:
    first = post(payment_sandbox, "payment_intents", PAY, key="k1")
    again = post(payment_sandbox, "payment_intents", PAY, key="k1")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert charged(payment_sandbox) == 1
    post(payment_sandbox, "payment_intents", PAY, key="k2")
    assert charged(payment_sandbox) == 2


def test_a_decline_is_replayed(payment_sandbox: Sandbox) -> None:
    declining = {**PAY, "payment_method": "pm_card_chargeDeclined"}
    first = post(payment_sandbox, "payment_intents", declining, key="k1")
    again = post(payment_sandbox, "payment_intents", declining, key="k1")
    assert first.status_code == again.status_code == 402
    assert first.content == again.content
    assert charged(payment_sandbox) == 1


def test_key_with_another_body_or_address(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    post(payment_sandbox, "payment_intents", PAY, key="k1")
    with pytest.raises(stripe.IdempotencyError) as refused:
        client.v1.payment_intents.create({"amount": 999, "currency": "usd"}, {"idempotency_key": "k1"})
    assert refused.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError):
        client.v1.customers.create({}, {"idempotency_key": "k1"})


def test_a_validation_error_does_not_use_up_the_key(payment_sandbox: Sandbox) -> None:
    assert post(payment_sandbox, "payment_intents", {**PAY, "amount": "1"}, key="k1").status_code == 400
    assert post(payment_sandbox, "payment_intents", PAY, key="k1").status_code == 200


def test_keys_are_forgotten_after_a_day(payment_sandbox: Sandbox) -> None:
    post(payment_sandbox, "payment_intents", PAY, key="k1")
    control(payment_sandbox, "clock", advance=24 * 3600 - 60)
    assert post(payment_sandbox, "payment_intents", PAY, key="k1").headers["Idempotent-Replayed"] == "true"
    control(payment_sandbox, "clock", advance=61)
    assert "Idempotent-Replayed" not in post(payment_sandbox, "payment_intents", PAY, key="k1").headers
    assert charged(payment_sandbox) == 2


@pytest.mark.parametrize(("keys", "expected"), [(1, 1), (32, 32)], ids=["one key", "a key each"])
def test_32_threads(payment_sandbox: Sandbox, keys: int, expected: int) -> None:
    """With one key there is one charge; the control with a key each shows that the threads do get through."""
    together = Barrier(32)

    def shoot(number: int) -> requests.Response:
        together.wait()
        return post(payment_sandbox, "payment_intents", PAY, key=f"key {number % keys}")

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(shoot, range(32)))
    assert charged(payment_sandbox) == expected
    assert {a.status_code for a in answers} <= {200, 409}
    assert len({a.json()["id"] for a in answers if a.status_code == 200}) == expected
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["error"]["type"] == "idempotency_error"


def test_a_request_under_way_holds_its_key(
    payment_sandbox: Sandbox, until: Callable[[Callable[[], bool]], None]
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with payment_sandbox.state.lock:  # the first request waits for the lock with its key taken
            first = pool.submit(post, payment_sandbox, "payment_intents", PAY, key="k1")
            until(lambda: "k1" in payment_sandbox.state.keys._records)
            second = post(payment_sandbox, "payment_intents", PAY, key="k1")
        assert second.status_code == 409
        assert second.json()["error"]["code"] == "idempotency_key_in_use"
        assert first.result().status_code == 200
    assert charged(payment_sandbox) == 1
