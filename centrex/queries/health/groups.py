"""What is wrong with huntgroups and their queues, and with times and filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from centrex.models import ForwardNumber, Huntgroup, NumberFilter, Schedule
from centrex.queries.health.finding import Finding, line_link
from centrex.queries.reach import Reach, reach_of
from centrex.queries.schedules import state_of
from centrex.queries.screening import with_filter_uses
from centrex.routing.schedule import Period, is_active, next_change, parse
from selfcare import formats
from selfcare.errors import Link
from selfcare.models import Customer


def groups_with_reach(customer: Customer, now: datetime) -> list[tuple[Huntgroup, Reach]]:
    """The customer's huntgroups, each with whom it rings."""
    groups = list(Huntgroup.for_customer(customer).select_related("queue").order_by("number"))
    return list(zip(groups, reach_of(customer.office, groups, now=now).values(), strict=True))


def is_silent(reach: Reach) -> bool:
    """Whether every phone is missing, blocked or not connected."""
    return len(reach.silent) >= len(reach.rings)


def silent_groups(groups: Iterable[tuple[Huntgroup, Reach]]) -> Iterator[Finding]:
    """Groups of which no phone rings."""
    for group, reach in groups:
        if not is_silent(reach):
            continue
        link = Link(str(group), "centrex:huntgroups", "centrex:huntgroup-members", (group.pk,))
        words = _("No phone of huntgroup %(group)s can ring now.")
        if not reach.rings:
            words = _("Huntgroup %(group)s has no extension.")
        yield Finding(words % {"group": group}, link, (group.pk,), "id_add_extension")


def queues_for_nobody(groups: Iterable[tuple[Huntgroup, Reach]]) -> Iterator[Finding]:
    """Queues in front of such groups."""
    for group, reach in groups:
        queue = getattr(group, "queue", None)
        if queue is None or not is_silent(reach):
            continue
        link = Link(str(group), "centrex:queues", "centrex:queue-edit", (queue.pk,))
        words = _("Callers wait in the queue of huntgroup %(group)s, and nobody is there for them.")
        yield Finding(words % {"group": group}, link, (queue.pk,), "id_huntgroup")


def unused_filters(customer: Customer) -> Iterator[Finding]:
    """Number filters that no rule uses."""
    for row in with_filter_uses(NumberFilter.for_customer(customer)).order_by("name"):
        if row.uses:  # type: ignore[attr-defined]  # by with_filter_uses
            continue
        link = Link(row.name, "centrex:filters", "centrex:filter-edit", (row.pk,))
        yield Finding(_("No rule uses the number filter “%(name)s”.") % {"name": row.name}, link, (row.pk,))


def never_true(customer: Customer, now: datetime) -> Iterator[Finding]:
    """Schedules and ring schedules that never hold from now on."""
    for schedule in Schedule.for_customer(customer).prefetch_related("days"):
        state = state_of(schedule, now=now, zone=customer.zone)
        if not state.active and state.until is None:
            words = _("The times “%(name)s” never come.") % {"name": schedule.name}
            link = Link(schedule.name, "centrex:filters", "centrex:schedule-edit", (schedule.pk,))
            yield Finding(words, link, (schedule.pk,), "id_name")
    rows = ForwardNumber.objects.filter(line__customer=customer, enabled=True).exclude(period="")
    for row in rows.select_related("line"):
        if never_holds(parse(row.period), customer, now):
            facts = {"line": row.line, "number": formats.phone(row.number)}
            words = _("Line %(line)s forwards to %(number)s at times that never come.") % facts
            link = line_link(row.line_id, str(row.line), "centrex:line-forwarding")
            yield Finding(words, link, (row.line_id, row.pk), "id_forwarding")


def never_holds(period: Period, customer: Customer, now: datetime) -> bool:
    """Whether a period does not hold now, nor at any time to come."""
    active = is_active(period, now.astimezone(customer.zone))
    return not active and next_change(period, now, customer.zone) is None
