"""Schedules in words: what their rows say, what is wrong with a text, and what holds now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.routing.schedule import PeriodError, Row, is_active, next_change, parse, rows_of
from centrex.routing.schedule.rows import MIDNIGHT

NOON = MIDNIGHT // 2
MISTAKES: dict[str, Promise] = {
    "braces": gettext_lazy("a unit with its values in braces must stand here, such as hr{8-16}"),
    "scale": gettext_lazy("there is no unit of this name; use yr, mo, wk, yd, md, wd, hr, min or sec"),
    "empty": gettext_lazy("nothing stands between two commas"),
    "range": gettext_lazy("a range needs both its ends, such as 8-16"),
    "value": gettext_lazy("this is no value of the unit before the brace"),
    "bounds": gettext_lazy("this is too small or too large for the unit before the brace"),
}


@dataclass(frozen=True, slots=True)
class State:
    """Whether a schedule holds now, and when that changes next (by the clock of its zone), None when it never does."""

    active: bool
    change: datetime | None


def state_of(period: str, *, now: datetime, zone: ZoneInfo) -> State:
    """How the schedule stands; PeriodError when the text is none."""
    read = parse(period)
    change = next_change(read, now, zone)
    return State(is_active(read, now.astimezone(zone)), change.astimezone(zone) if change else None)


def in_words(period: str) -> str:
    """The schedule in a sentence; one that the wizard cannot show is repeated as it is."""
    rows = rows_of(period)
    if rows is None:
        return _("By its own notation: %(period)s") % {"period": period}
    if not rows:
        return _("Never")
    return "; ".join(row_in_words(row) for row in rows)


def row_in_words(row: Row) -> str:
    """One interval, such as "Monday to Friday, 20:00 until 08:00 the next morning"."""
    if row == Row():
        return _("Always")
    days = [days_in_words(row.weekdays)] if row.weekdays else []
    months = [_("in %(months)s") % {"months": listed(row.months, MONTHS)}] if row.months else []
    dates = [_("on day %(days)s of the month") % {"days": listed(row.monthdays)}] if row.monthdays else []
    words = ", ".join([*(days or ([] if dates else [_("every day")])), *dates, *months, clock_in_words(row)])
    return words[:1].upper() + words[1:]


def clock_in_words(row: Row) -> str:
    """From when until when."""
    start, end = clock(row.start), clock(row.end)
    if (row.start, row.end) == (0, MIDNIGHT) or row.start == row.end == 0:
        return _("all day")
    if row.end == MIDNIGHT:
        return _("%(start)s until midnight") % {"start": start}
    if row.end > row.start:
        return _("%(start)s until %(end)s") % {"start": start, "end": end}
    if row.end <= NOON:
        return _("%(start)s until %(end)s the next morning") % {"start": start, "end": end}
    return _("%(start)s until %(end)s the next day") % {"start": start, "end": end}


def clock(minute: int) -> str:
    """A minute of the day as the clock shows it, 24 hours."""
    return f"{minute // 60:02}:{minute % 60:02}"


def days_in_words(weekdays: Iterable[int]) -> str:
    """Week days (1 is Sunday) as people order them, from Monday."""
    return listed([(day + 5) % 7 for day in weekdays], WEEKDAYS)


def listed(values: Iterable[int], names: Mapping[int, str] | None = None) -> str:
    """Values in their order, three neighbours or more as a range."""
    parts = []
    for run in runs(sorted(values)):
        first, last = (str(names[value]) if names else str(value) for value in (run[0], run[-1]))
        if len(run) == 1:
            parts.append(first)
        elif len(run) == 2:
            parts += [first, last]
        else:
            parts.append(_("%(first)s to %(last)s") % {"first": first, "last": last})
    if len(parts) < 2:
        return "".join(parts)
    return _("%(some)s and %(last)s") % {"some": ", ".join(parts[:-1]), "last": parts[-1]}


def runs(values: Sequence[int]) -> list[list[int]]:
    """The values in groups of neighbours."""
    found: list[list[int]] = []
    for value in values:
        if found and value == found[-1][-1] + 1:
            found[-1].append(value)
        else:
            found.append([value])
    return found


def mistake_in_words(period: str, mistake: PeriodError) -> str:
    """Where the mistake in a text is, and what."""
    facts = {
        "place": mistake.position + 1,
        "before": period[max(0, mistake.position - 12) : mistake.position],
        "after": period[mistake.position : mistake.position + 12],
        "what": MISTAKES[mistake.code],
    }
    return _("At character %(place)s, between “%(before)s” and “%(after)s”: %(what)s.") % facts
