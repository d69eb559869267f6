"""Who reads what billing mails to a customer."""

from __future__ import annotations

from selfcare.models import Customer, owners_of


def readers_of(customer: Customer) -> list[str]:
    """The customer's address; without one those of his owners."""
    if customer.email:
        return [customer.email]
    return sorted(owners_of(customer).exclude(email="").values_list("email", flat=True))
