"""Call queues: who sees them, and how many phones answer their callers."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrex.models import CallQueue, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.routing.nesting import inside
from centrex.routing.queue import Announcement
from selfcare import formats
from selfcare.models import Customer


def queues_seen_by(customer: Customer) -> QuerySet[CallQueue]:
    """The queues of the office's huntgroups that `customer` sees: all for the main office, its own for a branch."""
    queues: QuerySet[CallQueue] = CallQueue.for_customer(customer.office)
    return queues.filter(huntgroup__in=Huntgroup.for_customer(customer))


def groups_without_queue(office: Customer, queue: CallQueue) -> QuerySet[Huntgroup]:
    """The huntgroups that `queue` may stand in front of: those without one, and the one that it has."""
    groups: QuerySet[Huntgroup] = Huntgroup.for_customer(office)
    return groups.exclude(queue__in=CallQueue.for_customer(office).exclude(pk=queue.pk))


def phones_of_groups(office: Customer) -> dict[int, int]:
    """How many extensions can ring in each huntgroup of the office, by its id; two queries.

    Groups inside a group count, an extension in several of them once; one without a phone line, or whose line is
    blocked, cannot ring.
    """
    ringing = HuntgroupMember.objects.filter(
        huntgroup__customer=office, extension__line__isnull=False, extension__line__blocked=False
    )
    phones, includes = defaultdict(set), defaultdict(list)
    for group, extension in ringing.values_list("huntgroup", "extension"):
        phones[group].add(extension)
    for outer, inner in IncludedHuntgroup.objects.filter(huntgroup__customer=office).values_list(
        "huntgroup", "included"
    ):
        includes[outer].append(inner)
    return {
        group: len(set().union(*(phones[each] for each in inside(group, includes)))) for group in {*phones, *includes}
    }


def connected_at_a_time(queue: CallQueue, phones: dict[int, int]) -> int:
    """How many callers of the queue talk at a time; `phones` is `phones_of_groups`.

    As many as was set, but no more than there are phones to answer; without a setting, as many as there are phones.
    """
    there = phones.get(queue.huntgroup_id, 0)
    return there if queue.max_connected is None else min(queue.max_connected, there)


def waiting_in_words(said: Announcement) -> str:
    """What the caller hears of the time, such as "about 5 minutes"."""
    if said.minutes is None:
        return _("no time is said: nobody is there to answer")
    if said.place == 1:
        return _("you are next")
    if said.minutes == 0:
        return _("less than a minute")
    minutes = {"number": formats.number(said.minutes)}
    return ngettext("about %(number)s minute", "about %(number)s minutes", said.minutes) % minutes
