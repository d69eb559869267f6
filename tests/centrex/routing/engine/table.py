"""Tables of (plan, call, now) -> decision: each row shows what a setting of a page does, with it or without it.

    test_pickup = table(
        setting(
            "Group Pickup", "CompanySettings.pickup_enabled", page="centrex:incoming",
            with_=[row("its code takes the call", code(Service.PICKUP, "*77"), dials("*77"), rings="pickup 88")],
            without=[row("its code is no number", no_codes, dials("*77"), refused="not_recognised")],
        ),
    )

A row starts from the office of `office.py`; its changes (`changes.py`) are made one after the other. What it expects
is named in `VIEWS`. A test that is no row says what it shows by `@shows("Disa.pin_hash", page="centrex:line-disa")`.
From both `tests/settings_table.py` writes docs/settings.md, and `tests/house/test_settings.py` asks for every setting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from centrex.routing.engine import Call, Decision, decide
from centrex.routing.engine.calls import Target
from centrex.routing.plan import Plan
from tests.centrex.routing.engine.office import ALICE, MONDAY_NOON, office

Change = Callable[[Plan], Plan]
CALLER = "442079460000"
NAMES = {"12125550101": "alice", "12125550102": "bob", "12125550104": "dana", "493055501": "berta"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the office changed, a call at a time, and what comes of it."""

    what: str
    changes: tuple[Change, ...]
    call: Call
    now: datetime
    expected: Mapping[str, object]

    def decision(self) -> Decision:
        plan = office()
        for change in self.changes:
            plan = change(plan)
        return decide(plan, self.call, self.now)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a page sets: its words there, the fields that keep it, the url name of the page, and what shows it."""

    words: str
    fields: tuple[str, ...]
    page: str
    with_: tuple[Row, ...] = ()
    without: tuple[Row, ...] = ()

    def cases(self) -> Iterator[tuple[str, str, Row]]:
        """Each row, whether it is "with" or "without", and the end of its test's id."""
        for when, rows in (("with", self.with_), ("without", self.without)):
            yield from ((when, f"{self.fields[0]}-{when}-{each.what}", each) for each in rows)


def setting(words: str, *fields: str, page: str, with_: Sequence[Row], without: Sequence[Row]) -> Setting:
    """A setting and the rows that show it; `fields` such as "Huntgroup.sequence" or "Barring.enabled"."""
    assert fields, f"{words}: with and without it, and the field that keeps it"
    assert with_, f"{words}: no row with it"
    assert without, f"{words}: no row without it"
    return Setting(words, fields, page, tuple(with_), tuple(without))


def row(what: str, *changes: Change | Call, at: datetime = MONDAY_NOON, **expected: object) -> Row:
    """The changes of the office, the call as the last of them, and what is expected by the names of `VIEWS`."""
    *changed, call = changes
    assert isinstance(call, Call), f"{what}: the last is the call"
    assert expected, f"{what}: expects nothing"
    return Row(what, tuple(changed), call, at, expected)  # type: ignore[arg-type]


def dials(number: str, *, line: int = ALICE, **values: Any) -> Call:
    """Somebody of the office calls; Alice if nobody else is named."""
    return Call(number, line=line, **values)


def outside(number: str = "12125550999", **values: Any) -> Call:
    """Somebody outside calls a number of the office, Bob's if no other is named."""
    return Call(number, **({"caller": CALLER} | values))


def table(*settings: Setting) -> Callable[[Row], None]:
    """The test of these settings' rows; what it shows is kept with it, for docs/settings.md."""
    cases = [case for each in settings for case in each.cases()]
    names = [name for _when, name, _row in cases]
    assert len(names) == len(set(names)), (
        f"rows of one name: {sorted({each for each in names if names.count(each) > 1})}"
    )

    @pytest.mark.parametrize("row", [each for _when, _name, each in cases], ids=names)
    def test(row: Row) -> None:
        decision = row.decision()
        seen = {name: VIEWS[name](decision) for name in row.expected}
        assert seen == row.expected, "\n".join(str(step) for step in decision.trace)

    test.settings = settings  # type: ignore[attr-defined]
    return test


@dataclass(frozen=True, slots=True)
class Shown:
    """What a test outside the tables shows."""

    words: str
    fields: tuple[str, ...]
    page: str
    with_: bool = True
    without: bool = True


def shows(words: str, *fields: str, page: str, with_: bool = True, without: bool = True) -> Callable[[Any], Any]:
    """Marks a test that shows the effect of a setting in another way than a row; by default both with and without."""

    def mark(test: Any) -> Any:
        test.shows = (*getattr(test, "shows", ()), Shown(words, fields, page, with_, without))
        return test

    return mark


def name_of(target: Target) -> str:
    """A person's name for a phone, the number or address outside, or the service and what it is about."""
    if target.kind == "line":
        return NAMES.get(target.address, target.address)
    return f"{target.address} {target.called}".strip() if target.kind == "feature" else target.address


def rings(decision: Decision) -> str:
    """Who rings: "alice + bob > 19175550123"; ">" is the next step, "+" at the same time."""
    return " > ".join(" + ".join(map(name_of, step.targets)) for step in decision.steps)


def first(decision: Decision) -> Target:
    """What rings first, or answers when nothing rings."""
    found = decision.steps[0].targets[0] if decision.steps else decision.otherwise
    assert found is not None
    return found


def every(decision: Decision) -> list[Target]:
    """All that rings."""
    return [target for step in decision.steps for target in step.targets]


def seen_by(target: Target) -> str:
    """What the called person sees of the caller."""
    shown = f"{target.caller.number} {target.caller.name}".strip()
    return "hidden" if target.caller.hidden else shown


LEFT_OUT = {
    "forward.again", "forward.barred", "forward.blocked", "forward.loop", "forward.no_funds", "forward.not_assigned",
    "forward.not_now", "forward.rejected", "forward.spending_limit", "forward.too_often", "group.blocked",
    "group.no_line", "screening.left_out",
}  # fmt: skip
VIEWS: dict[str, Callable[[Decision], object]] = {
    "rings": rings,
    "then": lambda decision: decision.otherwise.address if decision.otherwise else "",
    "refused": lambda decision: str(decision.cause or ""),
    "because": lambda decision: next((step.facts["reason"] for step in decision.trace if "reason" in step.facts), ""),
    "times": lambda decision: [(each.delay, each.ring) for each in every(decision)],
    "sees": lambda decision: seen_by(first(decision)),
    "last_sees": lambda decision: seen_by(every(decision)[-1]),
    "called": lambda decision: first(decision).called,
    "last_called": lambda decision: every(decision)[-1].called,
    "headers": lambda decision: sorted(first(decision).headers),
    "limits": lambda decision: {each.key: each.max for each in decision.limits},
    "records": lambda decision: decision.record_call,
    "records_redirected": lambda decision: decision.record_redirected,
    "records_on_demand": lambda decision: decision.record_on_demand,
    "announces": lambda decision: decision.announce_recording,
    "music": lambda decision: decision.music,
    "silent": lambda decision: decision.hold_in_silence,
    "longest": lambda decision: decision.max_seconds,
    "transport": lambda decision: every(decision)[-1].transport,
    "proxy": lambda decision: every(decision)[-1].proxy,
    "must_accept": lambda decision: every(decision)[-1].must_accept,
    "sound": lambda decision: first(decision).sound,
    "ring_step": lambda decision: next((step.code for step in decision.trace if step.code.startswith("ring.")), ""),
    "only_idle": lambda decision: first(decision).only_idle,
    "last_idle": lambda decision: every(decision)[-1].only_idle,
    "last_limits": lambda decision: {each.key: each.max for each in every(decision)[-1].limits},
    "last_longest": lambda decision: every(decision)[-1].max_seconds,
    "hops": lambda decision: [each.hops for each in every(decision)],
    "each_records": lambda decision: [each.media.record for each in every(decision)],
    "box": lambda decision: decision.otherwise and decision.otherwise.box,
    "box_sound": lambda decision: decision.otherwise and decision.otherwise.sound,
    "own_box": lambda decision: first(decision).box,
    "record_codes": lambda decision: decision.record_codes,
    "box_records": lambda decision: decision.otherwise is not None and decision.otherwise.media.record,
    "last_announces": lambda decision: every(decision)[-1].media.announce,
    "last_music": lambda decision: every(decision)[-1].media.music,
    "last_silent": lambda decision: every(decision)[-1].media.in_silence,
    "behind": lambda decision: " > ".join(" + ".join(map(name_of, step.targets)) for step in decision.behind),
    "behind_records": lambda decision: [each.media.record for step in decision.behind for each in step.targets],
    "queue": lambda decision: decision.queue,
    "account": lambda decision: decision.account,
    "help": lambda decision: decision.emergency,
    "steps": lambda decision: [step.code for step in decision.trace],
    "decided_by": lambda decision: [step.record.name for step in decision.trace if step.record],
    "left_out": lambda decision: [step.code for step in decision.trace if step.code in LEFT_OUT],
}
