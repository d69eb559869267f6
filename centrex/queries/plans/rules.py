"""Forwarding and screening of a plan's lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from centrex.models import ForwardNumber, NumberFilter, Schedule, ScheduleDay, ScreeningRule
from centrex.routing import plan as routing
from centrex.routing.schedule import Period, PeriodError, parse

ACTIONS = {
    ScreeningRule.Action.RING: routing.Action(ring=True),
    ScreeningRule.Action.RING_FORWARD: routing.Action(ring=True, forward=True),
    ScreeningRule.Action.RING_VOICEMAIL: routing.Action(ring=True, voicemail=True),
    ScreeningRule.Action.ALL: routing.Action(ring=True, forward=True, voicemail=True),
    ScreeningRule.Action.FORWARD: routing.Action(forward=True),
    ScreeningRule.Action.FORWARD_VOICEMAIL: routing.Action(forward=True, voicemail=True),
    ScreeningRule.Action.VOICEMAIL: routing.Action(voicemail=True),
    ScreeningRule.Action.REJECT: routing.Action(reject=True),
}


def period_of(text: str) -> Period:
    """The period of a record; one that cannot be read never holds, so that it lets nothing happen by mistake."""
    try:
        return parse(text)
    except PeriodError:
        return Period()


def forward_to(row: ForwardNumber) -> routing.ForwardTo:
    """A number of a forwarding list as values."""
    return routing.ForwardTo(
        record=routing.Record("forwarding", row.line_id, str(row)),
        number=row.number,
        ring_seconds=row.ring_seconds,
        period=period_of(row.period),
        enabled=row.enabled,
        display=row.display,
        keep_cld=row.keep_cld,
        proxy=row.proxy.address if row.proxy else "",
        transport=row.transport,
        must_accept=row.must_accept,
    )


def forwarding_of(mode: str, numbers: Sequence[routing.ForwardTo], values: Mapping[str, Any]) -> routing.Forwarding:
    """A line's forwarding; `values` are those of the feature setting "forwarding"."""
    kept = {name: str(values[name]) for name in ("order", "uri", "transport") if values.get(name)}
    return routing.Forwarding(mode=mode, numbers=tuple(numbers), **kept)


def rules_of(rows: QuerySet[ScreeningRule]) -> dict[int, list[routing.ScreeningRule]]:
    """Screening rules by their line's id, in order; with the special days of their schedules, two queries."""
    days: dict[int, list[ScheduleDay]] = defaultdict(list)
    for day in ScheduleDay.objects.filter(schedule__in=rows.exclude(times=None).order_by().values("times")):
        days[day.schedule_id].append(day)
    found: dict[int, list[routing.ScreeningRule]] = defaultdict(list)
    for row in rows:
        found[row.line_id].append(
            routing.ScreeningRule(
                record=routing.Record("screening", row.line_id, str(row)),
                action=action_of(row),
                callers=filter_of(row.callers),
                called=filter_of(row.called),
                times=times_of(row.times, days),
                enabled=row.enabled,
            )
        )
    return found


def action_of(row: ScreeningRule) -> routing.Action:
    """What a rule does, as values."""
    match row.action:
        case ScreeningRule.Action.NUMBER:
            return routing.Action(number=row.number)
        case ScreeningRule.Action.PLAY:
            return routing.Action(play=row.message_id, then_hang_up=True)
        case _:
            return ACTIONS[ScreeningRule.Action(row.action)]


def filter_of(row: NumberFilter | None) -> routing.NumberFilter | None:
    """A number filter as values."""
    if row is None:
        return None
    record = routing.Record("number_filter", row.pk, row.name)
    return routing.NumberFilter(record, tuple(row.patterns.split()), row.anonymous)


def times_of(row: Schedule | None, days: Mapping[int, Iterable[ScheduleDay]]) -> routing.TimeFilter | None:
    """A schedule with its special days as values."""
    if row is None:
        return None
    special = {
        each.day: (each.start, each.end) if each.start is not None and each.end is not None else None
        for each in days.get(row.pk, ())
    }
    return routing.TimeFilter(routing.Record("schedule", row.pk, row.name), period_of(row.period), special)
