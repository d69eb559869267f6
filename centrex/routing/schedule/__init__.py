"""Schedules in the notation of Perl's Time::Period: read, evaluated, and made from the rows of the period wizard."""

from centrex.routing.schedule.evaluate import is_active, next_change
from centrex.routing.schedule.notation import Period, PeriodError, parse
from centrex.routing.schedule.rows import Row, rows_of, write

__all__ = ["Period", "PeriodError", "Row", "is_active", "next_change", "parse", "rows_of", "write"]
