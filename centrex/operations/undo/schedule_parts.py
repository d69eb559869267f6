"""The special days of hours as they were, put back by the acts of their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from centrex.models import Schedule, ScheduleDay
from centrex.operations.schedules import delete_day, save_day
from centrex.operations.undo.undoing import Undoing
from selfcare.models import AuditEvent
from selfcare.models.history import around, as_of, states

FIELDS = ("name", "start", "end")
# A day and what was said of it.
Days = dict[Any, tuple[Any, ...]]


def days_of(rows: Any) -> Days:
    return {row.day: tuple(getattr(row, name) for name in FIELDS) for row in rows}


def days_at(schedule: Schedule, at: datetime) -> Days:
    """The special days at that moment, as far as they are kept."""
    return days_of(as_of(states(ScheduleDay).filter(schedule=schedule.pk), at))


def days_around(event: AuditEvent, schedule: Schedule) -> tuple[Days, Days]:
    """The special days just before and just after the event."""
    before, after = around(Schedule, event.record_id, event.version)
    return days_at(schedule, before.pgh_created_at), days_at(schedule, after.pgh_created_at)


def put_days_back(*, by: Undoing, schedule: Schedule, old: Days, new: Days) -> None:
    """Turn back what differs between `old` and `new`; other days stay."""
    rows = {row.day: row for row in schedule.days.select_related("schedule")}
    for day in new.keys() - old.keys():
        if day in rows:
            delete_day(user=by.user, day=rows[day])
    for day, said in old.items():
        if said != new.get(day):
            row = rows.get(day) or ScheduleDay(schedule=schedule, day=day)
            for name, value in zip(FIELDS, said, strict=True):
                setattr(row, name, value)
            save_day(user=by.user, day=row)
