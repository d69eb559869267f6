"""Stored ways to pay in the tests: set up at the sandbox as a customer does it, or handed over ready made."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import requests
from django.utils import timezone

from billing.gateways.registry import storing_gateway
from billing.models import Payment, StoredMethod
from billing.operations.methods import check_setup, keep_method, open_method_page
from billing.operations.methods.payers import payer_ref
from billing.operations.payments import begin_payment
from tests.billing.payments.conftest import answer_challenge, pay_on_page

HEADERS = {"Authorization": "Bearer sk_test_x"}


def post(sandbox, path: str, status: int = 200, **form: object) -> dict:
    """A call of somebody else at the provider, such as its dashboard."""
    answer = requests.post(f"{sandbox.url}/v1/{path}", form, headers=HEADERS, timeout=5)
    assert answer.status_code == status, answer.text
    return answer.json()


def told_by_control(sandbox, path: str, **words: object) -> dict:
    """What banks and payers do, ordered at the sandbox."""
    answer = requests.post(f"{sandbox.url}/_sandbox/{path}", json=words, timeout=5)
    assert answer.status_code == 200, answer.text
    return answer.json()


def stored_card(sandbox, user, test_id: str = "pm_card_visa") -> StoredMethod:
    """A card of that test id, attached to the customer's payer and kept."""
    payer = payer_ref(user.customer, provider="stripe")
    attached = post(sandbox, f"payment_methods/{test_id}/attach", customer=payer)
    found = storing_gateway("stripe").get_method(attached["id"])
    return keep_method(customer=user.customer, user=user, found=found, now=timezone.now())


def set_up(user, kind: str = "card", /, **form: str) -> StoredMethod | None:
    """Store a way to pay on the provider's page, as a customer does."""
    setup = open_method_page(customer=user.customer, user=user, kind=kind, setup_id=uuid4(), now=timezone.now())
    answer = pay_on_page(setup.session_url, **form)
    if "/c/challenge/" in answer.headers["Location"]:
        answer_challenge(answer, setup.session_url)
    return check_setup(setup_id=setup.pk, now=timezone.now()).method


def begin_stored(user, method: StoredMethod, amount: str = "50", **more: object) -> Payment:
    """A payment with a stored method, written down and not yet asked of the provider."""
    given = {"payment_id": uuid4(), "now": timezone.now(), **more}
    return begin_payment(customer=user.customer, user=user, amount=Decimal(amount), stored=method, **given)
