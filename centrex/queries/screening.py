"""Screening rules of lines: in words, who uses which filter, and as the engine takes them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from centrex.models import Huntgroup, Line, NumberFilter, Schedule, ScreeningRule
from centrex.queries.schedules import time_filter
from centrex.routing import plan
from centrex.routing.features import Answering
from selfcare import formats
from selfcare.models import Customer

ACTIONS: dict[str, plan.Action] = {
    ScreeningRule.Action.RING: plan.Action(ring=True),
    ScreeningRule.Action.RING_FORWARD: plan.Action(ring=True, forward=True),
    ScreeningRule.Action.RING_VOICEMAIL: plan.Action(ring=True, voicemail=True),
    ScreeningRule.Action.ALL: plan.Action(ring=True, forward=True, voicemail=True),
    ScreeningRule.Action.FORWARD: plan.Action(forward=True),
    ScreeningRule.Action.FORWARD_VOICEMAIL: plan.Action(forward=True, voicemail=True),
    ScreeningRule.Action.VOICEMAIL: plan.Action(voicemail=True),
    ScreeningRule.Action.REJECT: plan.Action(reject=True),
}


def rules_of_customer(customer: Customer | None) -> QuerySet[ScreeningRule]:
    """The rules of the customer's lines, with what they name."""
    rules: QuerySet[ScreeningRule] = ScreeningRule.objects.filter(line__in=Line.for_customer(customer))
    return rules.select_related("line__customer", "line__extension", "callers", "called", "times", "message")


def rules_with(number_filter: NumberFilter) -> list[ScreeningRule]:
    """The rules that use the filter, for the caller or for the called number."""
    either = Q(callers=number_filter) | Q(called=number_filter)
    rules = ScreeningRule.objects.filter(either).select_related("line__extension")
    return list(rules.order_by("line__account_id", "position"))


def with_filter_uses(filters: QuerySet[NumberFilter]) -> QuerySet[NumberFilter]:
    """The filters with `uses`, how many rules use each."""
    either = Q(callers=OuterRef("pk")) | Q(called=OuterRef("pk"))
    return filters.annotate(uses=counted(ScreeningRule.objects.filter(either)))


def with_schedule_uses(schedules: QuerySet[Schedule]) -> QuerySet[Schedule]:
    """The schedules with `uses`, how many rules and huntgroups use each."""
    rules = counted(ScreeningRule.objects.filter(times=OuterRef("pk")))
    return schedules.annotate(uses=rules + counted(Huntgroup.objects.filter(hours=OuterRef("pk"))))


def counted(rules: QuerySet[ScreeningRule] | QuerySet[Huntgroup]) -> Coalesce:
    """How many there are, as a column."""
    rows = rules.order_by().annotate(group=Value(1))  # all in one group
    return Coalesce(Subquery(rows.values("group").annotate(count=Count("pk")).values("count")), 0)


def sentence(rule: ScreeningRule) -> str:
    """When and what, in one line: for lists and for the history of the line."""
    facts = {"when": condition(rule), "action": action_words(rule)}
    words = _("%(when)s: %(action)s") % facts
    return words if rule.enabled else _("%(rule)s (off)") % {"rule": words}


def condition(rule: ScreeningRule) -> str:
    """Which calls a rule is about."""
    parts = [
        words % {"name": chosen}
        for words, chosen in (
            (_("from “%(name)s”"), rule.callers),
            (_("to “%(name)s”"), rule.called),
            (_("during “%(name)s”"), rule.times),
        )
        if chosen is not None
    ]
    if not parts:
        return _("Every call")
    return _("Calls %(conditions)s") % {"conditions": ", ".join(parts)}


def action_words(rule: ScreeningRule) -> str:
    """What a rule does."""
    if rule.action == ScreeningRule.Action.NUMBER:
        return _("forward to %(number)s") % {"number": formats.phone(rule.number)}
    if rule.action == ScreeningRule.Action.PLAY:
        return _("play “%(message)s”, then hang up") % {"message": rule.message}
    return str(rule.get_action_display()).lower()


def default_words(answering: Answering) -> str:
    """What happens to a call that no rule matches."""
    steps = plan.Action(ring=answering.ring, forward=answering.forward, voicemail=answering.voicemail)
    found = next((choice for choice, action in ACTIONS.items() if action == steps), ScreeningRule.Action.REJECT)
    return str(ScreeningRule.Action(found).label)


def as_planned(rule: ScreeningRule, *, now: datetime, zone: ZoneInfo) -> plan.ScreeningRule:
    """One rule as the engine takes it; no query if callers, called, times and its days are fetched already."""
    return plan.ScreeningRule(
        record=plan.Record("screening", rule.pk, str(rule)),
        action=action_of(rule),
        callers=number_filter_of(rule.callers),
        called=number_filter_of(rule.called),
        times=time_filter(rule.times, now=now, zone=zone) if rule.times else None,
        enabled=rule.enabled,
    )


def action_of(rule: ScreeningRule) -> plan.Action:
    """What the engine does for a rule's action."""
    if rule.action == ScreeningRule.Action.NUMBER:
        return plan.Action(number=rule.number)
    if rule.action == ScreeningRule.Action.PLAY:
        return plan.Action(play=rule.message_id, then_hang_up=True)
    return ACTIONS[rule.action]


def number_filter_of(chosen: NumberFilter | None) -> plan.NumberFilter | None:
    """A filter as the engine takes it."""
    if chosen is None:
        return None
    record = plan.Record("filter", chosen.pk, chosen.name)
    return plan.NumberFilter(record, tuple(chosen.patterns.split()), chosen.anonymous)
