"""Whom a huntgroup rings in the end, and who of them cannot hear it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from centrex.models import Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.routing.hunting import Inclusion, Member, flatten
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Reach:
    """The extensions that a group rings, its own and those of the groups inside it; each once, in the list's order.

    `silent` are those of them that cannot be reached, each with the reason; `only_empty_groups`: it includes groups
    and nobody is in them.
    """

    rings: tuple[Extension, ...]
    silent: tuple[tuple[Extension, str], ...]
    only_empty_groups: bool


def reach_of(office: Customer, groups: Iterable[Huntgroup], *, now: datetime) -> dict[int, Reach]:
    """What calls to these groups of `office` (a main office) reach, by the group's id; three queries for all."""
    members: dict[int, list[Member]] = defaultdict(list)
    inside: dict[int, list[Inclusion]] = defaultdict(list)
    for member in HuntgroupMember.objects.filter(huntgroup__customer=office):
        rung = Member(member.extension_id, member.ring_delay, member.ring_time, member.ignore_forwarding)
        members[member.huntgroup_id].append(rung)
    for row in IncludedHuntgroup.objects.filter(huntgroup__customer=office):
        inside[row.huntgroup_id].append(Inclusion(row.included_id, row.ignore_forwarding))
    extensions = Extension.objects.filter(customer=office).select_related("line").in_bulk()

    def reach(group: Huntgroup) -> Reach:
        rings = tuple(extensions[member.extension] for member in flatten(group.pk, members, inside))
        silent = tuple((each, why) for each in rings if (why := why_silent(each, now=now)))
        return Reach(rings, silent, only_empty_groups=not rings and bool(inside.get(group.pk)))

    return {group.pk: reach(group) for group in groups}


def why_silent(extension: Extension, *, now: datetime) -> str:
    """Why a call to `extension` rings nowhere, in words for the office; empty when it rings."""
    line = extension.line
    if line is None:
        return _("no phone line")
    if line.blocked:
        return _("phone line is blocked")
    if line.registered_until is None:
        return _("phone has never been connected")
    return _("phone is not connected now") if line.registered_until < now else ""
