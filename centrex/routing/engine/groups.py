"""Calls to a huntgroup: who rings, when and for how long, and the queue in front of it."""

from __future__ import annotations

from collections.abc import Iterator

from centrex.routing.engine.calls import Asked, Caller, Decision, RejectCause, Step, Target
from centrex.routing.engine.incoming import forwarded, forwarding, sole, to_line, voicemail
from centrex.routing.features import Answering
from centrex.routing.hunting import Member, flatten, in_order_of_ringing
from centrex.routing.plan import Extension, Group, Line, OpeningHours
from centrex.routing.schedule import is_open


def to_group(asked: Asked, group: Group, *, caller: Caller, account: int | None) -> Decision:
    """A call to a group; with a queue in front of it, the feature server holds the callers.

    Its opening hours count for calls to the group itself, not where another group includes it.
    """
    hours = group.hours
    if hours is not None and not is_open(hours.times.period, hours.times.days, asked.now.astimezone(hours.zone)):
        return closed(asked, group, hours, caller=caller, account=account)
    members = flatten(group.id, asked.plan.members, asked.plan.includes)
    phones = [pair for member in members for pair in reachable(asked, member)]
    if not phones:
        return asked.refuse(RejectCause.EMPTY_GROUP, group.record)
    if group.queue is not None:
        asked.note("group.queue", group.record, places=group.queue.max_waiting)
        target = Target("feature", "queue", caller=caller, called=group.number)
        return Decision(steps=(Step((target,)),), account=account, called=group.number, music=group.queue.music)
    ordered = in_order_of_ringing(
        [member for member, _extension, _line in phones],
        group.sequence,
        seed=asked.call.seed,
        last_used={member.extension: line.last_used for member, _extension, line in phones if line.last_used},
    )
    asked.note(f"group.{group.sequence}", group.record)
    by_member = {member.extension: (extension, line) for member, extension, line in phones}
    seen = as_seen(group, caller)
    steps = [step for member in ordered for step in ring_member(asked, member, *by_member[member.extension], seen)]
    return Decision(steps=tuple(at_once(steps) if group.sequence == "simultaneous" else steps), account=account,
                    called=group.number)  # fmt: skip


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
            phone = asked.plan.lines.get(extension.line) if extension and extension.line else None
            if extension is not None and phone is not None:
                asked.note("group.closed.extension", extension.record)
                return to_line(asked, phone, caller=caller, number=extension.number)
        case "voicemail" if line is not None:
            box = voicemail(asked, line, caller, group.number)
            if box is not None:
                return Decision(steps=(Step((box,)),), account=account, called=group.number)
        case "number" if line is not None:
            steps = forwarded(asked, line, caller, group.number, [sole(line, hours.number)], "listed")
            if steps:
                return Decision(steps=tuple(steps), account=line.id, called=hours.number)
    return asked.refuse(RejectCause.CLOSED, group.record)


def reachable(asked: Asked, member: Member) -> Iterator[tuple[Member, Extension, Line]]:
    """The member with its extension and line; nothing, with a note, for one that has no phone."""
    extension = asked.plan.extensions[member.extension]
    line = asked.plan.lines.get(extension.line) if extension.line else None
    if line is None:
        asked.note("group.no_line", extension.record)
    elif line.blocked or not asked.plan.company_of(line).active:
        asked.note("group.blocked", extension.record)
    else:
        yield member, extension, line


def ring_member(asked: Asked, member: Member, extension: Extension, line: Line, caller: Caller) -> Iterator[Step]:
    """The member's phone, then what its own forwarding and voicemail add, unless the group ignores them."""
    seconds = member.ring_time
    if not member.ignore_forwarding and seconds is None:
        seconds = line.feature(Answering).values.ring_seconds
    asked.note("group.rings", extension.record, delay=member.ring_delay, seconds=seconds or "")
    target = Target("line", line.account_id, line=line.id, delay=member.ring_delay, ring=seconds, caller=caller,
                    called=extension.number)  # fmt: skip
    yield Step((target,))
    if member.ignore_forwarding:
        return
    yield from forwarding(asked, line, caller, extension.number)
    box = voicemail(asked, line, caller, extension.number)
    if box is not None:
        yield Step((box,))


def at_once(steps: list[Step]) -> list[Step]:
    """All phones ring together; services such as a voicemail box come after, or they would answer at once."""
    targets = [target for step in steps for target in step.targets]
    phones = tuple(target for target in targets if target.kind != "feature")
    return [Step(phones), *(Step((target,)) for target in targets if target.kind == "feature")]


def as_seen(group: Group, caller: Caller) -> Caller:
    """What the phones of the group show."""
    match group.caller_id:
        case "group":
            return Caller(group.number, group.name)
        case "group_name":
            return Caller(caller.number, group.name, hidden=caller.hidden)
        case _:
            return caller
