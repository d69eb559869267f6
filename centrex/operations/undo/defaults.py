"""Undo of what a company or a site has set for its lines."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import FeatureSetting, Site
from centrex.operations.place_features import set_default
from centrex.operations.undo.said import Said, changed, reversed_words, said_in, turned_back
from centrex.operations.undo.undoing import Undoing
from centrex.queries.features import own_row
from centrex.routing.features import FEATURES, Feature, of_mapping
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, Versioned
from selfcare.models.history import END, around, as_record, states
from selfcare.reversal import Plan, Step, not_kept, refuse_empty, refuse_outdated


@dataclass(frozen=True, slots=True)
class Default:
    """A default before and after one act, and the row that says it now; `kept` is the row as the act knew it."""

    kept: FeatureSetting
    place: Site | Customer
    old: Said
    new: Said
    row: FeatureSetting | None

    @property
    def feature(self) -> type[Feature]:
        return FEATURES[self.kept.name]

    @property
    def present(self) -> FeatureSetting:
        """The row that says it now; without one a blank of version 0."""
        return self.row or FeatureSetting(customer=self.kept.customer, name=self.kept.name, version=0)

    @property
    def wanted(self) -> Said:
        """What the place would say again."""
        return turned_back(self.feature, old=self.old, new=self.new, now=said_in(self.row))


def is_default(event: AuditEvent) -> bool:
    return event.record_type == FeatureSetting._meta.label_lower


def plan_default(event: AuditEvent, fixed: Collection[str]) -> Plan:
    """What would change back; Refused when nothing would."""
    return planned(event, read(event, fixed))


def planned(event: AuditEvent, default: Default) -> Plan:
    """The plan in the words of the act."""
    now = said_in(default.row)
    pairs = event.changes.items() if default.wanted != now else ()
    steps = [Step(label, became, was, changed_since=now != default.new) for label, (was, became) in pairs]
    words = [] if default.wanted else [_("Lines without a setting of their own follow the next place again.")]
    return refuse_empty(Plan(default.kept, default.present.version, steps, words))


def default_back(by: Undoing, event: AuditEvent, version: int | None, fixed: Collection[str]) -> Versioned:
    """Through the act of the page; a setting that was taken away comes back under its old id."""
    default = read(event, fixed)
    refuse_outdated(default.present, version)
    plan, wanted = planned(event, default), default.wanted
    saved = set_default(
        user=by.user,
        place=default.place,
        version=plan.version,
        feature=default.feature,
        values=of_mapping(default.feature, wanted[1]) if wanted else None,
        enabled=wanted[0] if wanted else True,
        labels={},
        confirmed=by.confirmed,
        again=default.kept,
        describe=lambda _before, _after, _labels: reversed_words(event),
    )
    return saved or default.kept


def read(event: AuditEvent, fixed: Collection[str]) -> Default:
    """The default that the event is about; Refused when what it was is not kept, or its site is gone."""
    before, after = sides(event)
    latest = after or before
    if latest is None:
        raise not_kept()
    kept = as_record(FeatureSetting, latest)
    site = Site.objects.filter(pk=kept.site_id or 0, customer=kept.customer_id).select_related("customer").first()
    if kept.site_id is not None and site is None:
        raise Refused(_("The site no longer exists, so this cannot be undone."))
    row = own_row(site or kept.customer, kept.name)
    default = Default(kept, site or kept.customer, said_in(before), said_in(after), row)
    both = (said_in(row), default.wanted)
    now, then = (of_mapping(default.feature, said[1]) if said else default.feature() for said in both)
    if set(changed(now, then)) & set(fixed):
        raise Refused(_("Your telephone company keeps this setting."))
    return default


def sides(event: AuditEvent) -> tuple[Any, Any]:
    """The kept states before and after the event; None where the place said nothing."""
    match event.action:
        case "add":
            return None, around(FeatureSetting, event.record_id, event.version)[1]
        case "delete":
            ended = states(FeatureSetting).filter(pgh_obj=event.record_id, version=event.version, pgh_label=END)
            return ended.last(), None
        case _:
            before, after = around(FeatureSetting, event.record_id, event.version)
            if before is None:
                raise not_kept()
            return before, after
