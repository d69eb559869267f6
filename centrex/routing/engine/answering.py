"""What answers at a line: its phone, its forwarding, its voicemail, or a service in their place.

A forwarding may lead to a colleague, whose own settings then count, and from there on. That ends: nobody is rung twice
by forwarding in one call, no call comes back to a line that it has left, and after five times it goes no further.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from centrex.routing.dialing.rules import is_e164
from centrex.routing.engine.boxes import fax_target
from centrex.routing.engine.calls import MOST_HOPS, Asked, Caller, Step, Target
from centrex.routing.engine.limits import has_no_money, leg_limits, limit_left, longest_call
from centrex.routing.engine.matching import holds, screened
from centrex.routing.engine.media import both, media_at, media_of
from centrex.routing.engine.outgoing import refuse_number
from centrex.routing.engine.phones import phone, voicemail
from centrex.routing.features import AutoAttendant, Fax
from centrex.routing.plan import Action, ForwardTo, Line, Record

ONE_NUMBER_SECONDS = 60


def answered(
    asked: Asked, line: Line, action: Action, caller: Caller, number: str, *, ring: Callable[[], Step]
) -> tuple[tuple[Step, ...], Target | None]:
    """What rings one after the other, and what takes the call in the end; `ring` is the line's own phone.

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
        return (), fax_target(line, caller, number)
    steps: list[Step] = []
    if action.ring:
        steps.append(ring())
    if action.forward:
        steps += forwarding(asked, line, caller, number)
    return tuple(steps), voicemail(asked, line, caller, number) if action.voicemail else None


def sole(line: Line, number: str) -> ForwardTo:
    """A single number to forward to."""
    return ForwardTo(Record("line", line.id, line.name), number, ring_seconds=ONE_NUMBER_SECONDS)


def forwarding(asked: Asked, line: Line, caller: Caller, number: str) -> list[Step]:
    """What the line's forwarding adds."""
    settings = line.forwarding
    match settings.mode:
        case "none":
            return []
        case "sip_uri":
            return to_uri(asked, line, caller, number)
        case "simple":
            return forwarded(asked, line, caller, number, settings.numbers[:1], "listed")
        case _:
            return forwarded(asked, line, caller, number, settings.numbers, settings.order)


def to_uri(asked: Asked, line: Line, caller: Caller, number: str) -> list[Step]:
    """The line's address at another SIP system."""
    settings = line.forwarding
    if asked.hops >= MOST_HOPS:
        asked.note("forward.too_often", line.record, number=settings.uri)
        return []
    asked.note("forward.uri", line.record, uri=settings.uri)
    target = Target(
        "uri",
        settings.uri,
        ring=ONE_NUMBER_SECONDS,
        caller=caller,
        called=number,
        transport=settings.transport,
        limits=leg_limits(asked, line, "forwarded", internal=False),
        media=media_at(asked, line, "redirected"),
        hops=asked.hops + 1,
    )
    return [Step((target,))]


def forwarded(
    asked: Asked, line: Line, caller: Caller, number: str, wanted: Sequence[ForwardTo], order: str
) -> list[Step]:
    """The numbers of a list that ring now, in their order."""
    found = [steps for entry in wanted if (steps := forward_steps(asked, line, caller, number, entry))]
    if order == "random":
        random.Random(asked.call.seed).shuffle(found)  # noqa: S311  # a lot, not a secret
    steps = [step for each in found for step in each]
    return at_once(steps) if order == "simultaneous" and steps else steps


def at_once(steps: Sequence[Step]) -> list[Step]:
    """All phones ring together; services such as a voicemail box come after, or they would answer at once."""
    targets = [target for step in steps for target in step.targets]
    phones = tuple(target for target in targets if target.kind != "feature")
    services = [Step((target,)) for target in targets if target.kind == "feature"]
    return [Step(phones), *services] if phones else services


def forward_steps(asked: Asked, line: Line, caller: Caller, number: str, entry: ForwardTo) -> list[Step]:
    """One number to forward to, unless it is off, it is not its time, it leads back, or the line may not call it."""
    if not entry.enabled:
        return []
    if not holds(entry.period, asked.now, line.zone):
        asked.note("forward.not_now", entry.record, number=entry.number)
        return []
    inside = asked.plan.line_at(entry.number)
    if leads_back(asked, line, entry.number) or (inside is not None and inside.id in asked.way):
        asked.note("forward.loop", entry.record, number=entry.number)
        return []
    if waits(asked, entry, line.cooling.get(entry.number)):
        return []
    if asked.hops >= MOST_HOPS:
        asked.note("forward.too_often", entry.record, number=entry.number)
        return []
    seen = shown(line, caller, entry.display)
    called = number if entry.keep_cld else entry.number
    if inside is not None:
        return to_colleague(asked, line, inside, seen, called, entry)
    target = to_number_outside(asked, line, seen, called, entry)
    return [Step((target,))] if target is not None else []


def waits(asked: Asked, entry: ForwardTo, counts_from: datetime | None) -> bool:
    """Whether a number is a new one of high risk that is not used yet; a note says so."""
    if counts_from is None or asked.now >= counts_from:
        return False
    asked.note("forward.cooling", entry.record, number=entry.number, minutes=asked.minutes_until(counts_from))
    return True


def to_number_outside(asked: Asked, line: Line, caller: Caller, called: str, entry: ForwardTo) -> Target | None:
    """A number that the line calls, and pays, on behalf of the caller; None, with a note, if it cannot."""
    number = entry.number
    if not is_e164(number):
        asked.note("forward.not_assigned", entry.record, number=number)
        return None
    if refuse_number(only_tried(asked), line, number) is not None:
        asked.note("forward.barred", entry.record, number=number)
        return None
    seconds = paid_seconds(asked, line, number)
    if seconds == 0:
        no_money = has_no_money(asked.plan.company_of(line), *price_of(asked, number))
        asked.note("forward.no_funds" if no_money else "forward.spending_limit", entry.record, number=number)
        return None
    asked.note("forward.number", entry.record, number=number, seconds=entry.ring_seconds)
    return Target(
        "trunk",
        number,
        ring=entry.ring_seconds,
        caller=caller,
        called=called,
        transport=entry.transport,
        proxy=entry.proxy,
        must_accept=entry.must_accept,
        limits=leg_limits(asked, line, "forwarded", internal=False),
        media=media_at(asked, line, "redirected"),
        max_seconds=seconds,
        hops=asked.hops + 1,
    )


def paid_seconds(asked: Asked, line: Line, number: str) -> int | None:
    """How long the company's money and the spending limits last for a call to `number`; None without a limit."""
    company, (price, fee) = asked.plan.company_of(line), price_of(asked, number)
    return longest_call(company, price, fee, limit_left(company, line))


def price_of(asked: Asked, number: str) -> tuple[Decimal | None, Decimal]:
    """What a minute to `number` costs, None where nobody knows, and each call beside it."""
    rate = asked.call.rates.get(number)
    return (rate.price, rate.connect_fee) if rate else (None, Decimal(0))


def to_colleague(asked: Asked, line: Line, other: Line, caller: Caller, called: str, entry: ForwardTo) -> list[Step]:
    """A line of the office that is forwarded to, with all that is set for it; nobody is rung twice this way."""
    if not asked.plan.can_be_called(other):
        asked.note("forward.blocked", entry.record, number=entry.number)
        return []
    if other.id in asked.reached:
        asked.note("forward.again", entry.record, number=entry.number)
        return []
    asked.reached.add(other.id)
    asked.note("forward.number", entry.record, number=entry.number, seconds=entry.ring_seconds)
    asked.way.append(line.id)
    steps = at_colleague(asked, line, other, caller, called, entry)
    asked.way.pop()
    return steps


def at_colleague(asked: Asked, line: Line, other: Line, caller: Caller, called: str, entry: ForwardTo) -> list[Step]:
    """What answers there: rules and forwarding of the colleague count, but his voicemail takes no call of another's."""
    action = screened(asked, other, caller, called)
    if action.reject:
        asked.note("forward.rejected", entry.record, number=entry.number)
        return []

    def ring() -> Step:
        limits = leg_limits(asked, line, "forwarded", internal=True)
        theirs = (each for each in leg_limits(asked, other, "in", internal=True) if each not in limits)
        target = phone(asked, other, caller, called, seconds=entry.ring_seconds, limits=(*limits, *theirs))
        media = both(target.media, media_of(line, "redirected"))
        return Step((replace(target, must_accept=entry.must_accept, media=media),))

    steps, service = answered(asked, other, replace(action, voicemail=False), caller, called, ring=ring)
    return [*steps, Step((service,))] if service is not None else [*steps]


def only_tried(asked: Asked) -> Asked:
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
