"""Who is in a huntgroup: extensions in their order, and other huntgroups.

An extension's primary group is one fact that two records show, so a change of it counts as a change of both:
whoever has either form open is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.models.huntgroup import HOUR
from centrex.operations.numbers import locked_office
from centrex.routing.nesting import find_circle
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

Record = TypeVar("Record", Extension, Huntgroup)


@dataclass(frozen=True, slots=True)
class Member:
    """An extension in a group, by id; times in seconds, `ring_time` None rings without end."""

    extension: int
    ring_delay: int = 0
    ring_time: int | None = None
    ignore_forwarding: bool = True
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A huntgroup in a group, by id."""

    huntgroup: int
    ignore_forwarding: bool = True


@transaction.atomic
def set_contents(
    *, user: User, huntgroup: Huntgroup, version: int | None, members: Sequence[Member], included: Sequence[Inclusion]
) -> Huntgroup:
    """Make `members`, in this order, and `included` the whole contents of the group.

    Outdated when somebody saved the group since `version`; Refused for what is not of this office, stands
    twice, rings for more than an hour, or would make the group include itself.
    """
    office = locked_office(huntgroup.customer)
    group = Huntgroup.locked(huntgroup.pk, huntgroup.version if version is None else version)
    extensions = chosen(Extension, office, [member.extension for member in members])
    groups = chosen(Huntgroup, office, [inclusion.huntgroup for inclusion in included])
    refuse_odd_times(members)
    refuse_circle(office, group, groups)
    before = contents_in_words(group)
    write_members(group, members)
    write_included(group, included)
    primaries = {extensions[member.extension].pk for member in members if member.primary}
    set_primaries(user=user, group=group, primaries=primaries)
    return note_contents(user=user, group=group, before=before)


def chosen(model: type[Record], office: Customer, ids: Sequence[int]) -> dict[int, Record]:
    """The office's records with these ids; Refused when one stands twice or is gone."""
    refuse_twice(ids)
    found = {record.pk: record for record in model.objects.filter(customer=office, pk__in=ids)}
    if len(found) < len(ids):
        raise Refused(_("Something in the list was deleted meanwhile. Load the page again."))
    return found


def refuse_twice(ids: Sequence[int]) -> None:
    """Refused when one of them stands there twice."""
    if len(set(ids)) < len(ids):
        raise Refused(_("Something stands in the list twice."))


def refuse_odd_times(members: Iterable[Member]) -> None:
    """Refused for a delay or a ring time that no phone could keep."""
    for member in members:
        if not 0 <= member.ring_delay <= HOUR:
            raise Refused(_("A ring delay is between 0 and 3600 seconds."))
        if member.ring_time is not None and not 1 <= member.ring_time <= HOUR:
            raise Refused(_("A ring time is between 1 and 3600 seconds, or empty for no end."))


def refuse_circle(office: Customer, group: Huntgroup, groups: dict[int, Huntgroup]) -> None:
    """Refused, naming the circle, when `groups` inside `group` would lead back to it."""
    includes: dict[int, list[int]] = {}
    for outer, inner in IncludedHuntgroup.objects.filter(huntgroup__customer=office).values_list(
        "huntgroup_id", "included_id"
    ):
        includes.setdefault(outer, []).append(inner)
    includes[group.pk] = list(groups)
    circle = find_circle(group.pk, includes)
    refuse_way_back(circle, dict(Huntgroup.objects.filter(pk__in=circle).values_list("pk", "name")))


def refuse_way_back(circle: Sequence[int], names: Mapping[int, str], *, field: str = "add_huntgroup") -> None:
    """Refused when there is a circle of huntgroups (ids), with their names."""
    if circle:
        way = " → ".join(names[pk] for pk in circle)
        raise Refused(_("A huntgroup cannot include itself: %(way)s.") % {"way": way}, field=field)


def write_members(group: Huntgroup, members: Sequence[Member]) -> None:
    """Replace the members."""
    rows = [
        HuntgroupMember(
            huntgroup=group,
            extension_id=member.extension,
            position=position,
            ring_delay=member.ring_delay,
            ring_time=member.ring_time,
            ignore_forwarding=member.ignore_forwarding,
        )
        for position, member in enumerate(members, start=1)
    ]
    keep_members([group.pk], rows)


def keep_members(groups: Collection[int], rows: Sequence[HuntgroupMember]) -> None:
    """Make `rows` all the members of these groups (ids); a row that stays keeps its id."""
    kept = {(row.huntgroup_id, row.extension_id) for row in rows}
    stored = HuntgroupMember.objects.filter(huntgroup__in=groups).values_list("pk", "huntgroup_id", "extension_id")
    HuntgroupMember.objects.filter(pk__in=[pk for pk, *pair in stored if tuple(pair) not in kept]).delete()
    HuntgroupMember.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["huntgroup", "extension"],
        update_fields=["position", "ring_delay", "ring_time", "ignore_forwarding"],
    )


def write_included(group: Huntgroup, included: Sequence[Inclusion]) -> None:
    """Replace the groups inside the group."""
    rows = [
        IncludedHuntgroup(
            huntgroup=group,
            included_id=inclusion.huntgroup,
            position=position,
            ignore_forwarding=inclusion.ignore_forwarding,
        )
        for position, inclusion in enumerate(included, start=1)
    ]
    keep_included([group.pk], rows)


def keep_included(groups: Collection[int], rows: Sequence[IncludedHuntgroup]) -> None:
    """Make `rows` all that is inside these groups (ids); a row that stays keeps its id."""
    kept = {(row.huntgroup_id, row.included_id) for row in rows}
    stored = IncludedHuntgroup.objects.filter(huntgroup__in=groups).values_list("pk", "huntgroup_id", "included_id")
    IncludedHuntgroup.objects.filter(pk__in=[pk for pk, *pair in stored if tuple(pair) not in kept]).delete()
    IncludedHuntgroup.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["huntgroup", "included"],
        update_fields=["position", "ignore_forwarding"],
    )


def set_primaries(*, user: User, group: Huntgroup, primaries: set[int]) -> None:
    """Make `group` the primary group of exactly these extensions; other groups that lose one are noted."""
    gone = Extension.objects.filter(primary_group=group).exclude(pk__in=primaries)
    new = Extension.objects.filter(pk__in=primaries).exclude(primary_group=group)
    for extension in gone.select_related("primary_group"):
        set_primary(user=user, extension=extension, group=None)
    for extension in new.select_related("primary_group"):
        former = extension.primary_group
        set_primary(user=user, extension=extension, group=group)
        if former is not None:
            note_primary(user=user, group=former, extension=extension, is_primary=False)


def set_primary(*, user: User, extension: Extension, group: Huntgroup | None) -> None:
    """Give the extension this primary group and write it down."""
    words = ["" if each is None else str(each) for each in (extension.primary_group, group)]
    label = str(Extension._meta.get_field("primary_group").verbose_name)
    note(user=user, record=extension, changes={label: words}, primary_group=group)


def note_primary(*, user: User, group: Huntgroup, extension: Extension, is_primary: bool) -> None:
    """Write down in the group's history that it became, or ceased to be, the extension's primary group."""
    note(user=user, record=group, changes=primary_words(extension, is_primary=is_primary))


def leave_groups(*, user: User, extension: Extension) -> None:
    """Take the extension out of every group; the members behind it move up."""
    for group in Huntgroup.objects.filter(members__extension=extension):
        before = contents_in_words(group)
        group.members.filter(extension=extension).delete()
        close_ranks(group.members)
        note_contents(user=user, group=group, before=before)


def leave_outer_groups(*, user: User, group: Huntgroup) -> None:
    """Take the group out of every group that includes it."""
    for outer in Huntgroup.objects.filter(included_groups__included=group):
        before = contents_in_words(outer)
        outer.included_groups.filter(included=group).delete()
        close_ranks(outer.included_groups)
        note_contents(user=user, group=outer, before=before)


def close_ranks(rows: Any) -> None:
    """Number the rows 1, 2, 3 again."""
    ordered = list(rows.order_by("position"))
    for position, row in enumerate(ordered, start=1):
        row.position = position
    rows.bulk_update(ordered, ["position"])


def contents_in_words(group: Huntgroup) -> dict[str, str]:
    """What the group includes, for its history: label -> text."""
    members = group.members.select_related("extension", "extension__primary_group")
    return in_words(group, members, group.included_groups.select_related("included"))


def in_words(
    group: Huntgroup, members: Iterable[HuntgroupMember], included: Iterable[IncludedHuntgroup]
) -> dict[str, str]:
    """These contents of `group`, label -> text."""
    return {
        _("Included Extensions"): ", ".join(member_in_words(member, group) for member in members),
        _("Included Huntgroups"): ", ".join(
            str(row.included) if row.ignore_forwarding else f"{row.included} ({_('with follow-me and voicemail')})"
            for row in included
        ),
    }


def member_in_words(member: HuntgroupMember, group: Huntgroup) -> str:
    """A member with what differs from the usual."""
    notes = []
    if member.ring_delay:
        notes.append(_("after %(seconds)s sec") % {"seconds": member.ring_delay})
    if member.ring_time:
        notes.append(_("for %(seconds)s sec") % {"seconds": member.ring_time})
    if not member.ignore_forwarding:
        notes.append(_("with follow-me and voicemail"))
    if member.extension.primary_group_id == group.pk:
        notes.append(_("primary"))
    return f"{member.extension} ({', '.join(notes)})" if notes else str(member.extension)


def note_contents(*, user: User, group: Huntgroup, before: dict[str, str]) -> Huntgroup:
    """Write down what of the contents differs from `before`; nothing when nothing does."""
    changes = changed_words(before, contents_in_words(group))
    return note(user=user, record=group, changes=changes) if changes else group


def changed_words(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """What differs: label -> [old, new]."""
    return {label: [before[label], after[label]] for label in before if before[label] != after[label]}


def primary_words(extension: Extension, *, is_primary: bool) -> dict[str, list[str]]:
    """That a group became, or ceased to be, the extension's primary group, for the group's history."""
    words = [str(_("Yes") if each else _("No")) for each in (not is_primary, is_primary)]
    return {_("Primary group of %(extension)s") % {"extension": extension}: words}


def note(*, user: User, record: Record, changes: dict[str, list[str]], **values: Any) -> Record:
    """Set `values`, count the change as a version of the record, and write it down."""
    current = type(record).locked(record.pk, None)
    for name, value in values.items():
        setattr(current, name, value)
    current.version += 1
    current.save(update_fields=["version", *values])
    AuditEvent.write(user=user, action="edit", record=current, changes=changes)
    return current
