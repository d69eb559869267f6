"""Stripe as a `StoringGateway`: cards, US bank accounts, SEPA debits set up by iDEAL, PayPal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

import stripe

from billing.gateways.base import (
    ChargeOrder,
    Event,
    PageOrder,
    ProviderElement,
    ProviderMethod,
    ProviderPayment,
    ProviderRefund,
    ProviderSetup,
    RefundOrder,
    SetupOrder,
)
from billing.gateways.stripe import charges, events, listing, methods, pages, refunds
from billing.gateways.stripe.client import NAME, asking, client, code_of

MISSING = "resource_missing"


class Stripe:
    """Each call is one act at Stripe; the modules beside this one say how."""

    name = NAME
    lists_payments = True

    @asking
    def open_page(self, order: PageOrder) -> ProviderPayment:
        """Open Stripe's payment page; asked twice for a payment it is one page."""
        return pages.open_page(order)

    @asking
    def open_element(self, order: PageOrder) -> ProviderElement:
        """The payment form for our own page; asked twice for a payment it is one."""
        return pages.open_element(order)

    @asking
    def get_element(self, provider_id: str) -> ProviderElement:
        """The form of a payment that was opened before."""
        return pages.get_element(provider_id)

    @asking
    def get_payment(self, *, session_id: str, provider_id: str) -> ProviderPayment:
        """What Stripe says of the payment behind this session, or of this intent if it had no session."""
        return listing.get_session(session_id) if session_id else charges.get_charge(provider_id)

    @asking
    def find_payment(self, *, payment_id: UUID, created_at: datetime) -> ProviderPayment | None:
        """What was made for our payment when its answer was lost; None if there is nothing."""
        return listing.find_payment(payment_id=payment_id, created_at=created_at)

    @asking
    def payments_between(self, *, since: datetime, until: datetime) -> Iterator[ProviderPayment]:
        """All payments that were made, refunded or disputed in [since, until), ours or not."""
        return iter(list(listing.payments_between(since=since, until=until)))

    @asking
    def refund(self, order: RefundOrder) -> ProviderRefund:
        """Give a part of a payment back; asked twice for a refund it is one refund."""
        return refunds.refund(order)

    @asking
    def find_refund(self, *, refund_id: UUID, provider_id: str) -> ProviderRefund | None:
        """The refund of ours, when its answer was lost."""
        return refunds.find_refund(refund_id=refund_id, provider_id=provider_id)

    def read_event(self, *, body: bytes, headers: Mapping[str, str]) -> Event:
        """The message of a webhook; Forged unless Stripe signed it within five minutes."""
        return events.read_event(body=body, headers=headers)

    @asking
    def open_customer(self, *, customer_id: int, name: str, email: str) -> str:
        """A payer at Stripe. The key speaks of the words, as a key is refused with other words."""
        words = hashlib.sha256(f"{name}\n{email}".encode()).hexdigest()[:16]
        made = client().v1.customers.create(
            {"name": name, "metadata": {"customer": str(customer_id)}, **({"email": email} if email else {})},
            {"idempotency_key": f"customer:{customer_id}:{words}"},
        )
        return made.id

    @asking
    def open_setup(self, order: SetupOrder) -> ProviderSetup:
        """Open the page on which a way to pay is stored."""
        return pages.open_setup(order)

    @asking
    def get_setup(self, session_id: str) -> ProviderSetup:
        """What became of it."""
        return pages.get_setup(session_id)

    @asking
    def get_method(self, ref: str, *, mandate: str = "") -> ProviderMethod:
        """The way to pay as Stripe has it now."""
        status = client().v1.mandates.retrieve(mandate).status if mandate else ""
        return methods.method_of(client().v1.payment_methods.retrieve(ref), mandate=mandate, mandate_status=status)

    @asking
    def detach(self, ref: str) -> None:
        """Forget a way to pay; forgotten already is no error."""
        try:
            client().v1.payment_methods.detach(ref)
        except stripe.InvalidRequestError as error:
            if code_of(error) != MISSING and client().v1.payment_methods.retrieve(ref).customer is not None:
                raise

    @asking
    def create_charge(self, order: ChargeOrder) -> ProviderPayment:
        """Write a charge down at Stripe: nothing is taken. Asked twice for a payment it is one."""
        return charges.create_charge(order)

    @asking
    def confirm_charge(
        self, *, provider_id: str, payment_id: UUID, return_url: str, method_ref: str = ""
    ) -> ProviderPayment:
        """Take the money of a charge written down before, at most once."""
        return charges.confirm_charge(
            provider_id=provider_id, payment_id=payment_id, return_url=return_url, method_ref=method_ref
        )

    @asking
    def cancel_charge(self, *, provider_id: str, payment_id: UUID) -> ProviderPayment:
        """Give a charge up that was not taken; what was taken meanwhile is answered as PAID."""
        return charges.cancel_charge(provider_id=provider_id, payment_id=payment_id)
