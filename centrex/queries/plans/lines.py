"""Phone lines of a plan, with everything that counts for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, prefetch_related_objects

from centrex.models import (
    CompanySettings,
    Did,
    Extension,
    FeatureSetting,
    ForwardNumber,
    Line,
    ScreeningRule,
    SipProxy,
    Site,
)
from centrex.queries.emergency import by_place, nearest
from centrex.queries.features import COMPANY_PAGES, nearest_first
from centrex.queries.forwarding import as_forwarding
from centrex.queries.planned import LINE, Overlay
from centrex.queries.planned_rules import rules_otherwise
from centrex.queries.plans.inner import inner, revived
from centrex.queries.plans.menus import menu_rows, menus_by_line
from centrex.queries.plans.otherwise import forwarding_otherwise, menus_otherwise, said_otherwise
from centrex.queries.screening import as_planned
from centrex.routing import menus
from centrex.routing import plan as routing
from centrex.routing.dialing.emergency import emergency_numbers
from centrex.routing.features import FEATURES, Dialing, Effective, ForwardOptions, effective
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Settings:
    """What was said about the offices' lines, by what it is about."""

    offices: Mapping[int, Customer]
    said: Mapping[tuple[str, int], list[FeatureSetting]]  # ("customer", id), ("site", id) or ("line", id)
    screening: Mapping[int, list[routing.ScreeningRule]]
    menus: Mapping[int, tuple[menus.Menu, ...]]

    def company_rows(self, customer: int) -> tuple[CompanySettings, CompanySettings]:
        """The settings of a company and those of its main office."""
        own = self.offices[customer]
        return own.company_settings, self.offices[own.main_office_id or own.pk].company_settings


def settings_of(offices: Mapping[int, Customer], overlay: Overlay, *, now: datetime) -> Settings:
    """What places say, with the overlay over it, and the rules and menus of these offices' lines, in four queries."""
    said: dict[tuple[str, int], list[FeatureSetting]] = defaultdict(list)
    for row in FeatureSetting.objects.filter(customer__in=offices):
        said[place_of(row)].append(row)
    for pk, parts in overlay.lines():
        said["line", pk] = said_otherwise(said.pop(("line", pk), []), parts)
    rows = ScreeningRule.objects.filter(line__customer__in=offices)
    rules = rules_otherwise(list(rows.select_related("callers", "called", "times", "line")), overlay)
    attendants = menus_otherwise(menu_rows(offices), overlay)
    hours = [each.times for each in rules if each.times] + [each.schedule for each in attendants if each.schedule]
    prefetch_related_objects(hours, "days")
    screening: dict[int, list[routing.ScreeningRule]] = defaultdict(list)
    for rule in rules:
        planned = as_planned(rule, now=now, zone=offices[rule.line.customer_id].zone)
        screening[rule.line_id].append(planned)
    return Settings(offices, said, screening, menus_by_line(attendants, offices, now=now))


def place_of(row: FeatureSetting) -> tuple[str, int]:
    """Which line, site or company a row speaks for."""
    if row.line_id is not None:
        return "line", row.line_id
    return ("site", row.site_id) if row.site_id is not None else ("customer", row.customer_id)


def lines_of(
    settings: Settings,
    sites: Iterable[Site],
    extensions: Iterable[Extension],
    overlay: Overlay,
    cooling: Mapping[int, Mapping[str, datetime]],
    *,
    now: datetime,
) -> dict[int, routing.Line]:
    """The lines of all offices by id; one without a site is in the Default site of its own company.

    `cooling` are the numbers of each line that its calls are not sent to before a moment.
    """
    default = {site.customer_id: site.pk for site in sites if site.is_default}
    locations = {site.pk: str(site.country) for site in sites}
    addresses = {pk: by_place(office.addresses) for pk, office in settings.offices.items()}  # type: ignore[attr-defined]
    by_line = {row.line_id: row for row in extensions if row.line_id is not None}
    dids = Did.objects.filter(line=OuterRef("pk")).order_by("number").values("number")
    numbers = ForwardNumber.objects.filter(line=OuterRef("pk")).order_by("position")
    rows = Line.objects.filter(customer__in=settings.offices).select_related("disa_guard")
    rows = rows.annotate(external=ArraySubquery(dids), forwards=inner(numbers, proxy_address="proxy__address"))
    inherited: dict[int, dict[str, Effective[Any]]] = {}
    lines = {}
    for row in rows:
        site = row.site_id or default[row.customer_id]
        if site not in inherited:
            inherited[site] = features_of(settings, row.customer_id, site, None)
        own = ("line", row.pk) in settings.said
        features = features_of(settings, row.customer_id, site, row.pk) if own else inherited[site]
        forwards = forwarding_otherwise(row, forwards_of(row), overlay.of(LINE, row.pk))
        line = as_line(row, settings, site, by_line.get(row.pk), features, forwards, now)
        lines[row.pk] = replace(
            with_location(line, locations[site]),
            emergency=nearest(addresses[row.customer_id], row.pk, site),
            cooling=cooling.get(row.pk, {}),
            wrong_pins=row.disa_guard.failures if hasattr(row, "disa_guard") else 0,
        )
    return lines


def with_location(line: routing.Line, country: str) -> routing.Line:
    """The line with the country of its site, whose emergency numbers its dialing rules leave alone as well."""
    if not country:
        return line
    dialing = replace(line.dialing, exceptions=(*emergency_numbers(country), *line.dialing.exceptions))
    return replace(line, location=country, dialing=dialing)


def as_line(
    row: Line,
    settings: Settings,
    site: int,
    extension: Extension | None,
    features: Mapping[str, Effective[Any]],
    forwards: Iterable[ForwardNumber],
    now: datetime,
) -> routing.Line:
    """A line as values."""
    group = extension.primary_group if extension else None
    office, dialing = settings.offices[row.customer_id], features[Dialing.NAME]
    return routing.Line(
        id=row.pk,
        account_id=row.account_id,
        name=row.name,
        customer=row.customer_id,
        zone=office.zone,
        site=site,
        blocked=row.blocked,
        registered=row.registered_until is not None and row.registered_until > now,
        last_used=row.last_used_at,
        extension=extension.number if extension else "",
        primary_group=group.number if group else "",
        numbers=tuple(row.external),  # type: ignore[attr-defined]  # by lines_of
        dialing=dialing.values.rules(enabled=dialing.enabled, emergency=emergency_numbers(str(office.country))),
        forwarding=as_forwarding(row.forwarding, features[ForwardOptions.NAME].values, forwards),
        screening=tuple(settings.screening.get(row.pk, ())),
        menus=settings.menus.get(row.pk, ()),
        features=features,
    )


def forwards_of(row: Line) -> list[ForwardNumber]:
    """The line's list of numbers, with their proxies, as `lines_of` has read them."""
    values = row.forwards  # type: ignore[attr-defined]
    numbers = revived(ForwardNumber, values)
    for number, each in zip(numbers, values, strict=True):
        if each["proxy_address"] is not None:
            number.proxy = SipProxy(pk=each["proxy_id"], address=each["proxy_address"])
    return numbers


def features_of(settings: Settings, customer: int, site: int, line: int | None) -> dict[str, Effective[Any]]:
    """What counts for a line, or for all lines of a site that say nothing themselves, by the feature's name."""
    rows: dict[str, list[FeatureSetting]] = defaultdict(list)
    for row in rows_about(settings, customer, site, line):
        rows[row.name].append(row)
    own, office = settings.company_rows(customer)
    return {
        name: effective(
            feature, nearest_first(rows[name], COMPANY_PAGES[name](own, office) if name in COMPANY_PAGES else None)
        )
        for name, feature in FEATURES.items()
    }


def rows_about(settings: Settings, customer: int, site: int, line: int | None) -> list[FeatureSetting]:
    """The rows of a line, its site and its company."""
    places = [("customer", customer), ("site", site)] + ([("line", line)] if line is not None else [])
    return [row for place in places for row in settings.said.get(place, ())]
