"""A payment sandbox for each test, the portal beside it, and a customer who pays with his browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urljoin
from uuid import uuid4

import pytest
import requests
from django.utils import timezone

from billing.gateways.stripe import client
from billing.models import Account, OfferedMethod, Payment, Xdr
from billing.operations.payments import begin_payment, open_session
from billing.sandbox.server import Sandbox, start
from selfcare.models import OutgoingMail

CARD = {
    "number": "4242 4242 4242 4242",
    "expiry": "12 / 40",
    "cvc": "123",
    "name": "Alice Example",
    "email": "alice@example.com",
}
SECRET = "whsec_of_the_test"


@pytest.fixture
def sandbox(settings, transactional_db) -> Iterator[Sandbox]:
    """The provider, without webhooks; the portal is told its address, and offers all that the provider takes."""
    sandbox = start(port=0, webhook_secret=SECRET, delays=(0.05,))
    settings.STRIPE_API_BASE = sandbox.url
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    OfferedMethod.objects.bulk_create(OfferedMethod(method=method) for method in ("ach", "sepa", "paypal", "paynearme"))
    yield sandbox
    client.client_of.cache_clear()
    sandbox.stop()


@pytest.fixture
def impatient(monkeypatch) -> None:
    """The portal waits for an answer for half a second only."""
    monkeypatch.setattr(client, "TIMEOUT", (0.5, 0.5))


@pytest.fixture
def fault(sandbox) -> Callable[..., None]:
    """Order a fault of the sandbox: `fault("error_after", path=...)`."""

    def order(kind: str, **more: object) -> None:
        answer = requests.post(f"{sandbox.url}/_sandbox/faults", json={"kind": kind, **more}, timeout=5)
        assert answer.status_code == 200, answer.text

    return order


@pytest.fixture
def begun(sandbox, alice) -> Payment:
    """A payment of 50 USD, written down and not yet asked of the provider."""
    return begin(alice)


@pytest.fixture
def opened(begun) -> Payment:
    """That payment with its page open at the provider."""
    return open_session(payment=begun, now=timezone.now())


def begin(user, amount: str = "50", **more: object) -> Payment:
    given = {"payment_id": uuid4()} | more
    return begin_payment(customer=user.customer, user=user, amount=Decimal(amount), now=timezone.now(), **given)


def pay_on_page(url: str, **form: str) -> requests.Response:
    """Press Pay on the provider's page as it is shown now; the answer is not followed."""
    page = requests.get(url, timeout=5).text
    attempt = re.search(r'name="attempt" value="(\d+)"', page)
    assert attempt, page
    return requests.post(url, {**CARD, "attempt": attempt[1], **form}, allow_redirects=False, timeout=5)


def answer_challenge(response: requests.Response, base: str, outcome: str = "complete") -> None:
    """Answer the 3-D Secure question that a payment led to."""
    assert response.status_code == 303
    requests.post(urljoin(base, response.headers["Location"]), {"outcome": outcome}, allow_redirects=False, timeout=5)


def refund(sandbox: Sandbox, payment: Payment, amount: int | None = None) -> None:
    """Staff refunds the payment on the provider's side, minor units."""
    sent = {"payment_intent": payment.provider_id} | ({"amount": amount} if amount else {})
    headers = {"Authorization": "Bearer sk_test_x"}
    assert requests.post(f"{sandbox.url}/v1/refunds", sent, headers=headers, timeout=5).status_code == 200


def succeeded_charges(sandbox: Sandbox) -> int:
    return sum(charge["status"] == "succeeded" for charge in sandbox.state.objects["charge"].values())


def booked(payment: Payment) -> list[Decimal]:
    """What the ledger has of this payment, oldest first."""
    rows = Xdr.objects.filter(external_id__startswith=f"payment:{payment.pk}").order_by("id")
    return list(rows.values_list("amount", flat=True))


def balance(customer) -> Decimal:
    return Account.objects.get(customer=customer).balance


def mails(template: str) -> int:
    return OutgoingMail.objects.filter(key__startswith=f"{template}:").count()


def until(condition: Callable[[], bool], seconds: float = 8) -> None:
    """Wait for something to become true; the test fails if it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


LATER = timedelta(minutes=10)
