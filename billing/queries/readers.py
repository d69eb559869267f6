"""Who reads what billing mails to a customer."""

from __future__ import annotations

from selfcare.models import Customer, Role


def readers_of(customer: Customer) -> list[str]:
    """The customer's address; without one those of his owners."""
    if customer.email:
        return [customer.email]
    owners = customer.users.filter(role=Role.OWNER, is_active=True).exclude(email="")
    return sorted(owners.values_list("email", flat=True))
