"""Which of the demo's phones are connected: all but a few, as on any day."""

from __future__ import annotations

from datetime import datetime, timedelta

from centrex.models import Line
from selfcare.demo.people import People

# A real phone signs in again every hour; the demo has nobody who would.
CONNECTED_FOR = timedelta(days=365)
AWAY = ("12125550217", "49302312512")


def connect_phones(people: People, *, now: datetime) -> None:
    """Every line's phone is connected but those that are AWAY."""
    for customer in (people.easycall, people.berlin, people.lotus):
        lines = Line.for_customer(customer).exclude(account_id__in=AWAY)
        lines.update(registered_until=now + CONNECTED_FOR)
