"""Which screening rule a call matches, and whether it is the time."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from centrex.routing.engine.calls import Asked, Caller
from centrex.routing.features import Answering
from centrex.routing.patterns import match_any
from centrex.routing.plan import Action, Line, NumberFilter, ScreeningRule, TimeFilter
from centrex.routing.schedule import Period, is_active, is_open


def screened(asked: Asked, line: Line, caller: Caller, number: str) -> Action:
    """The action of the first screening rule that matches, or what the line does by default."""
    for rule in line.screening:
        if rule.enabled and matches_call(rule, line, caller, number, asked.now):
            asked.note("screening.rule", rule.record)
            return rule.action
    answering = line.feature(Answering)
    asked.note("answering.default", line.record, source=answering.source)
    return Action(ring=answering.values.ring, forward=answering.values.forward, voicemail=answering.values.voicemail)


def matches_call(rule: ScreeningRule, line: Line, caller: Caller, number: str, now: datetime) -> bool:
    """Whether caller, called number and time all fit the rule."""
    return (
        fits_number(rule.callers, "" if caller.hidden else caller.number)
        and fits_number(rule.called, number)
        and fits_time(rule.times, now, line.zone)
    )


def fits_number(wanted: NumberFilter | None, number: str) -> bool:
    """Whether a number is in the filter; without a filter each is, a hidden one only where the filter says so."""
    if wanted is None:
        return True
    return match_any(wanted.patterns, number) is not None if number else wanted.anonymous


def fits_time(wanted: TimeFilter | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is the time, by the clock on the line's wall."""
    return wanted is None or is_open(wanted.period, wanted.days, now.astimezone(zone))


def holds(period: Period, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the period holds at `now` in the zone."""
    return period.always or is_active(period, now.astimezone(zone))
