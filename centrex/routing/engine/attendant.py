"""Calls that an auto attendant answers: which menu is played now, and what one of its choices leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from centrex.routing.engine.answering import ONE_NUMBER_SECONDS, leads_back, paid_seconds, price_of
from centrex.routing.engine.boxes import fax_target
from centrex.routing.engine.calls import Asked, Caller, Decision, RejectCause, Step, Target
from centrex.routing.engine.groups import to_group
from centrex.routing.engine.incoming import to_line
from centrex.routing.engine.limits import count_limits, refuse_unpaid
from centrex.routing.engine.matching import fits_time
from centrex.routing.engine.media import media_at
from centrex.routing.engine.outgoing import refuse_number
from centrex.routing.engine.phones import voicemail
from centrex.routing.features import Disa, Fax
from centrex.routing.menus import HANG_UP, NOT_ACTIVE, ROOT, Choice, Menu, menu_by_id
from centrex.routing.plan import Line, Record

ATTENDANT = "attendant"


@dataclass(frozen=True, slots=True)
class Opening:
    """Where opening a menu ends: the one that is played, or a `choice` in its place; `before` are sounds by id."""

    menu: Menu
    choice: Choice | None = None
    before: tuple[int, ...] = ()


def root_of(line: Line) -> Menu:
    """The menu that calls enter first; as it comes where nobody has changed it yet."""
    return menu_by_id(line.menus, None) or Menu(Record(ATTENDANT, line.id, ROOT))


def entered(asked: Asked, decision: Decision) -> Decision:
    """The decision with the menu that is active now; other decisions stay as they are."""
    target = decision.otherwise
    if target is None or target.address != ATTENDANT or target.line is None:
        return decision
    line = asked.plan.lines[target.line]
    opening = opened(asked, line, root_of(line))
    if opening.choice is None:
        played = replace(target, menu=opening.menu.id, options=options_of(opening.menu))
        return replace(decision, otherwise=played, before=opening.before)
    there = carried_out(asked, line, opening.menu, opening.choice, target.caller)
    return replace(there, before=opening.before + there.before)


def opened(asked: Asked, line: Line, menu: Menu) -> Opening:
    """The menu if it is active now, else what it does instead, however many menus that leads through."""
    seen: set[int | None] = set()
    before: tuple[int, ...] = ()
    while not fits_time(menu.times, asked.now, line.zone):
        asked.note("attendant.not_active", menu.record, times=menu.times.record.name if menu.times else "")
        seen.add(menu.id)
        choice = menu.choices.get(NOT_ACTIVE, HANG_UP)
        before += (choice.play,) if choice.play is not None else ()
        following = menu_by_id(line.menus, choice.menu) if choice.act == "menu" else None
        if choice.act == "menu" and (following is None or following.id in seen):
            asked.note("attendant.circle", menu.record)
            return Opening(menu, HANG_UP, before)
        if following is None:
            return Opening(menu, choice, before)
        menu = following
    asked.note("attendant.menu", menu.record)
    return Opening(menu, None, before)


def carried_out(asked: Asked, line: Line, menu: Menu, choice: Choice, caller: Caller) -> Decision:
    """Where a choice that leads out of the menus sends the call."""
    match choice.act:
        case "transfer":
            return transferred(asked, line, menu, choice.number, caller)
        case "huntgroup" | "queue":
            return to_the_group(asked, line, menu, choice, caller)
        case "voicemail":
            asked.note("attendant.voicemail", menu.record)
            return served(asked, line, voicemail(asked, line, caller, line.shown_number))
        case "fax":
            takes_faxes = line.feature(Fax).enabled and line.feature(Fax).values.fax_only
            asked.note("attendant.fax" if takes_faxes else "attendant.no_fax", menu.record)
            return served(asked, line, fax_target(line, caller, line.shown_number) if takes_faxes else None)
        case "disa":
            is_on = line.feature(Disa).enabled
            asked.note("attendant.disa" if is_on else "attendant.no_disa", menu.record)
            return served(asked, line, service(line, "disa", caller) if is_on else None)
        case "directory":
            asked.note("attendant.directory", menu.record)
            return served(asked, line, service(line, "directory", caller, menu))
        case "extension":
            asked.note("attendant.extension", menu.record)
            return served(asked, line, service(line, "dial_extension", caller, menu))
        case _:
            asked.note("attendant.hang_up", menu.record)
            return served(asked, line, service(line, "hang_up", caller))


def service(line: Line, name: str, caller: Caller, menu: Menu | None = None) -> Target:
    """A service of the feature server for the line; `menu` is where the caller comes back to."""
    target = Target("feature", name, line=line.id, caller=caller, called=line.shown_number)
    return replace(target, menu=menu.id, options=options_of(menu)) if menu else target


def options_of(menu: Menu) -> dict[str, str]:
    """What the feature server is told of a menu beside its id: the language of its voice, where it has its own."""
    return {"language": menu.language} if menu.language else {}


def served(asked: Asked, line: Line, target: Target | None) -> Decision:
    """A service takes the call; it is refused where the line does not have it."""
    if target is None:
        return asked.refuse(RejectCause.NO_ANSWER, line.record)
    return Decision(otherwise=target, direction=direction(asked), account=line.id, called=line.shown_number)


def direction(asked: Asked) -> str:
    """Where the call came from."""
    return "in" if asked.call.line is None else "internal"


def to_the_group(asked: Asked, line: Line, menu: Menu, choice: Choice, caller: Caller) -> Decision:
    """A huntgroup, with its queue if it has one."""
    group = asked.plan.groups.get(choice.group or 0)
    if group is None:
        return asked.refuse(RejectCause.EMPTY_GROUP, menu.record)
    asked.note("attendant.huntgroup", menu.record, group=group.record.name)
    there = to_group(asked, group, caller=caller, account=asked.call.line)
    return replace(there, direction=direction(asked), account=line.id) if there.cause is None else there


def transferred(asked: Asked, line: Line, menu: Menu, number: str, caller: Caller) -> Decision:
    """A number of the office or outside; barring and the destination policy are asked again, as they may have changed.

    A transfer counts as a hop, so that lines that hand a call to each other come to an end.
    """
    if leads_back(asked, line, number):
        return asked.refuse(RejectCause.LOOP, line.record, hops=asked.call.hops)
    asked.note("attendant.transfer", menu.record, number=number)
    extension = asked.plan.extension_by_number(number)
    inside = asked.plan.line_of_extension(number) or asked.plan.line_by_number(number)
    if inside is not None:
        return handed_on(asked, line, inside, number, caller)
    if extension is not None:
        return asked.refuse(RejectCause.NOT_ASSIGNED, extension.record, number=number)
    return sent_outside(asked, line, number, caller)


def handed_on(asked: Asked, line: Line, inside: Line, number: str, caller: Caller) -> Decision:
    """Another line answers by its own settings, maybe by an attendant of its own."""
    passed = (*asked.call.passed, line.account_id, *line.numbers, *([line.extension] if line.extension else []))
    asked.call = replace(asked.call, hops=asked.call.hops + 1, passed=passed)
    from_outside = asked.call.line is None
    return entered(asked, to_line(asked, inside, caller=caller, number=number, from_outside=from_outside))


def sent_outside(asked: Asked, line: Line, number: str, caller: Caller) -> Decision:
    """The line pays for the way to a number outside."""
    refusal = refuse_number(asked, line, number)
    if refusal is not None:
        return refusal
    seconds = paid_seconds(asked, line, number)
    if seconds == 0:
        return refuse_unpaid(asked, asked.plan.company_of(line), *price_of(asked, number))
    count_limits(asked, line, "forwarded")
    media = media_at(asked, line, "redirected")
    target = Target(
        "trunk",
        number,
        ring=ONE_NUMBER_SECONDS,
        caller=caller,
        called=number,
        media=media,
        max_seconds=seconds,
        hops=asked.hops + 1,
    )
    return Decision(
        steps=(Step((target,)),),
        direction=direction(asked),
        account=line.id,
        called=number,
        max_seconds=seconds,
        record_redirected=media.record,
        announce_recording=media.announce,
    )
