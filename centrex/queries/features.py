"""What places say of features, read from the database for the pure rule of who decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centrex.models import CompanySettings, FeatureSetting, Line, Site
from centrex.models import DialingRules as DialingRulesRow
from centrex.queries.dialing import as_feature
from centrex.queries.sounds import music_playing
from centrex.routing.dialing.emergency import emergency_numbers
from centrex.routing.dialing.rules import DialingRules
from centrex.routing.features import (
    AnyFeature,
    Dialing,
    Effective,
    Identity,
    Music,
    Recording,
    Said,
    Source,
    effective,
)
from selfcare.models import Customer

Place = Line | Site | Customer
# Where a line has a feature from, in words.
SOURCES: dict[Source, Promise] = {
    Source.LINE: _("this line"),
    Source.SITE: _("its site"),
    Source.COMPANY: _("your company's settings"),
    Source.DEFAULT: _("the usual setting"),
}


def effective_of(place: Place, feature: type[AnyFeature]) -> Effective[AnyFeature]:
    """What counts at the place, a line or all lines of a site or a company, and where it comes from."""
    return effective(feature, said_of(place, feature.NAME))


def inherited_of(place: Place, feature: type[AnyFeature]) -> Effective[AnyFeature]:
    """What would count if the place said nothing itself."""
    return effective(feature, said_of(place, feature.NAME, besides_itself=True))


def said_of(place: Place, name: str, *, besides_itself: bool = False) -> list[Said]:
    """What a place and those above it say of a feature, nearest first; without its own word if `besides_itself`."""
    customer = customer_of(place)
    rows = FeatureSetting.objects.filter(rows_about(place), customer=customer, name=name)
    if besides_itself:
        rows = rows.exclude(own_rows(place))
    return nearest_first(rows, company_says(customer, name))


def customer_of(place: Place) -> Customer:
    """The company that a place belongs to, or is."""
    customer: Customer = place if isinstance(place, Customer) else place.customer
    return customer


def own_rows(place: Place) -> Q:
    """What a place says itself."""
    match place:
        case Line():
            return Q(line=place)
        case Site():
            return Q(site=place)
        case _:
            return company_rows()


def rows_about(place: Place) -> Q:
    """What a place and those above it say."""
    if not isinstance(place, Line):
        return own_rows(place) | company_rows()
    site = Q(site=place.site_id) if place.site_id else Q(site__is_default=True)
    return own_rows(place) | site | company_rows()


def own_row(place: Place, name: str) -> FeatureSetting | None:
    """The setting of a feature that a place has itself."""
    return FeatureSetting.objects.filter(own_rows(place), customer=customer_of(place), name=name).first()


def nearest_first(rows: Iterable[FeatureSetting], company: Said | None) -> list[Said]:
    """What the places of these rows say; a company's pages speak for it where it has no row, or where they lock."""
    said = {source_of(row): in_values(row) for row in rows}
    if company is not None and (company.locked or Source.COMPANY not in said):
        said[Source.COMPANY] = company
    return [said[source] for source in Source if source in said]


def company_rows() -> Q:
    """The settings of a whole company."""
    return Q(site__isnull=True, line__isnull=True)


def source_of(row: FeatureSetting) -> Source:
    """The place that a row speaks for."""
    if row.line_id is not None:
        return Source.LINE
    return Source.SITE if row.site_id is not None else Source.COMPANY


def in_values(row: FeatureSetting) -> Said:
    """A row as the pure rule takes it."""
    return Said(source_of(row), row.enabled, row.values, row.locked)


def company_says(customer: Customer, name: str) -> Said | None:
    """What the company's own pages set of a feature, without a row of its own."""
    said = COMPANY_PAGES.get(name)
    if said is None:
        return None
    office = customer.office
    settings = CompanySettings.objects.filter(customer__in=[customer.pk, office.pk])
    rows = {row.customer_id: row for row in settings.select_related("music", "customer__dialing_rules")}
    return said(rows[customer.pk], rows[office.pk])


def identity_said(own: CompanySettings, office: CompanySettings) -> Said:
    """Page Identity, kept by the main office for all its offices."""
    return Said(Source.COMPANY, enabled=True, values=asdict(Identity(hide_cli=office.hide_cli)))


def music_said(own: CompanySettings, office: CompanySettings) -> Said:
    """Page Music On Hold, each office's own."""
    music = music_playing(own)
    return Said(Source.COMPANY, enabled=own.music_enabled, values=asdict(Music(sound=music.pk if music else None)))


def recording_said(own: CompanySettings, office: CompanySettings) -> Said:
    """Whether the ITSP records calls for this customer at all; where it does not, no line may."""
    return Said(Source.COMPANY, enabled=own.call_recording, values={}, locked=not own.call_recording)


def dialing_said(own: CompanySettings, office: CompanySettings) -> Said:
    """Page Dialing Rules, each office's own."""
    row = getattr(own.customer, "dialing_rules", None) or DialingRulesRow(customer=own.customer)
    return Said(Source.COMPANY, enabled=row.enabled, values=asdict(as_feature(row)))


# From the settings of the line's own company and those of its main office.
COMPANY_PAGES: dict[str, Callable[[CompanySettings, CompanySettings], Said]] = {
    Dialing.NAME: dialing_said,
    Identity.NAME: identity_said,
    Music.NAME: music_said,
    Recording.NAME: recording_said,
}


def dialing_of(line: Line) -> DialingRules:
    """The rules by which the line's phone dials now."""
    counts = effective_of(line, Dialing)
    return counts.values.rules(enabled=counts.enabled, emergency=emergency_numbers(str(line.customer.country)))
