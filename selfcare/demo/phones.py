"""Which of the demo's phones are connected: all but a few, as on any day. Those have a SIP password."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from centrex.models import Line, SipCredential
from centrex.operations.sip import ha1
from selfcare.demo.people import People

# A real phone signs in again every hour; the demo has nobody who would.
CONNECTED_FOR = timedelta(days=365)
AWAY = ("12125550217", "49302312512")


def connect_phones(people: People, *, now: datetime) -> None:
    """Every line's phone is connected but those that are AWAY."""
    for customer in (people.easycall, people.berlin, people.lotus):
        lines = Line.for_customer(customer).exclude(account_id__in=AWAY)
        give_passwords(lines, now=now)
        lines.update(registered_until=now + CONNECTED_FOR)


def give_passwords(lines: Iterable[Line], *, now: datetime) -> None:
    """A phone that is connected has a password; the ITSP set it up with one that nobody else has seen."""
    realm = settings.SIP_REALM
    for line in lines:
        secret = secrets.token_hex(16)
        hashed = {"ha1_md5": ha1("md5", line, realm, secret), "ha1_sha256": ha1("sha256", line, realm, secret)}
        kept = {"customer": line.customer, "user": line.account_id, "realm": realm, "set_at": now}
        SipCredential.objects.get_or_create(line=line, defaults=kept | hashed)
