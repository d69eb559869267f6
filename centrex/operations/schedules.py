"""Schedules: add, change, delete, and their special days, one by one or from a file, which count as a part of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Schedule, ScheduleDay
from centrex.operations.named import keep, refuse_same_name
from centrex.queries.period_words import mistake_in_words
from centrex.queries.schedules import groups_with, menus_with, rules_with
from centrex.routing.schedule import PeriodError, parse
from centrex.sheets.days import MAX_DAYS, NamedDay
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User
from selfcare.models.history import one_act

FIELDS = ("name", "period", "holidays_country", "holidays_region")


@transaction.atomic
def save_schedule(*, user: User, schedule: Schedule, version: int | None) -> Schedule:
    """Save new or changed hours; Outdated when somebody saved them since `version`.

    Refused at `name` when there are others of this name, at `period` when it is no period.
    """
    refuse_same_name(schedule, _("There is a schedule of this name already."))
    try:
        parse(schedule.period)
    except PeriodError as mistake:
        raise Refused(mistake_in_words(schedule.period, mistake), field="period") from mistake
    return keep(user=user, record=schedule, version=version, fields=FIELDS)


@transaction.atomic
def save_day(*, user: User, day: ScheduleDay) -> ScheduleDay:
    """Add a special day, or save a changed one; Refused at `day` when the schedule has that day already."""
    schedule = Schedule.locked(day.schedule_id, None)
    old = ScheduleDay.objects.filter(pk=day.pk).first() if day.pk else None
    if day.pk and old is None:
        raise Refused(_("Somebody deleted this meanwhile."))
    others = schedule.days.exclude(pk=day.pk)
    if others.filter(day=day.day).exists():
        raise Refused(_("This day is in the list already."), field="day")
    if old is None and others.count() >= MAX_DAYS:
        raise Refused(too_many())
    day.save()
    note(user=user, schedule=schedule, old=in_words(old), new=in_words(day))
    return day


@transaction.atomic
def delete_day(*, user: User, day: ScheduleDay) -> None:
    """Let the day be like any other again; nothing is left to do when somebody else did it."""
    schedule = Schedule.locked(day.schedule_id, None)
    current = schedule.days.filter(pk=day.pk).first()
    if current is None:
        return
    current.delete()
    note(user=user, schedule=schedule, old=in_words(current), new="")


@transaction.atomic
def import_days(*, user: User, schedule: Schedule, version: int | None, days: Sequence[NamedDay]) -> int:
    """Close the schedule on these days, all or none; gives how many are new. Days that it has stay as they are.

    Outdated when somebody saved the schedule since `version`; Refused at `file` for too many days.
    """
    current = Schedule.locked(schedule.pk, version)
    known = set(current.days.values_list("day", flat=True))
    new = [each for each in days if each.day not in known]
    if len(known) + len(new) > MAX_DAYS:
        raise Refused(too_many(), field="file")
    if new:
        rows = ScheduleDay.objects.bulk_create(
            [ScheduleDay(schedule=current, day=each.day, name=each.name) for each in new]
        )
        note(user=user, schedule=current, old="", new="; ".join(in_words(row) for row in rows))
    return len(new)


@transaction.atomic
@one_act
def delete_schedule(*, user: User, schedule: Schedule) -> None:
    """Delete a schedule with its days; Refused while a rule, a huntgroup or a menu uses it."""
    current = Schedule.locked(schedule.pk, None)
    for rule in rules_with(current):
        facts = {"rule": rule, "line": rule.line}
        raise Refused(_("The rule “%(rule)s” of line %(line)s still uses these hours.") % facts)
    for group in groups_with(current):
        raise Refused(_("Huntgroup %(group)s still uses these hours.") % {"group": group})
    for menu in menus_with(current):
        raise Refused(
            _("The menu “%(menu)s” of line %(line)s still uses these hours.") % {"menu": menu, "line": menu.line}
        )
    AuditEvent.write(user=user, action="delete", record=current)
    current.delete()


def too_many() -> str:
    """The refusal of a longer list."""
    return _("There can be at most %(most)s special days. Delete those that are over.") % {"most": MAX_DAYS}


def note(*, user: User, schedule: Schedule, old: str, new: str) -> None:
    """Write a changed day down, as a version of its schedule."""
    if old == new:
        return
    schedule.version += 1
    schedule.save(update_fields=["version"])
    AuditEvent.write(user=user, action="edit", record=schedule, changes={_("Special days"): [old, new]})


def in_words(day: ScheduleDay | None) -> str:
    """A special day as a person would say it; empty for none."""
    if day is None:
        return ""
    hours = _("closed") if day.start is None else f"{day.start:%H:%M}-{day.end:%H:%M}"
    return " ".join(part for part in (formats.day(day.day), day.name, hours) if part)
