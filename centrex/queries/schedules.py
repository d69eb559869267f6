"""Schedules as the engine takes them: their period, the public holidays of their region, and their own special days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.db.models import QuerySet
from django.utils.translation import get_language
from django_countries import countries as country_names

from centrex.models import Huntgroup, Menu, Schedule, ScheduleDay, ScreeningRule
from centrex.routing.plan import Record, TimeFilter
from centrex.routing.schedule import Span, SpecialDays, is_open, next_opening_change, parse
from selfcare.models import Customer

SHOWN_HOLIDAYS = 10
YEARS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the schedule differs: closed, or open for `span`; `own` when somebody of the company typed it."""

    day: date
    name: str
    own: bool
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Whether it is the time now, and when (UTC) that changes; None when it never does."""

    active: bool
    until: datetime | None


def days_of_customer(customer: Customer | None) -> QuerySet[ScheduleDay]:
    """The special days of the customer's schedules."""
    return ScheduleDay.objects.filter(schedule__in=Schedule.for_customer(customer)).select_related("schedule")


def time_filter(schedule: Schedule, *, now: datetime, zone: ZoneInfo) -> TimeFilter:
    """The schedule as the engine takes it, with the special days around `now`; no query if its days are prefetched."""
    this_year = now.astimezone(zone).year
    days = special_days(schedule, range(this_year - 1, this_year + YEARS_AHEAD + 1))
    return TimeFilter(Record("schedule", schedule.pk, schedule.name), parse(schedule.period), days)


def state_of(schedule: Schedule, *, now: datetime, zone: ZoneInfo) -> State:
    """Whether it is the time at `now` in the zone, and until when."""
    hours = time_filter(schedule, now=now, zone=zone)
    until = next_opening_change(hours.period, hours.days, now, zone)
    return State(is_open(hours.period, hours.days, now.astimezone(zone)), until)


def next_holidays(schedule: Schedule, *, today: date, most: int = SHOWN_HOLIDAYS) -> list[Holiday]:
    """The next days on which the schedule differs, `today` among them."""
    years = range(today.year, today.year + YEARS_AHEAD + 1)
    coming = sorted((each for each in holidays_in(schedule, years).values() if each.day >= today), key=when)
    return coming[:most]


def when(holiday: Holiday) -> date:
    """What holidays are put in order by."""
    return holiday.day


def special_days(schedule: Schedule, years: range) -> SpecialDays:
    """The days on which the period does not count."""
    return {day: holiday.span for day, holiday in holidays_in(schedule, years).items()}


def holidays_in(schedule: Schedule, years: range) -> dict[date, Holiday]:
    """Public holidays, and over them the special days of the company's own: they may open the office on a holiday."""
    found = {
        day: Holiday(day, name, own=False)
        for year in years
        for day, name in public_holidays(
            schedule.holidays_country, schedule.holidays_region, year, get_language() or "en"
        )
    }
    for own in schedule.days.all():
        public = found.get(own.day)
        name = own.name or (public.name if public else "")
        found[own.day] = Holiday(own.day, name, own=True, span=span_of(own))
    return found


def span_of(day: ScheduleDay) -> Span | None:
    """The hours of a special day; None when it is closed."""
    return None if day.start is None or day.end is None else Span(day.start, day.end)


@lru_cache(maxsize=4096)
def public_holidays(country: str, region: str, year: int, language: str) -> tuple[tuple[date, str], ...]:
    """The public holidays of a year, named in the reader's language where they are known in it."""
    if not country or country not in supported():
        return ()
    subdivision = region if region in supported()[country] else None
    known = holidays.country_holidays(country, subdiv=subdivision, years=year)
    spoken = next((each for each in known.supported_languages if each[:2] == language[:2]), None)
    if spoken:
        known = holidays.country_holidays(country, subdiv=subdivision, years=year, language=spoken)
    return tuple(sorted(known.items()))


@lru_cache(maxsize=1)
def supported() -> dict[str, list[str]]:
    """The countries whose holidays are known, with their regions."""
    return holidays.list_supported_countries(include_aliases=False)


def countries() -> list[tuple[str, str]]:
    """The countries to choose from: (ISO 3166 alpha-2, name), by name."""
    names = dict(country_names)
    return sorted(((code, str(names[code])) for code in supported() if code in names), key=lambda pair: pair[1])


def regions(country: str) -> list[tuple[str, str]]:
    """The regions of a country with holidays of their own: (code, name), by name."""
    if country not in supported():
        return []
    names = holidays.country_holidays(country).get_subdivision_aliases()
    return sorted(((code, (names.get(code) or [code])[0]) for code in supported()[country]), key=lambda pair: pair[1])


def rules_with(schedule: Schedule) -> list[ScreeningRule]:
    """The screening rules that use the schedule."""
    rules = ScreeningRule.objects.filter(times=schedule).select_related("line__extension")
    return list(rules.order_by("line__account_id", "position"))


def groups_with(schedule: Schedule) -> list[Huntgroup]:
    """The huntgroups whose opening hours these are."""
    return list(Huntgroup.objects.filter(hours=schedule).order_by("number"))


def menus_with(schedule: Schedule) -> list[Menu]:
    """The menus of auto attendants that use the schedule."""
    return list(Menu.objects.filter(schedule=schedule).select_related("line").order_by("name"))
