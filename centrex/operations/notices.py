"""Notices to those who answer for a customer's money, about acts that thieves of telephone time begin with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from centrex.models import Line
from selfcare import formats, mail
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


def tell_of_costly_numbers(*, user: User, line: Line, numbers: Iterable[str], page: str, now: datetime) -> None:
    """Tell the owners that `user` made the line's calls go to costly `numbers`, on a `page` "line-..." of the line."""
    facts = {
        "line": line,
        "numbers": [formats.phone(number) for number in numbers],
        "by": user,
        "at": f"{now.astimezone(line.customer.zone):%Y-%m-%d %H:%M}",
        "zone": line.customer.time_zone,
        "url": settings.PORTAL_URL + reverse(f"centrex:{page}", args=[line.pk]),
    }
    key = f"{page}:{line.pk}:{line.version}"
    tell_owners(customer=line.customer, template="forwarding_abroad", context=facts, key=key)
