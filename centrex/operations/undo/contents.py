"""The contents of a huntgroup as they were, and what of them an undo puts back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from centrex.models import Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.operations.membership import Inclusion, Member, in_words
from selfcare.models.history import as_of, states

Row = TypeVar("Row", Member, Inclusion)


@dataclass(frozen=True, slots=True)
class Contents:
    """Members and included groups of one huntgroup, in their order."""

    members: tuple[Member, ...] = ()
    included: tuple[Inclusion, ...] = ()


def key_of(row: Member | Inclusion) -> int:
    """The id of the extension or the huntgroup that stands in the row."""
    return row.extension if isinstance(row, Member) else row.huntgroup


def member(row: HuntgroupMember, *, primary: bool) -> Member:
    """A row of the database, or a kept state of one, as a value."""
    return Member(
        extension=row.extension_id,
        ring_delay=row.ring_delay,
        ring_time=row.ring_time,
        ignore_forwarding=row.ignore_forwarding,
        primary=primary,
    )


def inclusion(row: IncludedHuntgroup) -> Inclusion:
    return Inclusion(huntgroup=row.included_id, ignore_forwarding=row.ignore_forwarding)


def contents_now(group: Huntgroup) -> Contents:
    """What the group includes."""
    members = group.members.select_related("extension").order_by("position")
    return Contents(
        members=tuple(member(row, primary=row.extension.primary_group_id == group.pk) for row in members),
        included=tuple(inclusion(row) for row in group.included_groups.order_by("position")),
    )


def contents_at(group: Huntgroup, at: datetime) -> Contents:
    """What the group included at that moment, as far as it is kept."""
    members = in_order(as_of(states(HuntgroupMember).filter(huntgroup=group.pk), at))
    kept = states(Extension).filter(pgh_obj__in=[row.extension_id for row in members])
    primary = {row.pgh_obj_id for row in as_of(kept, at) if row.primary_group_id == group.pk}
    included = in_order(as_of(states(IncludedHuntgroup).filter(huntgroup=group.pk), at))
    return Contents(
        members=tuple(member(row, primary=row.extension_id in primary) for row in members),
        included=tuple(inclusion(row) for row in included),
    )


def in_order(rows: Iterable[Any]) -> list[Any]:
    """Members or included groups, or kept states of them, by their place."""
    return sorted(rows, key=lambda row: row.position)


def turned_back(*, old: Contents, new: Contents, now: Contents) -> Contents:
    """`now` with what differs between `old` and `new` as it was in `old`; what changed since stays."""
    return Contents(
        members=tuple(rows_turned_back(old.members, new.members, now.members)),
        included=tuple(rows_turned_back(old.included, new.included, now.included)),
    )


def rows_turned_back(old: Sequence[Row], new: Sequence[Row], now: Sequence[Row]) -> list[Row]:
    """Rows that were added go, those that were removed return to their places, values and order go back."""
    before: dict[int, Row] = {key_of(row): row for row in old}
    after: dict[int, Row] = {key_of(row): row for row in new}
    present: dict[int, Row] = {key_of(row): row for row in now}
    keys = order_turned_back([*before], [*after], [key for key in present if key in before or key not in after])
    rows = [value_turned_back(before.get(key), after.get(key), present[key]) for key in keys]
    for place, key in enumerate(before):
        if key not in after and key not in present:
            rows.insert(place, before[key])
    return rows


def order_turned_back(before: list[int], after: list[int], present: list[int]) -> list[int]:
    """`present` with those keys in the order of `before` whose order differs in `after`."""
    stayed = [key for key in before if key in after]
    if stayed == [key for key in after if key in before]:
        return present
    back = iter([key for key in stayed if key in present])
    return [next(back) if key in stayed else key for key in present]


def value_turned_back(old: Row | None, new: Row | None, now: Row) -> Row:
    """`now` with those values of `old` that differ in `new`."""
    if old is None or new is None:
        return now
    names = [field.name for field in fields(old)]
    return replace(now, **{name: getattr(old, name) for name in names if getattr(old, name) != getattr(new, name)})


def former_primaries(*, old: Contents, new: Contents, at: datetime) -> dict[int, int]:
    """Extensions that the act took over as their primary group: extension -> the group that it was at `at`."""
    had = {row.extension for row in old.members if row.primary}
    taken = [row.extension for row in new.members if row.primary and row.extension not in had]
    were = as_of(states(Extension).filter(pgh_obj__in=taken), at)
    return {state.pgh_obj_id: state.primary_group_id for state in were if state.primary_group_id}


def words_of(group: Huntgroup, contents: Contents) -> dict[str, str]:
    """The contents in the words of the group's history: label -> text."""
    extensions = Extension.objects.in_bulk([row.extension for row in contents.members])
    groups = Huntgroup.objects.in_bulk([row.huntgroup for row in contents.included])
    members = []
    for row in contents.members:
        extension = copy(extensions[row.extension])
        extension.primary_group_id = group.pk if row.primary else None
        members.append(
            HuntgroupMember(
                extension=extension,
                ring_delay=row.ring_delay,
                ring_time=row.ring_time,
                ignore_forwarding=row.ignore_forwarding,
            )
        )
    included = [
        IncludedHuntgroup(included=groups[row.huntgroup], ignore_forwarding=row.ignore_forwarding)
        for row in contents.included
    ]
    return in_words(group, members, included)


def without_the_gone(contents: Contents) -> tuple[Contents, list[str]]:
    """The contents without what is deleted since, and the names of that."""
    extensions = Extension.objects.in_bulk([row.extension for row in contents.members])
    groups = Huntgroup.objects.in_bulk([row.huntgroup for row in contents.included])
    members = tuple(row for row in contents.members if row.extension in extensions)
    included = tuple(row for row in contents.included if row.huntgroup in groups)
    gone = [
        *last_names(Extension, [row.extension for row in contents.members if row.extension not in extensions]),
        *last_names(Huntgroup, [row.huntgroup for row in contents.included if row.huntgroup not in groups]),
    ]
    return Contents(members, included), gone


def last_names(model: type[Extension] | type[Huntgroup], keys: list[int]) -> list[str]:
    """What deleted records were called."""
    latest = states(model).filter(pgh_obj__in=keys).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return [f"{state.number} {state.name}".strip() for state in latest]
