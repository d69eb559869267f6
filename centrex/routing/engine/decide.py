"""The order in which a call is looked at: who calls, what was dialled, and then outgoing, incoming or a service."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from centrex.routing.codes import Service, service_of
from centrex.routing.dialing.dial import dial
from centrex.routing.dialing.rules import Outcome
from centrex.routing.engine.attendant import entered
from centrex.routing.engine.boxes import record_codes
from centrex.routing.engine.calls import MOST_HOPS, VIA, Asked, Call, Caller, Decision, RejectCause
from centrex.routing.engine.disa import answers, to_disa, why_not
from centrex.routing.engine.groups import to_group
from centrex.routing.engine.help import help_meant, to_help
from centrex.routing.engine.incoming import to_line
from centrex.routing.engine.limits import count_limits
from centrex.routing.engine.outgoing import caller_inside, hides_number, to_outside
from centrex.routing.engine.services import to_paged, to_parking, to_pickup
from centrex.routing.plan import Extension, Line, Plan


def decide(plan: Plan, call: Call, now: datetime) -> Decision:
    """Where `call` goes at `now` (UTC), with each step taken and the record that decided it."""
    asked = Asked(plan, call, now)
    if call.line is None:
        return finished(asked, entered(asked, from_outside(asked)))
    line = plan.lines.get(call.line)
    if line is None:
        return asked.refuse(RejectCause.UNKNOWN_CALLER)
    asked.note("caller.line", line.record)
    return finished(asked, entered(asked, from_line(asked, line)))


def finished(asked: Asked, decision: Decision) -> Decision:
    """The decision with all that was collected on the way."""
    codes = record_codes(asked.plan, decision)
    return replace(decision, trace=tuple(asked.trace), limits=tuple(asked.limits), record_codes=codes)


def from_outside(asked: Asked) -> Decision:
    """A call from elsewhere to a number of the office."""
    number = asked.call.dialled.removeprefix("+")
    line = asked.plan.line_by_number(number)
    asked.note("caller.outside", None, caller=asked.call.caller)
    if line is None:
        return asked.refuse(RejectCause.NOT_ASSIGNED, None, number=number)
    asked.note("called.external", line.record, number=number)
    if asked.call.hops > MOST_HOPS:
        return asked.refuse(RejectCause.LOOP, line.record, hops=asked.call.hops)
    caller = Caller(asked.call.caller, asked.call.name, hidden=not asked.call.caller)
    if answers(line, number):
        return to_disa(asked, line, caller=caller, number=number)
    return to_line(asked, line, caller=caller, number=number, from_outside=True)


def from_line(asked: Asked, line: Line) -> Decision:
    """A call from a phone of the office. Calls for help come first and pass everything."""
    company = asked.plan.company_of(line)
    dialled = asked.call.dialled
    help_number = help_meant(asked, line, dialled)
    if help_number:
        return to_help(asked, line, help_number)
    if not company.active:
        return asked.refuse(RejectCause.SUSPENDED, company.record)
    if line.blocked:
        return asked.refuse(RejectCause.LINE_BLOCKED, line.record)
    if asked.call.hops > MOST_HOPS:
        return asked.refuse(RejectCause.LOOP, line.record, hops=asked.call.hops)
    if asked.call.via == VIA:
        reason = why_not(asked, line, asked.call.caller)
        if reason is not None:
            return asked.refuse(RejectCause.DISA, line.record, reason=reason)
        return to_number(asked, line, dialled, hidden=hides_number(line))
    service = service_of(dialled, asked.plan.codes)
    if service is None:
        return to_number(asked, line, dialled, hidden=hides_number(line))
    asked.note(f"called.service.{service.service}", None, rest=service.rest)
    return to_service(asked, line, service.service, service.rest)


def to_service(asked: Asked, line: Line, service: Service, rest: str) -> Decision:
    """What was dialled begins with a code of the company."""
    match service:
        case Service.HIDE_CLI:
            return to_number(asked, line, rest, hidden=True)
        case Service.SHOW_CLI:
            return to_number(asked, line, rest, hidden=False)
        case Service.PAGING:
            return to_paged(asked, line, rest)
        case Service.PICKUP:
            return to_pickup(asked, line, rest)
        case Service.PARK:
            return to_parking(asked, line, "park", rest)
        case Service.RELEASE:
            return to_parking(asked, line, "retrieve", rest)
        case Service.RECORD_START | Service.RECORD_STOP:
            return asked.refuse(RejectCause.NO_CALL, line.record)


def to_number(asked: Asked, line: Line, dialled: str, *, hidden: bool) -> Decision:
    """An ordinary number: of the office, or outside."""
    understood = dial(line.dialing, dialled, asked.plan.numbers.get)
    if understood.outcome is Outcome.INVALID:
        return asked.refuse(RejectCause.NOT_RECOGNISED, None, dialled=dialled, reason=understood.reason)
    asked.note(f"dialled.{understood.step}", None, dialled=dialled, result=understood.result)
    if understood.outcome is Outcome.INTERNAL:
        return to_inside(asked, line, dialled, understood.result, hidden=hidden)
    other = asked.plan.line_by_number(understood.result)
    if other is not None:
        count_limits(asked, line, "out", internal=True)
        return to_line(asked, other, caller=caller_inside(line, hidden=hidden), number=understood.result)
    return to_outside(asked, line, understood.result, hidden=hidden)


def to_inside(asked: Asked, line: Line, dialled: str, target: str, *, hidden: bool) -> Decision:
    """A number of the office's number space: an extension, a huntgroup, or an abbreviated number."""
    plan, caller = asked.plan, caller_inside(line, hidden=hidden)
    group = plan.group_by_number(target)
    if group is not None:
        asked.note("called.huntgroup", group.record)
        count_limits(asked, line, "out", internal=True)
        return to_group(asked, group, caller=caller, account=line.id)
    extension = plan.extension_by_number(target)
    if extension is not None:
        count_limits(asked, line, "out", internal=True)
        return to_extension(asked, extension, caller)
    other = plan.line_by_number(target)
    asked.note("called.abbreviated", other.record if other else None, dialled=dialled, target=target)
    if other is not None:
        count_limits(asked, line, "out", internal=True)
        return to_line(asked, other, caller=caller, number=target)
    counts_from = plan.cooling.get(target)
    if counts_from is not None and asked.now < counts_from:
        minutes = asked.minutes_until(counts_from)
        return asked.refuse(RejectCause.NOT_YET, None, dialled=dialled, number=target, minutes=minutes)
    return to_outside(asked, line, target, hidden=hidden)


def to_extension(asked: Asked, extension: Extension, caller: Caller) -> Decision:
    """An extension rings its line."""
    asked.note("called.extension", extension.record)
    line = asked.plan.lines.get(extension.line) if extension.line else None
    if line is None:
        return asked.refuse(RejectCause.NOT_ASSIGNED, extension.record, number=extension.number)
    return to_line(asked, line, caller=caller, number=extension.number)
