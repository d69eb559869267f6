"""What a company's codes ask for: paging, group pickup, call parking."""

from __future__ import annotations

from dataclasses import replace

from centrex.routing.codes import pickup_of
from centrex.routing.dialing.rules import Reason
from centrex.routing.engine.calls import Asked, Caller, Decision, RejectCause, Step, Target
from centrex.routing.engine.groups import reachable
from centrex.routing.engine.incoming import turned_away
from centrex.routing.engine.limits import count_limits, leg_limits
from centrex.routing.engine.matching import screened
from centrex.routing.engine.media import media_of
from centrex.routing.engine.outgoing import caller_inside
from centrex.routing.engine.phones import phone
from centrex.routing.hunting import flatten
from centrex.routing.plan import Group, Line

PAGED = {"Alert-Info": "<urn:alert:service:auto-answer>", "Answer-Mode": "Auto"}  # RFC 5373, RFC 7462
PAGED_SECONDS = 20


def to_paged(asked: Asked, line: Line, rest: str) -> Decision:
    """The other phone, or each of a group, answers by itself; nothing is forwarded, and who talks is left alone."""
    group = asked.plan.group_by_number(rest)
    if group is not None:
        return to_paged_group(asked, line, group)
    extension = asked.plan.extension_by_number(rest)
    other = asked.plan.line_of_extension(rest)
    if extension is None or other is None:
        return asked.refuse(RejectCause.NOT_ASSIGNED, extension.record if extension else None, number=rest)
    asked.note("called.paged", extension.record)
    caller = caller_inside(line)
    refusal = turned_away(asked, other, caller, from_outside=False)
    if refusal is not None:
        return refusal
    action = screened(asked, other, caller, rest)
    if action.reject:
        return asked.refuse(RejectCause.SCREENED, other.record)
    if not action.ring:
        return asked.refuse(RejectCause.DO_NOT_DISTURB, other.record)
    count_limits(asked, line, "out", internal=True)
    count_limits(asked, other, "in", internal=True)
    return Decision(steps=(Step((paged(asked, other, caller, rest),)),), account=line.id, called=rest)


def to_paged_group(asked: Asked, line: Line, group: Group) -> Decision:
    """All phones of a group that ring for this caller now, but his own, answer at the same time."""
    asked.note("called.paged_group", group.record)
    members = flatten(group.id, asked.plan.members, asked.plan.includes)
    others = [each for member in members for each in reachable(asked, member) if each[2].id != line.id]
    caller = caller_inside(line)
    targets = [
        paged(asked, other, caller, extension.number)
        for _member, extension, other in others
        if screened(asked, other, caller, extension.number).ring
    ]
    if not targets:
        return asked.refuse(RejectCause.EMPTY_GROUP, group.record)
    count_limits(asked, line, "out", internal=True)
    return Decision(steps=(Step(tuple(targets)),), account=line.id, called=group.number)


def paged(asked: Asked, line: Line, caller: Caller, number: str) -> Target:
    """A phone that answers by itself, unless somebody talks there."""
    limits = leg_limits(asked, line, "in", internal=True)
    target = phone(asked, line, caller, number, seconds=PAGED_SECONDS, limits=limits)
    return replace(target, headers=PAGED, only_idle=True)


def to_pickup(asked: Asked, line: Line, rest: str) -> Decision:
    """Answers a call that rings on another phone of a group; from then on it is a call of the line that took it."""
    plan = asked.plan
    extension = plan.extension_by_number(line.extension)
    groups = [plan.groups[each] for each in plan.groups_by_member.get(extension.id, ())] if extension else []
    mine = {group.number: group.pickup_allowed for group in groups}
    found = pickup_of(rest, primary=line.primary_group or None, member_of=mine)
    if found.group is None:
        return asked.refuse(RejectCause.PICKUP, extension.record if extension else line.record, reason=found.reason)
    group = plan.group_by_number(found.group)
    asked.note("pickup.group", group.record if group else None)
    count_limits(asked, line, "in", internal=True)
    return at_service(asked, line, "pickup", found.group)


def to_parking(asked: Asked, line: Line, service: str, rest: str) -> Decision:
    """Parks a call, or takes one back: at the place with the number `rest`, or where there is room."""
    if rest and not rest.isdigit():
        return asked.refuse(RejectCause.NOT_RECOGNISED, None, dialled=asked.call.dialled, reason=Reason.CHARACTERS)
    return at_service(asked, line, service, rest)


def at_service(asked: Asked, line: Line, service: str, rest: str) -> Decision:
    """A service of the feature server, for a call in which the line's own recording and music count."""
    media = media_of(line, "incoming")
    target = Target("feature", service, called=rest, media=media)
    return Decision(
        steps=(Step((target,)),),
        account=line.id,
        record_call=media.record,
        record_on_demand=media.on_demand,
        announce_recording=media.announce,
        music=media.music,
        hold_in_silence=media.in_silence,
    )
