"""Opening hours of a huntgroup, and where its calls go outside them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Huntgroup, Schedule
from centrex.operations import numbers
from centrex.operations.forwarding import PasswordNeeded, refuse_loop, why_password
from centrex.operations.new_destinations import begin_for_group
from centrex.queries.destinations import Destination, Destinations
from centrex.routing.nesting import find_circle
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

FIELDS = ("hours", "closed_action", "closed_group", "closed_extension", "closed_line", "closed_number")
Closed = Huntgroup.Closed
# Which fields each action needs; the others are emptied.
NEEDS: dict[str, tuple[str, ...]] = {
    Closed.GROUP: ("closed_group",),
    Closed.EXTENSION: ("closed_extension",),
    Closed.VOICEMAIL: ("closed_line",),
    Closed.NUMBER: ("closed_line", "closed_number"),
}


@transaction.atomic
def set_hours(
    *, user: User, huntgroup: Huntgroup, version: int | None, confirmed_at: datetime | None = None
) -> Huntgroup:
    """Save when the group answers and what happens else; `confirmed_at`: when the user gave his password again.

    Outdated when somebody saved the group since `version`; Refused at the field that is missing or leads back, and
    for a number as `Destinations.read` refuses it; PasswordNeeded for a new number abroad or of a costly kind.
    """
    office = numbers.locked_office(huntgroup.customer)
    old = Huntgroup.locked(huntgroup.pk, huntgroup.version if version is None else version)
    keep_what_counts(huntgroup)
    costly = None
    if huntgroup.hours_id is not None:
        refuse_what_is_missing(office, huntgroup)
        refuse_circle(office, huntgroup)
        costly = read_number(office, huntgroup, old, confirmed=confirmed_at is not None)
    changes = differences(old, huntgroup, FIELDS)
    if not changes:
        return huntgroup
    huntgroup.version = old.version + 1
    huntgroup.save(update_fields=[*FIELDS, "version"])
    AuditEvent.write(user=user, action="edit", record=huntgroup, changes=changes)
    if costly is not None and confirmed_at is not None:
        begin_for_group(user=user, group=huntgroup, found=costly, now=confirmed_at)
    return huntgroup


def keep_what_counts(group: Huntgroup) -> None:
    """Empty what the chosen action does not use; without hours nothing is used."""
    if group.hours_id is None:
        group.closed_action = Closed.HANG_UP
    for name in set().union(*NEEDS.values()) - set(NEEDS.get(group.closed_action, ())):
        setattr(group, name, "" if name == "closed_number" else None)


def refuse_what_is_missing(office: Customer, group: Huntgroup) -> None:
    """Refused at what the action needs and has not got, and for what is another customer's or gone."""
    if not Schedule.for_customer(office).select_for_update(no_key=True).filter(pk=group.hours_id).exists():
        raise Refused(_("Somebody deleted this meanwhile."), field="hours")
    for name in NEEDS.get(group.closed_action, ()):
        if not getattr(group, name):
            raise Refused(_("Choose where these calls go."), field=name)
    if group.closed_extension is not None and group.closed_extension.line_id is None:
        words = _("Extension %(number)s has no phone line.") % {"number": group.closed_extension.number}
        raise Refused(words, field="closed_extension")
    if group.closed_line is not None and group.closed_line.customer.office != office:
        raise Refused(_("This belongs to another customer."), field="closed_line")


def refuse_circle(office: Customer, group: Huntgroup) -> None:
    """Refused when closed groups would pass a call round for ever."""
    passed = Huntgroup.for_customer(office).filter(closed_action=Closed.GROUP).exclude(pk=group.pk)
    graph = {pk: [other] for pk, other in passed.values_list("pk", "closed_group_id") if other is not None}
    if group.closed_group_id is not None:
        graph[group.pk] = [group.closed_group_id]
    circle = find_circle(group.pk, graph)
    if circle:
        names = Huntgroup.objects.in_bulk(circle)
        way = " → ".join(str(names[pk]) for pk in circle)
        raise Refused(_("The call would go round in a circle: %(way)s.") % {"way": way}, field="closed_group")


def read_number(office: Customer, group: Huntgroup, old: Huntgroup, *, confirmed: bool) -> Destination | None:
    """Read the typed number as it is kept; gives it when it is new and abroad or costly."""
    if group.closed_action != Closed.NUMBER or group.closed_line is None:
        return None
    destinations = Destinations(group.closed_line)
    found = destinations.read(group.closed_number, field="closed_number")
    refuse_loop(office, group.closed_line, destinations, {"closed_number": found})
    group.closed_number = found.number
    same = (old.closed_action, old.closed_number, old.closed_line_id)
    if not found.needs_password or same == (group.closed_action, found.number, group.closed_line_id):
        return None
    if not confirmed:
        raise PasswordNeeded(why_password([found]), field="password")
    return found
