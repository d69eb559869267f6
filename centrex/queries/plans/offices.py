"""Companies of a plan, with their sites and codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from centrex.models import BlockedCaller, EmergencyAddress, FeatureSetting, NewDestination, Site
from centrex.queries.codes import codes_of
from centrex.queries.countries import as_countries
from centrex.queries.emergency import COLUMNS
from centrex.queries.plans.cooling import WAITING
from centrex.queries.plans.inner import inner, revived
from centrex.routing import plan as routing
from centrex.routing.codes import Service
from centrex.routing.dialing.rules import Kind
from centrex.routing.features import Dialing
from selfcare.models import Customer

# What `blocked` says of a customer all of whose calls are refused; of others, that calls to the outside are.
SUSPENDED = "suspend"


def offices_of(office: Customer, *, now: datetime) -> dict[int, Customer]:
    """The main office and its branches by id, each with its settings, dialing rules, sites, and whom it has blocked.

    In the same query their emergency addresses, and the destinations that are not in use yet.
    """
    of_office = {"customer": OuterRef("pk")}
    blocked = BlockedCaller.objects.filter(**of_office).values("number")
    addresses = EmergencyAddress.objects.filter(**of_office, state=EmergencyAddress.State.ACTIVE).order_by("pk")
    cooling = NewDestination.objects.filter(**of_office).waiting(now).order_by("made_at").values(json=WAITING)
    found = Customer.objects.office_of(office).annotate(
        blocked=ArraySubquery(blocked),
        sites=inner(Site.objects.filter(**of_office)),
        addresses=ArraySubquery(addresses.values(json=JSONObject(**{name: name for name in COLUMNS}))),
        cooling=ArraySubquery(cooling),
    )
    return {row.pk: row for row in found.select_related("company_settings__music", "dialing_rules", "called_countries")}


def companies_of(
    offices: Mapping[int, Customer],
    office: Customer,
    available: Mapping[int, Decimal],
    limits_left: Mapping[int, Decimal],
    blocked: Mapping[int, str],
) -> dict[int, routing.Company]:
    """The offices as values; what the main office keeps for all is taken from its settings."""
    kept = offices[office.pk].company_settings
    countries = as_countries(getattr(offices[office.pk], "called_countries", None))
    return {
        pk: routing.Company(
            id=pk,
            name=row.company_name,
            country=str(row.country),
            active=row.status == Customer.Status.ACTIVE and blocked.get(pk) != SUSPENDED,
            may_call_out=pk not in blocked,
            blocked_callers=frozenset(row.blocked),  # type: ignore[attr-defined]  # by offices_of
            max_calls=row.company_settings.max_calls if row.company_settings.limit_calls else None,
            available=available.get(pk),
            limit_left=limits_left.get(pk),
            distinctive_ring=kept.distinctive_ring,
            countries=countries,
        )
        for pk, row in offices.items()
    }


def codes_in_use(office: Customer) -> dict[Service, str]:
    """The service codes of a main office that is loaded with its settings."""
    return codes_of(office.company_settings)


def sites_of(offices: Mapping[int, Customer]) -> list[Site]:
    """The sites of all offices."""
    return [site for row in offices.values() for site in revived(Site, row.sites)]  # type: ignore[attr-defined]


def outside_prefixes_of(offices: Mapping[int, Customer], said: Iterable[FeatureSetting]) -> set[str]:
    """The prefixes to the outside of offices that are loaded with their rules, and of what places say of dialing."""
    rules = [row.dialing_rules for row in offices.values() if hasattr(row, "dialing_rules")]
    found = {row.outside_prefix for row in rules if row.enabled and row.kind == Kind.PBX}
    places = [row.values for row in said if row.name == Dialing.NAME and row.enabled]
    found |= {values.get("outside_prefix", "") for values in places if values.get("kind") == Kind.PBX}
    return found - {""}
