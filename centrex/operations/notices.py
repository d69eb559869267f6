"""Notices to those who answer for a customer's money, about acts that thieves of telephone time begin with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from selfcare import formats, mail, sms
from selfcare.models import Customer, User, owners_of


def text_owners(*, customer: Customer, template: str, context: dict[str, Any], key: str, now: datetime) -> None:
    """A short message to the owners who gave a mobile number, beside the mail; once for each `key`."""
    text_users(owners_of(customer), customer=customer, template=template, context=context, key=key, now=now)


def text_users(
    users: Iterable[User], *, customer: Customer, template: str, context: dict[str, Any], key: str, now: datetime
) -> None:
    """A short message to those of the users who gave a mobile number, each in his language; once for each `key`."""
    for user in users:
        if user.mobile:
            sms.post(
                template=template,
                context=context,
                to=user.mobile.as_e164,
                key=f"{key}:{user.pk}",
                customer=customer,
                language=user.language,
                now=now,
            )


def tell_owners(*, customer: Customer, template: str, context: dict[str, Any], key: str) -> None:
    """Mail the customer's owners, each in his language, or else the customer's address; once for each `key`."""
    mail_users(owners_of(customer), customer=customer, template=template, context=context, key=key)


def mail_users(users: Iterable[User], *, customer: Customer, template: str, context: dict[str, Any], key: str) -> None:
    """Mail those of the users who have an address, or else the customer's address; once for each `key`."""
    readers = [(user.email, user.language) for user in users if user.email] or [(customer.email, "en")]
    for address, language in readers:
        mail.post(
            template=template,
            context=context,
            to=[address],
            key=f"{key}:{address}",
            customer=customer,
            language=language,
        )


def tell_of_costly_numbers(
    *,
    user: User,
    customer: Customer,
    what: object,
    numbers: Iterable[str],
    url: str,
    key: str,
    now: datetime,
) -> None:
    """Tell the owners that `user` made the calls of `what` (a line) go to costly `numbers`.

    Once for each `key`, by mail. For numbers that are used at once and have no link that takes them back; else
    `new_destinations.begin`. `url` is the path of the page that shows them.
    """
    facts = {
        "line": what,
        "numbers": [{"number": formats.phone(number)} for number in numbers],
        "by": user,
        "at": f"{now.astimezone(customer.zone):%Y-%m-%d %H:%M}",
        "zone": customer.time_zone,
        "url": settings.PORTAL_URL + url,
    }
    tell_owners(customer=customer, template="forwarding_abroad", context=facts, key=key)
