"""What the events of a menu led to, and what of it an undo puts back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from centrex.models import Huntgroup, Menu, MenuChoice, Sound
from centrex.operations.attendant.choices import Wanted, as_rows, words_of
from centrex.operations.attendant.menus import as_wanted, choice_changes, rows_of
from selfcare.models import AuditEvent
from selfcare.models.history import around, as_of, as_record, states
from selfcare.reversal import Step

Choices = dict[str, Wanted]


@dataclass(frozen=True, slots=True)
class ChoicesBack:
    """The choices that an undo puts back; `target` None: they are as before."""

    target: Choices | None = None
    steps: list[Step] = field(default_factory=list)


def choices_back(event: AuditEvent, menu: Menu) -> ChoicesBack:
    """Event by event: what the act changed goes back, what changed elsewhere since stays."""
    before, after = around(Menu, event.record_id, event.version)
    old, new = (choices_at(menu, state.pgh_created_at) for state in (before, after))
    now = {row.event: as_wanted(row) for row in rows_of(menu)}
    back = {key: old.get(key) for key in {**old, **new} if old.get(key) != new.get(key)}
    merged = {key: back.get(key, now.get(key)) for key in {**now, **back}}
    target = {key: wanted for key, wanted in merged.items() if wanted is not None}
    if target == now:
        return ChoicesBack()
    changes = choice_changes(words_of(as_rows(menu, now)), words_of(as_rows(menu, target)))
    steps = [Step(label, words, then, now != new) for label, (words, then) in changes.items()]
    return ChoicesBack(target, steps)


def choices_at(menu: Menu, at: datetime) -> Choices:
    """What the events led to at that moment, as far as it is kept and still there."""
    return from_states(as_of(states(MenuChoice).filter(menu=menu.pk), at))


def from_states(kept: Iterable[Any]) -> Choices:
    """Kept states as choices; one that leads to something deleted since is left out, a deleted prompt is not played."""
    rows = [as_record(MenuChoice, state) for state in kept]
    groups = Huntgroup.objects.in_bulk([row.huntgroup_id for row in rows if row.huntgroup_id])
    menus = Menu.objects.in_bulk([row.next_menu_id for row in rows if row.next_menu_id])
    sounds = Sound.objects.in_bulk([row.play_id for row in rows if row.play_id])
    found = {}
    for row in rows:
        if (row.huntgroup_id and row.huntgroup_id not in groups) or (
            row.next_menu_id and row.next_menu_id not in menus
        ):
            continue
        row.play = sounds.get(row.play_id or 0)
        row.huntgroup, row.next_menu = groups.get(row.huntgroup_id or 0), menus.get(row.next_menu_id or 0)
        found[row.event] = as_wanted(row)
    return found


def lines_of(menu: Menu, choices: Mapping[str, Wanted]) -> list[str]:
    """The choices in words, for the page that asks."""
    return [f"{event}: {words}" for event, words in words_of(as_rows(menu, choices)).items()]
