"""What the demo's company has set: codes, promises of the ITSP, and short numbers for partners."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from centrex.models import AbbreviatedNumber, CompanySettings
from centrex.operations.abbreviated import add_abbreviated, set_length
from centrex.operations.company import save_identity, save_incoming, save_promises
from selfcare.demo.people import People
from selfcare.models import Customer

# Number, what it dials, whose it is; the fourth is a line in Berlin, the last a number that New York dials as it is.
SHORT = (
    ("701", "+1 212 555 0176", "Taxi"), ("702", "+44 20 7946 0018", "London partner"),
    ("703", "+49 30 23125099", "Berlin landlord"), ("704", "493023125010", "Berta's desk"),
    ("711", "", "Relay service"),
)  # fmt: skip


def make_company(people: People) -> None:
    """Alice's settings and short numbers, and the limits that Dora has set for each company."""
    save_promises(
        user=people.dora, settings=settings_of(people.easycall, paging_enabled=True, limit_calls=True, max_calls=40)
    )
    save_promises(user=people.dora, settings=settings_of(people.lotus, limit_calls=True, max_calls=4))
    incoming = settings_of(
        people.easycall, distinctive_ring=True, pickup_enabled=True, pickup_prefix="*77", parking_enabled=True
    )
    save_incoming(user=people.alice, settings=incoming, version=None)
    identity = settings_of(people.easycall, hide_cli=CompanySettings.HideCli.AUTOMATIC)
    save_identity(user=people.alice, settings=identity, version=None)
    set_length(user=people.alice, settings=settings_of(people.easycall, abbreviated_length=3), version=None)
    for number, target, description in SHORT:
        short = AbbreviatedNumber(customer=people.easycall, number=number, target=target, description=description)
        add_abbreviated(user=people.alice, number=short, confirmed_at=timezone.now())


def settings_of(customer: Customer, **values: Any) -> CompanySettings:
    """The customer's settings with these values."""
    settings: CompanySettings = CompanySettings.for_customer(customer).get()
    for name, value in values.items():
        setattr(settings, name, value)
    return settings
