"""Companies and codes of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from centrex.models import BlockedCaller
from centrex.queries.codes import codes_of
from centrex.routing import plan as routing
from centrex.routing.codes import Service
from selfcare.models import Customer


def offices_of(office: Customer) -> dict[int, Customer]:
    """The main office and its branches by id, each with its settings, its dialing rules and whom it has blocked."""
    blocked = BlockedCaller.objects.filter(customer=OuterRef("pk")).values("number")
    found = Customer.objects.office_of(office).annotate(blocked=ArraySubquery(blocked))
    return {row.pk: row for row in found.select_related("company_settings__music", "dialing_rules")}


def companies_of(
    offices: Mapping[int, Customer], office: Customer, available: Mapping[int, Decimal]
) -> dict[int, routing.Company]:
    """The offices as values; what the main office keeps for all is taken from its settings."""
    kept = offices[office.pk].company_settings
    return {
        pk: routing.Company(
            id=pk,
            name=row.company_name,
            country=str(row.country),
            active=row.status == Customer.Status.ACTIVE,
            blocked_callers=frozenset(row.blocked),  # type: ignore[attr-defined]  # by offices_of
            max_calls=row.company_settings.max_calls if row.company_settings.limit_calls else None,
            available=available.get(pk),
            distinctive_ring=kept.distinctive_ring,
        )
        for pk, row in offices.items()
    }


def codes_in_use(office: Customer) -> dict[Service, str]:
    """The service codes of a main office that is loaded with its settings."""
    return codes_of(office.company_settings)
