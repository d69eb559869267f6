"""Calls to a line: who is turned away, which rule counts, and ring, forward, voicemail in this order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from centrex.routing.dialing.reverse import reverse
from centrex.routing.dialing.rules import is_e164
from centrex.routing.engine.calls import Asked, Caller, Decision, RejectCause, Step, Target
from centrex.routing.engine.outgoing import count_limits, refuse_number
from centrex.routing.features import Answering, AutoAttendant, Fax, Music, Recording, Voicemail
from centrex.routing.patterns import match_any
from centrex.routing.plan import Action, ForwardTo, Line, NumberFilter, Record, ScreeningRule, TimeFilter
from centrex.routing.schedule import Period, is_active, is_open
from centrex.routing.screening import is_blocked

MOST_HOPS = 5
INTERNAL_RING = {"Alert-Info": "<urn:alert:source:internal>"}  # RFC 7462


def to_line(asked: Asked, line: Line, *, caller: Caller, number: str, from_outside: bool = False) -> Decision:
    """A call to a line that was reached as `number` (an extension or an external number)."""
    refusal = turned_away(asked, line, caller, from_outside=from_outside)
    if refusal is not None:
        return refusal
    plan, company = asked.plan, asked.plan.company_of(line)
    count_limits(asked, line, "in", internal=not from_outside)
    if not from_outside and plan.company_of(line).distinctive_ring:
        asked.note("ring.distinctive", company.record)
    action = screened(asked, line, caller, number)
    if action.reject:
        return asked.refuse(RejectCause.SCREENED, line.record)
    steps, otherwise = answered(asked, line, action, caller, number, internal=not from_outside)
    if not steps and otherwise is None:
        return asked.refuse(RejectCause.NO_ANSWER, line.record)
    recording, music = line.feature(Recording), line.feature(Music)
    return Decision(
        steps=steps,
        otherwise=otherwise,
        direction="in" if from_outside else "internal",
        account=line.id,
        called=number,
        record_call=recording.enabled and recording.values.incoming,
        record_redirected=recording.enabled and recording.values.redirected,
        record_on_demand=recording.enabled and recording.values.start_stop,
        announce_recording=recording.values.announce,
        music=music.values.sound if music.enabled else None,
        hold_in_silence=not music.enabled,
    )


def turned_away(asked: Asked, line: Line, caller: Caller, *, from_outside: bool) -> Decision | None:
    """The refusal of a call before any setting of the line is asked, if it is refused."""
    company = asked.plan.company_of(line)
    if not company.active:
        return asked.refuse(RejectCause.SUSPENDED, company.record)
    if line.blocked:
        return asked.refuse(RejectCause.LINE_BLOCKED, line.record)
    if asked.call.hops > MOST_HOPS:
        return asked.refuse(RejectCause.LOOP, line.record, hops=asked.call.hops)
    if from_outside and is_blocked("" if caller.hidden else caller.number, company.blocked_callers):
        return asked.refuse(RejectCause.BLOCKED_CALLER, company.record, number=caller.number)
    return None


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
    return is_active(period, now.astimezone(zone))


def answered(
    asked: Asked, line: Line, action: Action, caller: Caller, number: str, *, internal: bool
) -> tuple[tuple[Step, ...], Target | None]:
    """What rings one after the other, and what takes the call in the end.

    A rule that names a number or a message goes before everything else that could answer.
    """
    if action.play is not None:
        asked.note("play.message", line.record)
        return (), Target("feature", "announcement", line=line.id, caller=caller, called=number, sound=action.play)
    if action.number:
        there = forwarded(asked, line, caller, number, [sole(line, action.number)], "listed")
        return tuple(there), voicemail(asked, line, caller, number) if action.voicemail else None
    if line.feature(AutoAttendant).enabled:
        asked.note("answered.attendant", line.record)
        return (), Target("feature", "attendant", line=line.id, caller=caller, called=number)
    if line.feature(Fax).enabled and line.feature(Fax).values.fax_only:
        asked.note("answered.fax", line.record)
        return (), Target("feature", "fax", line=line.id, caller=caller, called=number)
    steps: list[Step] = []
    if action.ring:
        steps.append(ringing(asked, line, caller, number, internal=internal))
    if action.forward:
        steps += forwarding(asked, line, caller, number)
    return tuple(steps), voicemail(asked, line, caller, number) if action.voicemail else None


def ringing(asked: Asked, line: Line, caller: Caller, number: str, *, internal: bool) -> Step:
    """The line's own phone."""
    seconds = line.feature(Answering).values.ring_seconds
    asked.note("ring.phone" if line.registered else "ring.unreachable", line.record, seconds=seconds)
    distinct = internal and asked.plan.company_of(line).distinctive_ring
    headers = INTERNAL_RING if distinct else {}
    seen, called = on_display(asked, line, caller, number)
    return Step(
        (Target("line", line.account_id, line=line.id, ring=seconds, caller=seen, called=called, headers=headers),)
    )


def on_display(asked: Asked, line: Line, caller: Caller, number: str) -> tuple[Caller, str]:
    """The caller and the called number as the line's display shows them: as people there would dial them, if asked."""
    rules, internal = line.dialing, asked.plan.numbers.get
    if rules.enabled and rules.translate_cli_in and is_e164(caller.number):
        caller = replace(caller, number=reverse(rules, caller.number, internal))
        asked.note("display.caller", line.record, number=caller.number)
    if rules.enabled and rules.translate_cld_in and is_e164(number):
        number = reverse(rules, number, internal)
        asked.note("display.called", line.record, number=number)
    return caller, number


def voicemail(asked: Asked, line: Line, caller: Caller, number: str) -> Target | None:
    """The line's box, where it has one."""
    if not line.feature(Voicemail).enabled:
        asked.note("voicemail.off", line.record)
        return None
    asked.note("voicemail", line.record)
    return Target("feature", "voicemail", line=line.id, caller=caller, called=number)


def sole(line: Line, number: str) -> ForwardTo:
    """A single number to forward to."""
    return ForwardTo(Record("line", line.id, line.name), number, ring_seconds=60)


def forwarding(asked: Asked, line: Line, caller: Caller, number: str) -> list[Step]:
    """What the line's forwarding adds."""
    settings = line.forwarding
    match settings.mode:
        case "none":
            return []
        case "sip_uri":
            asked.note("forward.uri", line.record, uri=settings.uri)
            count_limits(asked, line, "forwarded")
            target = Target("uri", settings.uri, caller=caller, called=number, ring=60, transport=settings.transport)
            return [Step((target,))]
        case "simple":
            return forwarded(asked, line, caller, number, settings.numbers[:1], "listed")
        case _:
            return forwarded(asked, line, caller, number, settings.numbers, settings.order)


def forwarded(
    asked: Asked, line: Line, caller: Caller, number: str, wanted: Sequence[ForwardTo], order: str
) -> list[Step]:
    """The numbers of a list that ring now, in their order."""
    targets = [each for entry in wanted for each in forward_target(asked, line, caller, number, entry)]
    if order == "random":
        random.Random(asked.call.seed).shuffle(targets)  # noqa: S311  # a lot, not a secret
    if targets:
        count_limits(asked, line, "forwarded")
    if order == "simultaneous" and targets:
        return [Step(tuple(targets))]
    return [Step((target,)) for target in targets]


def forward_target(asked: Asked, line: Line, caller: Caller, number: str, entry: ForwardTo) -> Iterator[Target]:
    """One number to forward to, unless it is off, it is not its time, it leads back, or the line may not call it."""
    if not entry.enabled:
        return
    if not holds(entry.period, asked.now, line.zone):
        asked.note("forward.not_now", entry.record, number=entry.number)
        return
    if leads_back(asked, line, entry.number):
        asked.note("forward.loop", entry.record, number=entry.number)
        return
    starts = line.cooling.get(entry.number)
    if starts is not None and asked.now < starts:
        minutes = ceil((starts - asked.now).total_seconds() / 60)
        asked.note("forward.cooling", entry.record, number=entry.number, minutes=minutes)
        return
    inside = asked.plan.line_of_extension(entry.number) or asked.plan.line_by_number(entry.number)
    if inside is None and asked.plan.extension_by_number(entry.number) is not None:
        asked.note("forward.not_assigned", entry.record, number=entry.number)
        return
    if inside is None and refuse_number(replace_trace(asked), line, entry.number) is not None:
        asked.note("forward.barred", entry.record, number=entry.number)
        return
    asked.note("forward.number", entry.record, number=entry.number, seconds=entry.ring_seconds)
    yield Target(
        "line" if inside else "trunk",
        inside.account_id if inside else entry.number,
        line=inside.id if inside else None,
        ring=entry.ring_seconds,
        caller=shown(line, caller, entry.display),
        called=number if entry.keep_cld else entry.number,
        transport=entry.transport,
        proxy=entry.proxy,
        must_accept=entry.must_accept,
    )


def replace_trace(asked: Asked) -> Asked:
    """The same question with a trace of its own: what is only tried leaves no step behind."""
    return replace(asked, trace=[], limits=[])


def leads_back(asked: Asked, line: Line, number: str) -> bool:
    """Whether forwarding to `number` would come back to the line or to where the call has been."""
    own = {line.account_id, *line.numbers, line.extension} - {""}
    return number in own or number in asked.call.passed


def shown(line: Line, caller: Caller, display: str) -> Caller:
    """What the person called by a forwarding sees: the caller, or who forwarded, or some of both."""
    match display:
        case "caller_forwarder":
            return replace(caller, name=line.name)
        case "forwarder":
            return Caller(line.shown_number, line.name)
        case _:
            return caller
