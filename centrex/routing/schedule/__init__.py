"""Schedules in the notation of Perl's Time::Period: read, evaluated, and made from the rows of the period wizard."""

from centrex.routing.schedule.evaluate import is_active, next_change
from centrex.routing.schedule.notation import Period, PeriodError, parse
from centrex.routing.schedule.rows import Row, rows_of, write
from centrex.routing.schedule.special import Span, SpecialDays, is_open, next_opening_change

__all__ = [
    "Period",
    "PeriodError",
    "Row",
    "Span",
    "SpecialDays",
    "is_active",
    "is_open",
    "next_change",
    "next_opening_change",
    "parse",
    "rows_of",
    "write",
]
