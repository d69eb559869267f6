"""The menus of an auto attendant as plain values: what is heard, and what each event leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a plan is made of menus
    from centrex.routing.plan import Record, TimeFilter

ROOT = "ROOT"
KEYS = "1234567890*#"
TIMEOUT, WRONG, FAX_TONE, NOT_ACTIVE = "timeout", "unavailable", "fax", "not_active"
EVENTS = (*KEYS, TIMEOUT, WRONG, FAX_TONE, NOT_ACTIVE)


@dataclass(frozen=True, slots=True)
class Choice:
    """What an event leads to: `act` is one of `centrex.models.attendant.Act`; `group` and `menu` are ids.

    `play` is a sound by its id that is heard first.
    """

    act: str
    number: str = ""
    group: int | None = None
    menu: int | None = None
    play: int | None = None


REPEAT, HANG_UP = Choice("repeat"), Choice("hang_up")


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu; `times` None is always active. Sounds are ids, None for the built-in text; times are seconds.

    `language` is a code such as "de" for what the built-in voice says, empty for the company's.
    It is played `max_loops` times before what is set for nothing pressed, or a wrong choice, happens. The `record` of a
    menu that nobody has changed yet is the line's attendant.
    """

    record: Record
    times: TimeFilter | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict)
    intro: int | None = None
    prompt: int | None = None
    on_timeout: int | None = None
    on_wrong: int | None = None
    first_digit_seconds: int = 10
    next_digit_seconds: int = 3
    max_loops: int = 3
    dial_extensions: bool = True
    max_extension_digits: int = 4
    language: str = ""

    @property
    def id(self) -> int | None:
        return self.record.id if self.record.kind == "menu" else None

    @property
    def name(self) -> str:
        return self.record.name


def menu_by_id(menus: Sequence[Menu], pk: int | None) -> Menu | None:
    """The menu of that id; None is the first one that calls enter."""
    if pk is None:
        return next((menu for menu in menus if menu.name == ROOT), None)
    return next((menu for menu in menus if menu.id == pk), None)
