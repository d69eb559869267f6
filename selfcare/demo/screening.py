"""The demo's filters and hours: business hours with holidays, and a line whose calls they sort."""

from __future__ import annotations

from datetime import datetime, time

from centrex.models import Huntgroup, Line, NumberFilter, Schedule, ScheduleDay, ScreeningRule
from centrex.operations.group_hours import set_hours
from centrex.operations.schedules import import_days, save_day, save_schedule
from centrex.operations.screening import save_rule
from centrex.sheets.days import read_days
from selfcare.demo.people import People

CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:{year}0821
SUMMARY:Company outing
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:{year}1228
DTEND;VALUE=DATE:{next}0101
SUMMARY:Between the years
END:VEVENT
END:VCALENDAR
"""


def make_screening(people: People, *, now: datetime) -> None:
    """Alice's line: London rings at any time, the rest of the world within business hours."""
    hours = Schedule(
        customer=people.easycall,
        name="Business hours",
        period="wd{mo-th} hr{8-17}, wd{fr} hr{8-15}",
        holidays_country="US",
        holidays_region="NY",
    )
    office = save_schedule(user=people.alice, schedule=hours, version=None)
    days = read_days(CALENDAR.format(year=now.year, next=now.year + 1).encode(), today=now.date())
    import_days(user=people.alice, schedule=office, version=None, days=days)
    short = ScheduleDay(
        schedule=office, day=now.date().replace(month=12, day=24), name="Christmas Eve", start=time(9), end=time(12)
    )
    save_day(user=people.alice, day=short)
    close_reception(people, office)
    london = NumberFilter.objects.create(customer=people.easycall, name="London customers", patterns="4420%")
    hidden = NumberFilter.objects.create(customer=people.easycall, name="Hidden callers", anonymous=True)
    line = Line.for_customer(people.easycall).get(extension__number="201")
    for rule in (
        ScreeningRule(line=line, name="London at any time", callers=london, action=ScreeningRule.Action.RING_FORWARD),
        ScreeningRule(line=line, name="No number, no ring", callers=hidden, action=ScreeningRule.Action.VOICEMAIL),
        ScreeningRule(line=line, name="During business hours", times=office, action=ScreeningRule.Action.ALL),
        ScreeningRule(line=line, name="At any other time", action=ScreeningRule.Action.VOICEMAIL),
    ):
        save_rule(user=people.alice, rule=rule, version=None, now=now)


def close_reception(people: People, hours: Schedule) -> None:
    """Outside business hours, callers of the reception leave a message at its phone."""
    reception = Huntgroup.for_customer(people.easycall).get(name="Reception")
    reception.hours, reception.closed_action = hours, Huntgroup.Closed.VOICEMAIL
    reception.closed_line = Line.for_customer(people.easycall).get(extension__number="210")
    set_hours(user=people.alice, huntgroup=reception, version=None)
