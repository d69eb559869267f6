"""Extensions and huntgroups of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.db.models import OuterRef

from centrex.models import CallQueue, Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.queries.planned import GROUP, Overlay
from centrex.queries.plans.inner import inner, revived
from centrex.queries.plans.otherwise import contents_otherwise, group_otherwise, primaries_otherwise
from centrex.queries.queues import connected_at_a_time
from centrex.queries.schedules import time_filter
from centrex.routing import plan as routing
from centrex.routing.hunting import HuntSequence, Inclusion, Member
from centrex.routing.nesting import inside
from centrex.routing.opening import OpeningHours
from selfcare.models import Customer


def extensions_of(office: Customer) -> list[Extension]:
    """The extensions of a main office and its branches, each with its primary group and its line."""
    return list(Extension.objects.filter(customer=office).select_related("primary_group", "line"))


def as_extension(row: Extension) -> routing.Extension:
    """An extension as values."""
    return routing.Extension(row.pk, row.number, row.name, row.line_id, row.published)


def groups_of(
    office: Customer,
    extensions: Iterable[Extension],
    overlay: Overlay,
    cooling: Mapping[int, Mapping[str, datetime]],
    *,
    now: datetime,
) -> tuple[dict[int, routing.Group], dict[int, tuple[Member, ...]], dict[int, tuple[Inclusion, ...]]]:
    """The huntgroups by id, whom each rings itself, and which groups are inside it; `extensions` with their lines.

    The primary groups of `extensions` are changed as the overlay says. `cooling` are the numbers of each group that its
    calls are not sent to before a moment.
    """
    here = Huntgroup.objects.filter(customer=office).select_related("queue", "hours").prefetch_related("hours__days")
    rows = here.annotate(
        own=inner(HuntgroupMember.objects.filter(huntgroup=OuterRef("pk")).order_by("position")),
        inside=inner(IncludedHuntgroup.objects.filter(huntgroup=OuterRef("pk")).order_by("position")),
    )
    ringing = {row.pk for row in extensions if row.line is not None and not row.line.blocked}
    members, includes = {}, {}
    for row in rows:
        own, inside_it = revived(HuntgroupMember, row.own), revived(IncludedHuntgroup, row.inside)
        members[row.pk] = tuple(
            Member(each.extension_id, each.ring_delay, each.ring_time, each.ignore_forwarding) for each in own
        )
        includes[row.pk] = tuple(Inclusion(each.included_id, each.ignore_forwarding) for each in inside_it)
    by_id = {each.pk: each for each in extensions}
    for row in rows:
        group_otherwise(row, overlay.of(GROUP, row.pk))
        if contents := overlay.of(GROUP, row.pk).get("members"):
            members[row.pk], includes[row.pk] = contents_otherwise(
                contents, members[row.pk], includes[row.pk], extensions=by_id, groups=includes
            )
            primaries_otherwise(row, contents, by_id)
    nested = {pk: [each.group for each in found] for pk, found in includes.items()}
    phones = {pk: ringing.intersection(each.extension for each in found) for pk, found in members.items()}
    answering = {pk: len(set().union(*(phones[each] for each in inside(pk, nested)))) for pk in phones}
    groups = {}
    for row in rows:
        hours = hours_of(row, cooling.get(row.pk, {}), now=now, zone=office.zone)
        groups[row.pk] = as_group(row, answering, hours)
    return groups, {pk: found for pk, found in members.items() if found}, includes


def hours_of(row: Huntgroup, cooling: Mapping[str, datetime], *, now: datetime, zone: ZoneInfo) -> OpeningHours | None:
    """A huntgroup's opening hours with what it does outside them; None when it always answers."""
    if row.hours is None:
        return None
    return OpeningHours(
        times=time_filter(row.hours, now=now, zone=zone),
        zone=zone,
        action=row.closed_action,
        group=row.closed_group_id,
        extension=row.closed_extension_id,
        line=row.closed_line_id,
        number=row.closed_number,
        counts_from=cooling.get(row.closed_number),
    )


def as_group(row: Huntgroup, phones: dict[int, int], hours: OpeningHours | None) -> routing.Group:
    """A huntgroup as values; `phones` counts those of each group that can ring."""
    queue = getattr(row, "queue", None)
    return routing.Group(
        id=row.pk,
        number=row.number,
        name=row.name,
        sequence=cast(HuntSequence, row.sequence),
        caller_id=row.caller_id,
        pickup_allowed=row.pickup_allowed,
        queue=as_queue(queue, phones) if queue else None,
        hours=hours,
    )


def as_queue(row: CallQueue, phones: dict[int, int]) -> routing.Queue:
    """A call queue as values; one in front of a group without phones counts as one phone, which nobody answers."""
    connected = max(1, connected_at_a_time(row, phones))
    return routing.Queue(row.pk, row.max_waiting, row.call_seconds, connected, row.music_id)
