"""The demo's blocked callers: somebody who calls too often, and everybody who hides his number."""

from __future__ import annotations

from datetime import datetime

from billing.models import Service, Xdr
from centrex.operations.blocked import block_caller
from selfcare.demo.people import People


def block_somebody(people: People, *, now: datetime) -> None:
    """Alice blocks whoever called last and got no answer."""
    missed = Xdr.for_customer(people.easycall).filter(service_id=Service.CALLS, failed=True, description=Xdr.INCOMING)
    call = missed.exclude(cli="").order_by("-started_at", "-id").first()
    if call is not None:
        note = "Sales calls, three times a day"
        block_caller(user=people.alice, customer=people.easycall, number=call.cli, note=note, now=now)
    block_caller(user=people.alice, customer=people.easycall, number="", note="Nobody ever speaks", now=now)
