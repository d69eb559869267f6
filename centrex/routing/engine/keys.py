"""A caller inside an auto attendant: entering it, pressing keys, and what is heard and happens next.

The feature server keeps the `Position` between two questions; everything else is in the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from centrex.routing.engine.answering import leads_back
from centrex.routing.engine.attendant import carried_out, opened, root_of, transferred
from centrex.routing.engine.calls import Asked, Call, Caller, Decision, Trace
from centrex.routing.engine.decide import finished
from centrex.routing.engine.outgoing import caller_inside
from centrex.routing.menus import FAX_TONE, HANG_UP, KEYS, REPEAT, TIMEOUT, WRONG, Choice, Menu, menu_by_id
from centrex.routing.plan import Line, Plan

MOST_MOVES = 50  # events in one call; nobody means to press that many keys


@dataclass(frozen=True, slots=True)
class Position:
    """Where a caller is: the line, the menu by its id (None: the built-in one), how often it was played in a row.

    `moves` counts the events of the call; `entered` are the menus whose intro was heard.
    """

    line: int
    menu: int | None
    played: int = 1
    moves: int = 0
    entered: frozenset[int | None] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that is played: "intro", "menu", "timeout", "wrong" or "before".

    `sound` None is the built-in text, said in `language`, or, where that is empty, in the company's.
    """

    kind: str
    sound: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What happens next: the caller hears `says`, and then is at `position`, or the call goes where `decision` says."""

    says: tuple[Heard, ...]
    position: Position | None = None
    decision: Decision | None = None
    trace: tuple[Trace, ...] = ()


@dataclass(slots=True)
class Visit:
    """One question about a caller inside the menus while it is being answered."""

    asked: Asked
    line: Line
    at: Position
    caller: Caller
    says: list[Heard] = field(default_factory=list)

    def play(self, menu: Menu, *, played: int) -> Answer:
        """The menu is heard (again)."""
        if menu.id not in self.at.entered and menu.intro is not None:
            self.says.append(Heard("intro", menu.intro))
        self.says.append(Heard("menu", menu.prompt, menu.language))
        at = replace(self.at, menu=menu.id, played=played, entered=self.at.entered | {menu.id})
        return Answer(tuple(self.says), position=at, trace=tuple(self.asked.trace))

    def leave(self, decision: Decision) -> Answer:
        """The call goes out of the menus."""
        whole = finished(self.asked, decision)
        return Answer(tuple(self.says), decision=whole, trace=whole.trace)

    def open(self, menu: Menu) -> Answer:
        """A menu, or what it does while it is not active."""
        opening = opened(self.asked, self.line, menu)
        self.says += [Heard("before", sound) for sound in opening.before]
        if opening.choice is None:
            return self.play(opening.menu, played=1)
        return self.leave(carried_out(self.asked, self.line, opening.menu, opening.choice, self.caller))

    def follow(self, menu: Menu, choice: Choice) -> Answer:
        """What a choice says."""
        if choice.play is not None:
            self.says.append(Heard("before", choice.play))
        if choice.act == REPEAT.act:
            self.asked.note("attendant.repeat", menu.record)
            return self.play(menu, played=self.at.played)
        following = menu_by_id(self.line.menus, choice.menu) if choice.act == "menu" else None
        if following is not None:
            return self.open(following)
        return self.leave(carried_out(self.asked, self.line, menu, choice, self.caller))

    def again(self, menu: Menu, event: str) -> Answer:
        """Nothing, or nothing that is there, was pressed: the menu is played again, and at last the choice is made."""
        timed_out = event == TIMEOUT
        self.asked.note("attendant.timeout" if timed_out else "attendant.wrong", menu.record)
        sound = menu.on_timeout if timed_out else menu.on_wrong
        self.says.append(Heard("timeout" if timed_out else "wrong", sound, menu.language))
        if self.at.played < menu.max_loops:
            return self.play(menu, played=self.at.played + 1)
        self.asked.note("attendant.played_out", menu.record, times=menu.max_loops)
        choice = menu.choices.get(event, HANG_UP)
        return self.follow(menu, HANG_UP if choice.act == REPEAT.act else choice)


def enter(plan: Plan, call: Call, line: int, now: datetime) -> Answer:
    """What a call to the attendant of `line` (its id) meets at `now` (UTC)."""
    visit = visiting(plan, call, Position(line, None), now)
    return visit.open(root_of(visit.line))


def press(plan: Plan, call: Call, at: Position, event: str, now: datetime) -> Answer:
    """What happens when `event` (of `centrex.routing.menus.EVENTS`) comes while the caller is `at` a menu."""
    visit = visiting(plan, call, replace(at, moves=at.moves + 1), now)
    menu = menu_by_id(visit.line.menus, at.menu) or root_of(visit.line)
    if visit.at.moves > MOST_MOVES:
        visit.asked.note("attendant.too_many", menu.record)
        return visit.follow(menu, HANG_UP)
    if event in KEYS and event in menu.choices:
        visit.asked.note("attendant.key", menu.record, key=event)
        return visit.follow(menu, menu.choices[event])
    if event == FAX_TONE:
        return visit.follow(menu, menu.choices.get(FAX_TONE, REPEAT))
    return visit.again(menu, event if event == TIMEOUT else WRONG)


def key_in(plan: Plan, call: Call, at: Position, digits: str, now: datetime) -> Answer:
    """What was keyed until no further digit came: a choice of the menu, or an extension where it allows that."""
    visit = visiting(plan, call, at, now)
    menu = menu_by_id(visit.line.menus, at.menu) or root_of(visit.line)
    is_choice = len(digits) == 1 and digits in menu.choices
    if is_choice or not menu.dial_extensions or len(digits) > menu.max_extension_digits:
        return press(plan, call, at, digits if is_choice else WRONG, now)
    return dial_extension(plan, call, at, digits, now)


def dial_extension(plan: Plan, call: Call, at: Position, digits: str, now: datetime) -> Answer:
    """An extension that the caller knows, or found by name; one that is not there is a wrong choice."""
    visit = visiting(plan, call, replace(at, moves=at.moves + 1), now)
    menu = menu_by_id(visit.line.menus, at.menu) or root_of(visit.line)
    is_there = plan.line_of_extension(digits) is not None and not leads_back(visit.asked, visit.line, digits)
    if not is_there or visit.at.moves > MOST_MOVES:
        return press(plan, call, at, WRONG, now)
    return visit.leave(transferred(visit.asked, visit.line, menu, digits, visit.caller))


def visiting(plan: Plan, call: Call, at: Position, now: datetime) -> Visit:
    """The question of a call that is inside a line's menus."""
    phone = plan.lines.get(call.line) if call.line is not None else None
    caller = caller_inside(phone) if phone else Caller(call.caller, call.name, hidden=not call.caller)
    return Visit(Asked(plan, call, now), plan.lines[at.line], at, caller)
