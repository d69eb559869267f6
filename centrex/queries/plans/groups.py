"""Extensions and huntgroups of a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from centrex.models import CallQueue, Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.queries.planned import GROUP, Overlay
from centrex.queries.plans.otherwise import contents_otherwise, group_otherwise, primaries_otherwise
from centrex.queries.queues import connected_at_a_time
from centrex.routing import plan as routing
from centrex.routing.hunting import HuntSequence, Inclusion, Member
from centrex.routing.nesting import inside
from selfcare.models import Customer


def extensions_of(office: Customer) -> list[Extension]:
    """The extensions of a main office and its branches, each with its primary group and its line."""
    return list(Extension.objects.filter(customer=office).select_related("primary_group", "line"))


def groups_of(
    office: Customer, extensions: Iterable[Extension], overlay: Overlay
) -> tuple[dict[int, routing.Group], dict[int, tuple[Member, ...]], dict[int, tuple[Inclusion, ...]]]:
    """The huntgroups by id, whom each rings itself, and which groups are inside it; two queries.

    The rows are changed as the overlay says, and so are the primary groups of `extensions`.
    """
    includes = IncludedHuntgroup.objects.filter(huntgroup=OuterRef("pk")).order_by("position")
    included = JSONObject(group="included_id", ignore_forwarding="ignore_forwarding")
    rows = list(
        Huntgroup.objects.filter(customer=office)
        .select_related("queue")
        .annotate(inner=ArraySubquery(includes.values(json=included)))
    )
    for group in rows:
        group_otherwise(group, overlay.of(GROUP, group.pk))
    members: dict[int, list[Member]] = defaultdict(list)
    phones: dict[int, set[int]] = defaultdict(set)
    for row in HuntgroupMember.objects.filter(huntgroup__customer=office).select_related("extension__line"):
        members[row.huntgroup_id].append(Member(row.extension_id, row.ring_delay, row.ring_time, row.ignore_forwarding))
        if rings(row.extension):
            phones[row.huntgroup_id].add(row.extension_id)
    inner = {row.pk: tuple(Inclusion(each["group"], each["ignore_forwarding"]) for each in row.inner) for row in rows}
    by_id = {row.pk: row for row in extensions}
    for group in rows:
        if contents := overlay.of(GROUP, group.pk).get("members"):
            members[group.pk], inner[group.pk] = contents_otherwise(
                contents, members[group.pk], inner[group.pk], extensions=by_id, groups=inner
            )
            phones[group.pk] = {each.extension for each in members[group.pk] if rings(by_id[each.extension])}
            primaries_otherwise(group, contents, by_id)
    nested = {pk: [each.group for each in found] for pk, found in inner.items()}
    answering = {row.pk: len(set().union(*(phones[each] for each in inside(row.pk, nested)))) for row in rows}
    groups = {row.pk: as_group(row, answering) for row in rows}
    return groups, {pk: tuple(found) for pk, found in members.items() if found}, inner


def rings(extension: Extension) -> bool:
    """Whether it has a phone line that works."""
    return extension.line is not None and not extension.line.blocked


def as_group(row: Huntgroup, phones: dict[int, int]) -> routing.Group:
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
    )


def as_queue(row: CallQueue, phones: dict[int, int]) -> routing.Queue:
    """A call queue as values; one in front of a group without phones counts as one phone, which nobody answers."""
    connected = max(1, connected_at_a_time(row, phones))
    return routing.Queue(row.pk, row.max_waiting, row.call_seconds, connected, row.music_id)
