"""Notices to those who answer for a customer's money, about acts that thieves of telephone time begin with."""

from __future__ import annotations

from typing import Any

from selfcare import mail
from selfcare.models import Customer, Role, User


def tell_owners(*, customer: Customer, template: str, context: dict[str, Any], key: str) -> None:
    """Mail the customer's owners, each in his language, or else the customer's address; once for each `key`."""
    owners = User.objects.filter(customer=customer, role=Role.OWNER, is_active=True).exclude(email="")
    readers = [(owner.email, owner.language) for owner in owners] or [(customer.email, "en")]
    for address, language in readers:
        mail.post(
            template=template,
            context=context,
            to=[address],
            key=f"{key}:{address}",
            customer=customer,
            language=language,
        )
