"""The payer that a provider knows for a customer."""

from __future__ import annotations

from billing.gateways.registry import storing_gateway
from billing.models import ProviderCustomer
from selfcare.models import Customer


def payer_ref(customer: Customer, *, provider: str) -> str:
    """The provider's name for the customer, made known there at the first need; outside any transaction.

    Of two that ask at once one is kept; the other payer stays there unused. Raises Unanswered or NotDone.
    """
    known = ProviderCustomer.objects.filter(customer=customer, provider=provider)
    ref = known.values_list("ref", flat=True).first()
    if ref is None:
        words = {"name": customer.company_name, "email": customer.email}
        made = storing_gateway(provider).open_customer(customer_id=customer.pk, **words)
        row = ProviderCustomer(customer=customer, provider=provider, ref=made)
        ProviderCustomer.objects.bulk_create([row], ignore_conflicts=True)
        ref = known.values_list("ref", flat=True).get()
    return str(ref)
