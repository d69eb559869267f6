"""Calls to a huntgroup: who rings, when and for how long, and the queue in front of it."""

from __future__ import annotations

from collections.abc import Iterator

from centrex.routing.engine.answering import answered, at_once, forwarded, sole, waits
from centrex.routing.engine.calls import Asked, Caller, Decision, RejectCause, Step, Target
from centrex.routing.engine.incoming import to_line
from centrex.routing.engine.limits import leg_limits
from centrex.routing.engine.matching import screened
from centrex.routing.engine.media import media_of
from centrex.routing.engine.phones import phone, voicemail
from centrex.routing.features import Answering
from centrex.routing.hunting import Member, flatten, in_order_of_ringing
from centrex.routing.opening import OpeningHours
from centrex.routing.plan import Extension, Group, Line
from centrex.routing.schedule import is_open

Reachable = tuple[Member, Extension, Line]


def to_group(asked: Asked, group: Group, *, caller: Caller, account: int | None) -> Decision:
    """A call to a group; with a queue in front of it, the feature server holds the callers until a phone is free.

    Its opening hours count for calls to the group itself, not where another group includes it.
    """
    hours = group.hours
    if hours is not None and not is_open(hours.times.period, hours.times.days, asked.now.astimezone(hours.zone)):
        return closed(asked, group, hours, caller=caller, account=account)
    members = flatten(group.id, asked.plan.members, asked.plan.includes)
    phones = [found for member in members for found in reachable(asked, member)]
    if not phones:
        return asked.refuse(RejectCause.EMPTY_GROUP, group.record)
    if group.queue is not None:
        asked.note("group.queue", group.record, places=group.queue.max_waiting)
    asked.note(f"group.{group.sequence}", group.record)
    steps = rung(asked, group, phones, as_seen(group, caller))
    if not steps:
        return asked.refuse(RejectCause.NO_ANSWER, group.record)
    caller_line = asked.plan.lines.get(account) if account is not None else None
    records = caller_line is not None and media_of(caller_line, "outgoing").record
    if group.queue is None:
        return Decision(steps=steps, account=account, called=group.number, record_call=records)
    target = Target("feature", "queue", caller=caller, called=group.number)
    return Decision(
        steps=(Step((target,)),),
        account=account,
        called=group.number,
        record_call=records,
        music=group.queue.music,
        queue=group.queue,
        behind=steps,
    )


def rung(asked: Asked, group: Group, phones: list[Reachable], caller: Caller) -> tuple[Step, ...]:
    """What rings, by the group's sequence."""
    ordered = in_order_of_ringing(
        [member for member, _extension, _line in phones],
        group.sequence,
        seed=asked.call.seed,
        last_used={member.extension: line.last_used for member, _extension, line in phones if line.last_used},
    )
    by_member = {member.extension: (extension, line) for member, extension, line in phones}
    steps = [step for member in ordered for step in ring_member(asked, member, *by_member[member.extension], caller)]
    return tuple(at_once(steps) if group.sequence == "simultaneous" else steps)


def closed(asked: Asked, group: Group, hours: OpeningHours, *, caller: Caller, account: int | None) -> Decision:
    """A call outside the opening hours; where it should go and cannot, it ends."""
    asked.note("group.closed", group.record, hours=hours.times.record.name)
    line = asked.plan.lines.get(hours.line) if hours.line else None
    match hours.action:
        case "group":
            other = asked.plan.groups.get(hours.group) if hours.group else None
            told = {step.record for step in asked.trace if step.code == "group.closed"}
            if other is not None and other.record not in told:
                asked.note("group.closed.group", other.record)
                return to_group(asked, other, caller=caller, account=account)
        case "extension":
            extension = asked.plan.extensions.get(hours.extension) if hours.extension else None
            other_line = asked.plan.lines.get(extension.line) if extension and extension.line else None
            if extension is not None and other_line is not None:
                asked.note("group.closed.extension", extension.record)
                return to_line(asked, other_line, caller=caller, number=extension.number)
        case "voicemail" if line is not None:
            box = voicemail(asked, line, caller, group.number)
            if box is not None:
                return Decision(steps=(Step((box,)),), account=account, called=group.number)
        case "number" if line is not None:
            entry = sole(line, hours.number)
            if waits(asked, entry, hours.counts_from):
                return asked.refuse(RejectCause.CLOSED, group.record)
            steps = forwarded(asked, line, caller, group.number, [entry], "listed")
            if steps:
                return Decision(steps=tuple(steps), account=line.id, called=hours.number)
    return asked.refuse(RejectCause.CLOSED, group.record)


def reachable(asked: Asked, member: Member) -> Iterator[Reachable]:
    """The member with its extension and line; nothing, with a note, for one that has no phone."""
    extension = asked.plan.extensions[member.extension]
    line = asked.plan.lines.get(extension.line) if extension.line else None
    if line is None:
        asked.note("group.no_line", extension.record)
    elif not asked.plan.can_be_called(line):
        asked.note("group.blocked", extension.record)
    else:
        yield member, extension, line


def ring_member(asked: Asked, member: Member, extension: Extension, line: Line, caller: Caller) -> Iterator[Step]:
    """The member's phone; then what its own rules, forwarding and voicemail add, unless the group ignores them."""

    def ring() -> Step:
        seconds = member.ring_time
        if not member.ignore_forwarding and seconds is None:
            seconds = line.feature(Answering).values.ring_seconds
        asked.note("group.rings", extension.record, delay=member.ring_delay, seconds=seconds or "")
        limits = leg_limits(asked, line, "in", internal=asked.is_internal)
        number, delay = extension.number, member.ring_delay
        return Step((phone(asked, line, caller, number, seconds=seconds, delay=delay, limits=limits),))

    if member.ignore_forwarding:
        yield ring()
        return
    action = screened(asked, line, caller, extension.number)
    if action.reject:
        asked.note("screening.left_out", line.record)
        return
    steps, service = answered(asked, line, action, caller, extension.number, ring=ring)
    yield from steps
    if service is not None:
        yield Step((service,))


def as_seen(group: Group, caller: Caller) -> Caller:
    """What the phones of the group show."""
    match group.caller_id:
        case "group":
            return Caller(group.number, group.name)
        case "group_name":
            return Caller(caller.number, group.name, hidden=caller.hidden)
        case _:
            return caller
