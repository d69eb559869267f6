"""A till for tests: the sandbox's, and callbacks signed by hand."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from urllib.parse import urlencode
from uuid import uuid4

import requests
from django.test import Client
from django.utils import timezone

from billing.gateways.paynearme.wire import sign
from billing.models import Payment
from billing.operations.payments import begin_payment, open_session
from billing.sandbox.server import Sandbox

SITE, KEY = "S0000000001", "paynearme_sandbox"
DOORS = "/payments/webhooks/paynearme/"


def slip_of(user, amount: str = "50") -> Payment:
    """A slip, ready to be taken to a shop."""
    now = timezone.now()
    payment = begin_payment(
        customer=user.customer,
        user=user,
        payment_id=uuid4(),
        amount=Decimal(amount),
        method=Payment.Method.PAYNEARME,
        now=now,
    )
    return open_session(payment=payment, now=now)


def at_till(sandbox: Sandbox, payment: Payment, amount: str, *, force: bool = False) -> dict[str, str]:
    """What the person at the till does; the payment as the sandbox has it, or its refusal."""
    address = f"{sandbox.url}/_sandbox/pnm_orders/{payment.session_id}/pay"
    answer = requests.post(address, json={"amount": amount, "force": force}, timeout=30).json()
    done: dict[str, str] = answer.get("done", answer)
    return done


def give_back(sandbox: Sandbox, taken: dict[str, str], reason: str = "chargeback") -> None:
    address = f"{sandbox.url}/_sandbox/pnm_payments/{taken['pnm_payment_identifier']}/reverse"
    assert requests.post(address, json={"reason": reason}, timeout=10).status_code == 200


def callback(payment: Payment, taken: dict[str, str], **changed: str) -> dict[str, str]:
    """The fields of a confirmation, not signed."""
    fields = {
        "pnm_order_identifier": payment.session_id,
        "pnm_payment_identifier": taken["pnm_payment_identifier"],
        "site_order_identifier": str(payment.pk),
        "payment_amount": taken["payment_amount"],
        "payment_currency": "USD",
        "status": "approve",
        "site_identifier": SITE,
        "timestamp": str(int(time.time())),
        "version": "3.0",
    }
    return fields | changed


def send(kind: str, fields: dict[str, str], *, secret: str = KEY, as_form: bool = False, **later: str):
    """Sign and deliver it; what is in `later` is changed after the signature was made."""
    signed = fields | {"signature": sign(fields, secret)} | later
    client = Client(enforce_csrf_checks=True)
    if as_form:
        return client.post(f"{DOORS}{kind}/", urlencode(signed), content_type="application/x-www-form-urlencoded")
    return client.post(f"{DOORS}{kind}/", json.dumps(signed), content_type="application/json")
