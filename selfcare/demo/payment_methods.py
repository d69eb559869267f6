"""What the demo's customers may pay with, and what two of them have stored at the sandbox; one pays automatically."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import stripe
from django.conf import settings

from billing.gateways.stripe import NAME
from billing.gateways.stripe.methods import id_of, method_of
from billing.models import AutoPay, OfferedMethod, Payment, ProviderCustomer
from billing.operations.autopay import change_auto_pay
from billing.operations.methods import keep_method
from billing.sandbox.server import start
from selfcare.demo.people import People
from selfcare.models import Customer, User

AGREED = {
    "customer_acceptance": {"type": "online", "online": {"ip_address": "203.0.113.7", "user_agent": "Mozilla/5.0"}}
}


def make_payment_methods(people: People, *, data: Path, now: datetime) -> None:
    """All ways are offered; `data` is the file in which the sandbox keeps what it knows while it does not run."""
    for method in (Payment.Method.ACH, Payment.Method.SEPA, Payment.Method.PAYPAL, Payment.Method.PAYNEARME):
        OfferedMethod.objects.create(method=method)
    if settings.STRIPE_API_BASE != settings.PAYMENT_PAGE:  # a real provider: nobody has typed a card there
        return
    sandbox = start(data=data)
    try:
        provider = stripe.StripeClient("sk_test_selfcare", base_addresses={"api": sandbox.url})
        store_card(provider, people.easycall, people.alice, now=now)
        store_debit(provider, people.berlin, people.berta, now=now)
    finally:
        sandbox.stop()
    change_auto_pay(
        customer=people.easycall,
        user=people.alice,
        version=None,
        pay_invoices=True,
        invoice_when=AutoPay.When.DUE,
        by_threshold=False,
        threshold=None,
        amount=None,
        daily_cap=None,
        now=now,
    )


def store_card(provider: Any, customer: Customer, user: User, *, now: datetime) -> None:
    """A Visa, as if it had been typed on the sandbox's page."""
    payer = payer_of(provider, customer)
    card = provider.v1.payment_methods.attach("pm_card_visa", {"customer": payer})
    keep_method(customer=customer, user=user, found=method_of(card), now=now)


def store_debit(provider: Any, customer: Customer, user: User, *, now: datetime) -> None:
    """A German account with the mandate to debit it."""
    intent = provider.v1.setup_intents.create(
        {
            "customer": payer_of(provider, customer),
            "payment_method": "pm_success_de",
            "allowed_payment_method_types": ["sepa_debit"],
            "confirm": True,
            "mandate_data": AGREED,
            "expand": ["payment_method"],
        }
    )
    found = method_of(intent.payment_method, mandate=id_of(intent.mandate))
    keep_method(customer=customer, user=user, found=found, now=now)


def payer_of(provider: Any, customer: Customer) -> str:
    """The payer whom the sandbox knows for the customer."""
    payer = provider.v1.customers.create({"name": customer.company_name, "email": customer.email})
    ProviderCustomer.objects.create(customer=customer, provider=NAME, ref=payer.id)
    return str(payer.id)
