"""What places say of features, read from the database for the pure rule of who decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from django.db.models import Q

from centrex.models import CompanySettings, FeatureSetting, Line
from centrex.routing.features import (
    AnyFeature,
    Effective,
    Identity,
    Music,
    Recording,
    Said,
    Source,
    effective,
)


def effective_of(line: Line, feature: type[AnyFeature]) -> Effective[AnyFeature]:
    """What counts for the line, and where it comes from."""
    return effective(feature, said_of(line, feature.NAME))


def inherited_of(line: Line, feature: type[AnyFeature]) -> Effective[AnyFeature]:
    """What would count if the line said nothing itself."""
    places = [place for place in said_of(line, feature.NAME) if place.source is not Source.LINE]
    return effective(feature, places)


def said_of(line: Line, name: str) -> list[Said]:
    """What line, site and company say of a feature, nearest first."""
    site = Q(site=line.site_id) if line.site_id else Q(site__is_default=True)
    rows = FeatureSetting.objects.filter(Q(line=line) | site | company_rows(), customer=line.customer_id, name=name)
    said = {source_of(row): in_values(row) for row in rows}
    if Source.COMPANY not in said:
        said |= {place.source: place for place in company_says(line, name)}
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


def company_says(line: Line, name: str) -> list[Said]:
    """What the company's own pages set of a feature, without a row of its own."""
    said = COMPANY_PAGES.get(name)
    return [said(line)] if said else []


def identity_said(line: Line) -> Said:
    """Page Identity, kept by the main office for all its offices."""
    office = CompanySettings.for_customer(line.customer.office).get()
    return Said(Source.COMPANY, enabled=True, values=asdict(Identity(hide_cli=office.hide_cli)))


def music_said(line: Line) -> Said:
    """Page Music On Hold, each office's own."""
    own = CompanySettings.for_customer(line.customer).get()
    return Said(Source.COMPANY, enabled=own.music_enabled, values=asdict(Music(sound=own.music_id)))


def recording_said(line: Line) -> Said:
    """Whether the ITSP records calls for this customer at all; where it does not, no line may."""
    own = CompanySettings.for_customer(line.customer).get()
    return Said(Source.COMPANY, enabled=own.call_recording, values={}, locked=not own.call_recording)


COMPANY_PAGES: dict[str, Callable[[Line], Said]] = {
    Identity.NAME: identity_said,
    Music.NAME: music_said,
    Recording.NAME: recording_said,
}
