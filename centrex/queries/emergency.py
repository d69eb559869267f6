"""Emergency addresses: which one counts for a line, and which lines have none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from centrex.models import EmergencyAddress, Line, Site
from centrex.queries.sites import site_of
from centrex.routing.plan import Address, Record
from selfcare.models import Customer

State = EmergencyAddress.State
COLUMNS = (
    "id", "site", "line", "caller_name", "country", "province", "city", "postal_code", "street", "house_number",
    "extra", "notify",
)  # fmt: skip
TEXTS = ("caller_name", "country", "province", "city", "postal_code", "street", "house_number", "extra")


def in_place(customer: Customer, *, site: Site | None = None, line: Line | None = None) -> QuerySet[EmergencyAddress]:
    """The addresses of one line, or one site, or else of the company itself."""
    rows: QuerySet[EmergencyAddress] = EmergencyAddress.for_customer(customer).filter(site=site, line=line)
    return rows


def active_of(line: Line) -> EmergencyAddress | None:
    """The address that counts for the line: its own, else its site's, else its company's."""
    places = Q(line=line) | Q(site=site_of(line)) | Q(site=None, line=None)
    rows = EmergencyAddress.for_customer(line.customer).filter(places, state=State.ACTIVE)
    found: EmergencyAddress | None = nearest(
        {(row.line_id, row.site_id): row for row in rows}, line.pk, site_of(line).pk
    )
    return found


def nearest(rows: Mapping[tuple[int | None, int | None], Any], line: int, site: int) -> Any:
    """Of the addresses by (line, site) the one of the nearest place, None where no place has one."""
    for place in ((line, None), (None, site), (None, None)):
        if place in rows:
            return rows[place]
    return None


def without_address(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Those of the lines for which no address is active."""
    active = EmergencyAddress.objects.filter(customer=OuterRef("customer"), state=State.ACTIVE)
    company = active.filter(site=None, line=None)
    default = active.filter(site__is_default=True)
    none = lines.exclude(Exists(active.filter(line=OuterRef("pk")))).exclude(Exists(company))
    return none.exclude(Exists(active.filter(site=OuterRef("site")))).exclude(Q(site=None) & Exists(default))


def as_address(values: Mapping[str, Any]) -> Address:
    """A row's COLUMNS as the engine takes them."""
    texts = {name: str(values[name]) for name in TEXTS}
    place = f"{texts['house_number']} {texts['street']}".strip()
    town = f"{texts['postal_code']} {texts['city']}".strip()
    record = Record("emergency", values["id"], f"{place}, {town}")
    return Address(record=record, notify=tuple(filter(None, str(values["notify"]).split(", "))), **texts)


def by_place(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[int | None, int | None], Address]:
    """Active addresses as values, by (line, site)."""
    return {(row["line"], row["site"]): as_address(row) for row in rows}
