"""What places say of features, read from the database for the pure rule of who decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from django.db.models import Q

from centrex.models import CompanySettings, FeatureSetting, Line
from centrex.queries.dialing import as_feature, row_of
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
    page = COMPANY_PAGES[name](line) if name in COMPANY_PAGES else None
    if page is not None and (page.locked or Source.COMPANY not in said):
        said[Source.COMPANY] = page
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


def identity_said(line: Line) -> Said:
    """Page Identity, kept by the main office for all its offices."""
    office = CompanySettings.for_customer(line.customer.office).get()
    return Said(Source.COMPANY, enabled=True, values=asdict(Identity(hide_cli=office.hide_cli)))


def music_said(line: Line) -> Said:
    """Page Music On Hold, each office's own."""
    own = CompanySettings.for_customer(line.customer).select_related("music").get()
    music = music_playing(own)
    return Said(Source.COMPANY, enabled=own.music_enabled, values=asdict(Music(sound=music.pk if music else None)))


def recording_said(line: Line) -> Said:
    """Whether the ITSP records calls for this customer at all; where it does not, no line may."""
    own = CompanySettings.for_customer(line.customer).get()
    return Said(Source.COMPANY, enabled=own.call_recording, values={}, locked=not own.call_recording)


def dialing_said(line: Line) -> Said:
    """Page Dialing Rules, each office's own."""
    row = row_of(line.customer)
    return Said(Source.COMPANY, enabled=row.enabled, values=asdict(as_feature(row)))


# What the company's own pages set of a feature, without a row of its own.
COMPANY_PAGES: dict[str, Callable[[Line], Said]] = {
    Dialing.NAME: dialing_said,
    Identity.NAME: identity_said,
    Music.NAME: music_said,
    Recording.NAME: recording_said,
}


def dialing_of(line: Line) -> DialingRules:
    """The rules by which the line's phone dials now."""
    counts = effective_of(line, Dialing)
    return counts.values.rules(enabled=counts.enabled, emergency=emergency_numbers(str(line.customer.country)))
