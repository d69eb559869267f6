"""Planned changes: the parts that can be planned as JSON values, what is to come, and all of it in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from centrex.models import FeatureSetting, ForwardNumber, Huntgroup, Line, Menu, PlannedChange
from centrex.queries.features import effective_of
from centrex.queries.forwarding import LISTS
from centrex.routing.engine import Decision, Trace
from centrex.routing.features import Feature, ForwardOptions, of_mapping
from centrex.routing.plan import Record
from selfcare.models import Customer, Versioned
from selfcare.reversal import Fate, fate

Values = Mapping[str, Any]
OPEN = (PlannedChange.State.PLANNED, PlannedChange.State.ACTIVE)
NUMBER = (
    "number", "enabled", "description", "ring_seconds", "display", "period", "must_accept", "keep_cld", "transport",
)  # fmt: skip
LINE, GROUP, MENU = Line._meta.label_lower, Huntgroup._meta.label_lower, Menu._meta.label_lower
CHOICE = "choice_"  # before the event of a menu, as the name of a field


def feature_state(line: Line, feature: type[Feature]) -> dict[str, Any]:
    """What the line says of a feature itself; a line that inherits says no more than that."""
    row = FeatureSetting.objects.filter(line=line, name=feature.NAME).first()
    return own_values(row, feature)


def own_values(row: FeatureSetting | None, feature: type[Feature]) -> dict[str, Any]:
    """A line's row of a feature as JSON values."""
    if row is None:
        return {"own": False}
    values = asdict(of_mapping(feature, row.values))
    as_json = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return {"own": True, "enabled": row.enabled, **as_json}


def forwarding_state(line: Line) -> dict[str, Any]:
    """The mode of a line's forwarding, and what this mode uses; the rest is parked and does not count."""
    options = effective_of(line, ForwardOptions).values
    match line.forwarding:
        case mode if mode in LISTS:
            rows = line.forward_numbers.order_by("position")
            return {"mode": mode, "order": options.order, "numbers": [number_state(row) for row in rows]}
        case Line.Forwarding.SIMPLE:
            return {"mode": line.forwarding, "to": options.to}
        case Line.Forwarding.SIP_URI:
            return {"mode": line.forwarding, "uri": options.uri, "transport": options.transport}
        case _:
            return {"mode": line.forwarding}


def number_state(row: ForwardNumber) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NUMBER} | {"proxy": row.proxy_id}


def choices_state(menu: Menu) -> dict[str, Any]:
    """What each event of a menu leads to, ids for what it names; an event that nothing is set for is left out."""
    return {
        f"{CHOICE}{row.event}": {
            "act": row.act, "number": row.number, "huntgroup": row.huntgroup_id, "next_menu": row.next_menu_id,
            "play": row.play_id,
        }
        for row in menu.events.all()
    }  # fmt: skip


def difference(before: Values, after: Values) -> dict[str, Any]:
    """The fields in which two states differ, as they are in the second; None for what it does not have."""
    names = [name for name in [*before, *after] if before.get(name) != after.get(name)]
    return {name: after.get(name) for name in dict.fromkeys(names)}


def no_head(name: str) -> str:
    """Every field counts by itself."""
    return ""


def way_back(
    before: Values, after: Values, now: Values, *, head: Callable[[str], str] = no_head
) -> tuple[dict[str, Any], list[str]]:
    """Which fields go back to what, and which do not because somebody changed them since.

    `head` names the field that decides whether another counts at all; where that changed as well, nothing under it
    goes back once somebody changed any of it.
    """
    names = list(dict.fromkeys([*before, *after]))
    fates = {name: fate(was=before.get(name), became=after.get(name), now=now.get(name)) for name in names}
    back = {name: before.get(name) for name in names if fates[name] is Fate.GOES_BACK}
    kept = [name for name in names if fates[name] is Fate.CHANGED_SINCE]
    since = difference(after, now)
    for decides in dict.fromkeys(head(name) for name in since):
        if before.get(decides) != after.get(decides):
            back = {name: value for name, value in back.items() if head(name) != decides}
            kept += [name for name in since if head(name) == decides and name not in kept]
    return back, kept


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is otherwise than the database says: (kind of record, id) -> part -> its fields that differ.

    `notes` are the records that say so, each with the kind and the id that it is about, and its customer.
    """

    values: Mapping[tuple[str, int], Mapping[str, Values]] = field(default_factory=dict)
    notes: tuple[tuple[Record, str, int, int], ...] = ()

    def of(self, kind: str, pk: int) -> Mapping[str, Values]:
        """What is otherwise in one record, by part."""
        return self.values.get((kind, pk), {})

    def lines(self) -> list[tuple[int, Mapping[str, Values]]]:
        """The lines that something is otherwise in."""
        return [(pk, parts) for (kind, pk), parts in self.values.items() if kind == LINE]

    def codes(self) -> dict[str, str]:
        """The numbers that huntgroups get, for the number space."""
        groups = [parts.get("huntgroup", {}) for (kind, _pk), parts in self.values.items() if kind == GROUP]
        return {values["number"]: "" for values in groups if "number" in values}

    def __or__(self, other: Overlay) -> Overlay:
        """Both; where they speak of the same field, `other` counts."""
        values = {key: dict(parts) for key, parts in self.values.items()}
        for key, parts in other.values.items():
            mine = values.setdefault(key, {})
            for part, fields in parts.items():
                mine[part] = {**mine.get(part, {}), **fields}
        return Overlay(values, self.notes + other.notes)


AS_IT_IS = Overlay()


def planned_at(changes: Iterable[PlannedChange], when: datetime) -> Overlay:
    """What these planned changes will have made otherwise by `when`."""
    overlay = Overlay()
    for _at, change, values in sorted(steps_until(changes, when), key=lambda step: step[0]):
        kind, pk = change.record_type, change.record_id
        note = (Record("planned", change.pk, str(change)), kind, pk, change.customer_id)
        overlay |= Overlay({(kind, pk): {change.part: values}}, (note,))
    return overlay


def steps_until(changes: Iterable[PlannedChange], when: datetime) -> list[tuple[datetime, PlannedChange, Values]]:
    """What is still to be put in place or turned back by then; what begins and ends before then leaves nothing."""
    found: list[tuple[datetime, PlannedChange, Values]] = []
    for change in changes:
        is_over = change.ends_at is not None and change.ends_at <= when
        if change.state == PlannedChange.State.PLANNED and change.starts_at <= when and not is_over:
            found.append((change.starts_at, change, change.new))
        elif change.state == PlannedChange.State.ACTIVE and is_over and change.ends_at is not None:
            found.append((change.ends_at, change, difference(change.after or {}, change.before or {})))
    return found


def coming(office: Customer, *, when: datetime) -> Overlay:
    """What the planned changes of a main office and its branches will have made otherwise by `when`; one query."""
    offices = Customer.objects.office_of(office)
    return planned_at(PlannedChange.objects.filter(customer__in=offices, state__in=OPEN), when)


def with_notes(decision: Decision, overlay: Overlay, *, viewer: int) -> Decision:
    """The decision with a step for each planned change of the customer `viewer` in a record that the call meets."""
    met = {(step.record.kind, step.record.id) for step in decision.trace if step.record is not None}
    kinds = {LINE: "line", GROUP: "huntgroup"}
    notes = tuple(
        Trace("planned.applies", record, {})
        for record, kind, pk, customer in overlay.notes
        if customer == viewer and (kinds.get(kind, kind.rpartition(".")[2]), pk) in met
    )
    return replace(decision, trace=decision.trace[:1] + notes + decision.trace[1:])


def changes_of(record: Versioned) -> QuerySet[PlannedChange]:
    """What is planned for a record or in force, the next first."""
    rows = PlannedChange.objects.filter(record_type=record._meta.label_lower, record_id=record.pk, state__in=OPEN)
    return rows.select_related("customer", "planned_by")


def overlapping(
    record: Versioned, part: str, names: Iterable[str], *, start: datetime, end: datetime | None
) -> list[PlannedChange]:
    """The open changes of some of the same fields that are in force at some time from `start` until `end`."""
    rows = changes_of(record).filter(Q(ends_at=None) | Q(ends_at__gt=start), part=part)
    if end is not None:
        rows = rows.filter(starts_at__lt=end)
    wanted = set(names)
    return [row for row in rows if wanted & {*row.new, *difference(row.before or {}, row.after or {})}]


def change_in_words(change: PlannedChange) -> str:
    """Such as "Mode becomes Simple Forwarding; Forward To becomes 2005"."""
    parts = [
        _("%(what)s becomes %(value)s") % {"what": capfirst(label), "value": new or _("empty")}
        for label, (_old, new) in change.changes.items()
    ]
    return "; ".join(parts)


def span_in_words(change: PlannedChange) -> str:
    """Such as "From Fri 27 Nov 18:00 until Mon 30 Nov 08:00", by the clock of the customer."""
    start = clock_in_words(change.starts_at, change.customer)
    if change.ends_at is None:
        return _("From %(start)s on") % {"start": start}
    return _("From %(start)s until %(end)s") % {"start": start, "end": clock_in_words(change.ends_at, change.customer)}


def clock_in_words(moment: datetime, customer: Customer) -> str:
    """A moment with its day of the week, by the customer's clock."""
    return date_format(moment.astimezone(customer.zone), "D j M Y H:i")
