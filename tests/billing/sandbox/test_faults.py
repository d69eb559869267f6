"""Webhooks, faults on demand, the control calls, the process itself."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import stripe

from billing.sandbox.accounts import ACCOUNTS
from billing.sandbox.acts import ACTS
from billing.sandbox.cards import CARDS
from billing.sandbox.faults import ALL_FAULTS
from billing.sandbox.paynearme.api import CALLS
from billing.sandbox.paynearme.control import ACTS as PAYNEARME_ACTS
from billing.sandbox.server import Sandbox, start
from billing.sandbox.state import ADDED

from .conftest import SECRET, Receiver

Until = Callable[[Callable[[], bool]], None]
ROOT = Path(__file__).parents[3]
PAY = {
    "amount": 1250,
    "currency": "usd",
    "payment_method": "pm_card_visa",
    "confirm": True,
    "off_session": True,
}


def control(sandbox: Sandbox, call: str, **given: object) -> requests.Response:
    return requests.post(f"{sandbox.url}/_sandbox/{call}", json=given, timeout=5)


def fault(sandbox: Sandbox, kind: str, **given: object) -> None:
    assert control(sandbox, "faults", kind=kind, **given).status_code == 200


def charged(sandbox: Sandbox) -> int:
    return len(sandbox.state.objects["charge"])


def test_signed_webhooks_arrive_in_order(client: stripe.StripeClient, receiver: Receiver, until: Until) -> None:
    intent = client.v1.payment_intents.create(PAY)
    until(lambda: len(receiver.events) == 3)
    assert receiver.types == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]
    assert receiver.events[2].data.object.id == intent.id
    until(lambda: client.v1.events.retrieve(receiver.events[2].id).pending_webhooks == 0)


def test_a_wrong_secret_does_not_verify(client: stripe.StripeClient, receiver: Receiver, until: Until) -> None:
    client.v1.customers.create({})
    until(lambda: len(receiver.bodies) == 1)
    forged = stripe.WebhookSignature.generate_signature_header(receiver.bodies[0].decode(), "whsec_other")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(receiver.bodies[0], forged, SECRET)


def test_a_refused_webhook_comes_again(client: stripe.StripeClient, receiver: Receiver, until: Until) -> None:
    receiver.refuse_first = 3
    client.v1.customers.create({})
    until(lambda: receiver.types == ["customer.created"])
    assert receiver.refuse_first == 0


def test_nobody_listening_then_somebody(
    client: stripe.StripeClient, payment_sandbox: Sandbox, receiver: Receiver, until: Until
) -> None:
    receiver.stop()
    client.v1.customers.create({})
    until(lambda: len(payment_sandbox.sender.log) >= 2)
    assert {entry["status"] for entry in payment_sandbox.sender.log} == {0}
    again = Receiver()
    payment_sandbox.sender.endpoints[receiver.url].url = again.url
    until(lambda: again.types == ["customer.created"])
    again.stop()


def test_lost_webhook_and_resend(
    client: stripe.StripeClient, payment_sandbox: Sandbox, receiver: Receiver, until: Until
) -> None:
    fault(payment_sandbox, "webhook_lost", event="payment_intent.succeeded")
    client.v1.payment_intents.create(PAY)
    until(lambda: len(receiver.events) == 2)
    client.v1.customers.create({})
    until(lambda: len(receiver.events) == 3)
    assert "payment_intent.succeeded" not in receiver.types
    event = client.v1.events.list({"type": "payment_intent.succeeded"}).data[0]
    control(payment_sandbox, f"events/{event.id}/resend")
    until(lambda: receiver.types[-1] == "payment_intent.succeeded")


def test_duplicate_late_and_shuffled_webhooks(
    client: stripe.StripeClient, payment_sandbox: Sandbox, receiver: Receiver, until: Until
) -> None:
    fault(payment_sandbox, "webhook_duplicate", copies=3)
    client.v1.customers.create({})
    until(lambda: len(receiver.events) == 3)
    assert len({event.id for event in receiver.events}) == 1
    receiver.events.clear()
    fault(payment_sandbox, "webhook_late", seconds=0.3, event="charge.*")
    client.v1.payment_intents.create(PAY)
    until(lambda: len(receiver.events) == 3)
    assert receiver.types == ["payment_intent.created", "payment_intent.succeeded", "charge.succeeded"]
    receiver.events.clear()
    fault(payment_sandbox, "webhook_shuffle", seconds=0.3, times=3)
    client.v1.payment_intents.create(PAY)
    until(lambda: len(receiver.events) == 3)
    assert receiver.types == ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]


@pytest.mark.parametrize(("kind", "done"), [("timeout_before", 0), ("timeout_after", 1)])
def test_no_answer(client: stripe.StripeClient, payment_sandbox: Sandbox, kind: str, done: int) -> None:
    fault(payment_sandbox, kind, seconds=0.1)
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"})
    assert charged(payment_sandbox) == done
    again = client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"})
    assert again.status == "succeeded"
    assert charged(payment_sandbox) == 1


@pytest.mark.parametrize(("kind", "done"), [("error_before", 0), ("error_after", 1)])
def test_a_500_is_stored_under_the_key(
    client: stripe.StripeClient, payment_sandbox: Sandbox, kind: str, done: int
) -> None:
    fault(payment_sandbox, kind)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as broken:
            client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"})
        assert broken.value.http_status == 500
    assert broken.value.headers["Idempotent-Replayed"] == "true"
    assert charged(payment_sandbox) == done


def test_a_429_is_not_stored(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    fault(payment_sandbox, "rate_limit", path="/v1/payment_intents", times=2)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"})
    client.v1.customers.create({})
    assert client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"}).status == "succeeded"


@pytest.mark.parametrize(("kind", "done"), [("reset_before", 0), ("reset_after", 1)])
def test_a_torn_connection(client: stripe.StripeClient, payment_sandbox: Sandbox, kind: str, done: int) -> None:
    fault(payment_sandbox, kind)
    with pytest.raises(stripe.APIConnectionError) as torn:
        client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"})
    assert "reset by peer" in str(torn.value)
    assert charged(payment_sandbox) == done
    assert client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"}).status == "succeeded"
    assert charged(payment_sandbox) == 1


def test_half_an_answer(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    fault(payment_sandbox, "malformed")
    with pytest.raises(stripe.APIError) as broken:
        client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"})
    assert "Invalid response body" in str(broken.value)
    assert client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"}).status == "succeeded"
    assert charged(payment_sandbox) == 1


def test_a_slow_answer(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    fault(payment_sandbox, "slow", seconds=0.4)
    began = time.monotonic()
    assert client.v1.payment_intents.create(PAY).status == "succeeded"
    assert time.monotonic() - began >= 0.4


def test_a_storm_of_429_blows_over(client: stripe.StripeClient, payment_sandbox: Sandbox, until: Until) -> None:
    fault(payment_sandbox, "rate_limit", method="*", lasting=0.6)
    for _ in range(5):
        with pytest.raises(stripe.RateLimitError):
            client.v1.customers.list()
    until(lambda: not payment_sandbox.faults.shown())
    assert client.v1.customers.list().data == []


def test_the_sdks_own_retry_charges_once(payment_sandbox: Sandbox) -> None:
    retrying = stripe.StripeClient("sk_test_x", base_addresses={"api": payment_sandbox.url}, max_network_retries=2)
    fault(payment_sandbox, "timeout_after", seconds=0)
    assert retrying.v1.payment_intents.create(PAY).status == "succeeded"
    assert charged(payment_sandbox) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "earthquake"},
        {"kind": "rate_limit", "times": 0},
        {"kind": "rate_limit", "lasting": -1},
        {"kind": "rate_limit", "colour": 1},
        {},
    ],
)
def test_faults_that_do_not_exist(payment_sandbox: Sandbox, given: dict[str, object]) -> None:
    assert control(payment_sandbox, "faults", **given).status_code == 400


def test_state_and_reset(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    client.v1.payment_intents.create(PAY)
    fault(payment_sandbox, "rate_limit")
    seen = requests.get(f"{payment_sandbox.url}/_sandbox/state", timeout=5)
    assert len(seen.json()["objects"]["charge"]) == 1
    assert seen.json()["faults"][0]["kind"] == "rate_limit"
    assert '"_' not in seen.text
    control(payment_sandbox, "reset")
    after = requests.get(f"{payment_sandbox.url}/_sandbox/state", timeout=5).json()
    assert not any(after["objects"].values())
    assert after["faults"] == []


def test_webhooks_are_registered_by_control(
    client: stripe.StripeClient, payment_sandbox: Sandbox, until: Until
) -> None:
    receiver = Receiver()
    assert control(payment_sandbox, "webhooks", url="file:///etc/passwd").status_code == 400
    control(payment_sandbox, "webhooks", url=receiver.url, secret=SECRET)
    client.v1.customers.create({})
    until(lambda: receiver.types == ["customer.created"])
    receiver.stop()


def test_a_changed_secret_keeps_what_waits(
    client: stripe.StripeClient, payment_sandbox: Sandbox, receiver: Receiver, until: Until
) -> None:
    receiver.refuse_first = 1
    client.v1.customers.create({})
    until(lambda: receiver.refuse_first == 0)
    control(payment_sandbox, "webhooks", url=receiver.url, secret=SECRET)
    until(lambda: receiver.types == ["customer.created"])


def test_other_pages_cannot_send_control_calls(payment_sandbox: Sandbox) -> None:
    answer = requests.post(f"{payment_sandbox.url}/_sandbox/reset", data="{}", timeout=5)
    assert answer.status_code == 415


def test_front_page_and_health(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = client.v1.payment_intents.create(PAY)
    page = requests.get(payment_sandbox.url, timeout=5).text
    assert intent.id in page
    assert "payment_intent.succeeded" in page
    assert "4242 4242 4242 4242" in page
    assert requests.get(f"{payment_sandbox.url}/_sandbox/health", timeout=5).json() == {"ok": True}


def test_a_stopped_sandbox_answers_nobody() -> None:
    sandbox = start(port=0)
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": sandbox.url}, max_network_retries=0)
    client.v1.customers.create({})  # leaves a connection open
    sandbox.stop()
    with pytest.raises(stripe.APIConnectionError):
        client.v1.customers.create({})


def test_the_file_keeps_objects_and_keys_but_no_card_number(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.json"
    first = start(port=0, data=file)
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": first.url})
    method = client.v1.payment_methods.create(
        {"type": "card", "card": {"number": "4000000000009995", "exp_month": 12, "exp_year": 2040}}
    )
    with pytest.raises(stripe.CardError):
        client.v1.payment_intents.create({**PAY, "payment_method": method.id}, {"idempotency_key": "declined"})
    paid = client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"})
    first.stop()
    text = file.read_text()
    assert re.findall(r"\b\d{12,19}\b", text) == []
    assert file.stat().st_mode & 0o077 == 0
    assert "9995" in text
    second = start(port=0, data=file)
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": second.url})
    assert client.v1.payment_intents.retrieve(paid.id).status == "succeeded"
    assert client.v1.payment_intents.create(PAY, {"idempotency_key": "k1"}).id == paid.id
    assert len(second.state.objects["charge"]) == 2
    second.stop()


def test_the_file_of_an_older_sandbox_is_read(tmp_path: Path) -> None:
    """Written before there were debits, disputes and PayNearMe: what came since has its usual values."""
    file = tmp_path / "sandbox.json"
    first = start(port=0, data=file)
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": first.url})
    customer = client.v1.customers.create({})
    method = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer.id})
    paid = client.v1.payment_intents.create({**PAY, "customer": customer.id, "payment_method": method.id})
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 100})
    first.stop()
    stored = json.loads(file.read_text())
    for kind, added in ADDED.items():
        for thing in stored["objects"][kind].values():
            assert added.keys() <= thing.keys()
            for name in added:
                del thing[name]
    for kind in ("dispute", "mandate", "setup_attempt", "pnm_order", "pnm_payment", "pnm_callback"):
        del stored["objects"][kind]
    file.write_text(json.dumps(stored))
    second = start(port=0, data=file)
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": second.url})
    again = client.v1.payment_intents.create({**PAY, "customer": customer.id, "payment_method": method.id})
    assert again.status == "succeeded"
    assert paid.id in requests.get(second.url, timeout=5).text
    assert control(second, "clock", advance=24 * 3600).status_code == 200
    second.stop()


def test_the_process_starts_answers_and_ends(tmp_path: Path) -> None:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "billing.sandbox", "--port", "0", "--data", str(tmp_path / "s.json")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    watchdog = threading.Timer(20, process.kill)
    watchdog.start()
    assert process.stdout is not None
    url = process.stdout.readline().split()[3]
    client = stripe.StripeClient("sk_test_x", base_addresses={"api": url}, max_network_retries=0)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.retrieve("4242424242424242")
    client.v1.payment_intents.create(PAY)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=10)
    watchdog.cancel()
    assert process.returncode == 0
    assert time.monotonic() - began < 3
    assert "/v1/payment_intents" in log
    assert "4242424242424242" not in log
    assert len(json.loads((tmp_path / "s.json").read_text())["objects"]["charge"]) == 1


def test_another_project_takes_the_folder_and_starts_it(tmp_path: Path) -> None:
    """As docs/sandbox.md says: copied elsewhere, it runs by another name, and `--help` tells of every option."""
    shutil.copytree(ROOT / "billing" / "sandbox", tmp_path / "sandbox")
    said = subprocess.run(
        [sys.executable, "-m", "sandbox", "--help"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    documented = (ROOT / "docs" / "sandbox.md").read_text()
    options = set(re.findall(r"--[a-z][a-z-]+", said.stdout)) - {"--help"}
    assert len(options) >= 11
    assert options == {option for option in options if option in documented}


def test_the_documentation_names_everything() -> None:
    """Each fault, each control call, each test number is in docs/sandbox.md."""
    documented = (ROOT / "docs" / "sandbox.md").read_text()
    calls = [f"{collection}/" for collection, _ in (*ACTS, *PAYNEARME_ACTS)]
    numbers = [thing.spaced for thing in CARDS if not thing.own] + [account.shown for account in ACCOUNTS]
    codes = [f"`{card.decline}`" for card in CARDS if card.decline]
    for wanted in (*ALL_FAULTS, *calls, *numbers, *codes, *CALLS):
        assert wanted in documented, wanted


def test_it_stands_alone() -> None:
    """Nothing of Django or of the rest of the project is loaded with it."""
    code = (
        "import sys, billing.sandbox.__main__; "
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'selfcare', 'centrex', 'tickets') "
        "or m.startswith('billing.') and not m.startswith('billing.sandbox')])"
    )
    seen = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert seen.stdout.strip() == "[]"
