"""The countries that a company calls beside its own, as values and for people to choose from."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from centrex.models import CalledCountries
from centrex.routing.policy import Countries
from selfcare.models import Customer

NOWHERE = "001"
EVERYWHERE = "everywhere"  # the value of the ITSP's setting that begins with every country


def row_of(office: Customer) -> CalledCountries:
    """What the main office has chosen; a blank record, not saved, as the ITSP begins with, where it has not yet."""
    row: CalledCountries | None = CalledCountries.for_customer(office).first()
    return row or blank_row(office)


def blank_row(office: Customer) -> CalledCountries:
    """A record, not saved, as the ITSP begins with."""
    return CalledCountries(customer=office, everywhere=settings.CALLS_ABROAD == EVERYWHERE)


def as_countries(row: CalledCountries | None) -> Countries:
    """A record as values; None where nobody has chosen yet."""
    everywhere = settings.CALLS_ABROAD == EVERYWHERE if row is None else row.everywhere
    chosen = frozenset(row.countries) if row else frozenset()
    return Countries(everywhere, chosen, frozenset(settings.HIGH_RISK_COUNTRIES))


def countries_of(customer: Customer) -> Countries:
    """What counts for a main office and for its branches."""
    return as_countries(CalledCountries.for_customer(customer.office).first())


def name_of(country: str) -> str:
    """A country by its name; numbers of no country have the code 001."""
    return str(_("Numbers of no country")) if country == NOWHERE else str(countries.name(country)) or country


def to_choose(chosen: list[str]) -> list[tuple[str, str]]:
    """The countries that an office may choose itself, and those that the ITSP has added for it, by their names."""
    risky = frozenset(settings.HIGH_RISK_COUNTRIES) - set(chosen)
    nowhere = [(NOWHERE, name_of(NOWHERE))] if NOWHERE in chosen else []
    return [*nowhere, *((code, name) for code, name in countries if code not in risky)]
