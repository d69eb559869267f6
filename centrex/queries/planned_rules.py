"""A line's screening rules as a state that can be planned: each field of each rule for itself, and their order.

A field is named by the id of its rule, such as "7.enabled"; "7.there" says that there is such a rule. `FIRST` are the
ids of the shortest beginning of the list after which they only rise, which is how rules are added: so a rule more or
less is nobody else's affair, and two plans that each add one are not in each other's way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db.models import prefetch_related_objects

from centrex.models import Line, ScreeningRule
from centrex.queries.planned import Overlay, Values

PART = "screening"
FIRST, THERE = "first", "there"
FIELDS = ("enabled", "name", "callers_id", "called_id", "times_id", "action", "number", "message_id")
LINKS = ("callers", "called", "times", "message")


def screening_state(line: Line) -> dict[str, Any]:
    """The rules of a line as JSON values."""
    return rules_state(line.screening_rules.order_by("position"))


def rules_state(rules: Iterable[ScreeningRule]) -> dict[str, Any]:
    """These rules, in their order, as JSON values."""
    rows = list(rules)
    state: dict[str, Any] = {FIRST: first_of([row.pk for row in rows])}
    for row in rows:
        state[f"{row.pk}.{THERE}"] = True
        state |= {f"{row.pk}.{name}": value for name, value in values_of(row).items()}
    return state


def values_of(rule: ScreeningRule) -> dict[str, Any]:
    """What people set in a rule."""
    return {name: getattr(rule, name) for name in FIELDS}


def first_of(ids: Sequence[int]) -> list[int]:
    """The shortest beginning after which the ids only rise."""
    falls = [place for place, (one, next_one) in enumerate(pairwise(ids), start=1) if one > next_one]
    return list(ids[: falls[-1]]) if falls else []


def head_of(name: str) -> str:
    """The field that decides whether the others of its rule count at all; empty for the order."""
    key, dot, _field = name.partition(".")
    return f"{key}.{THERE}" if dot else ""


def rules_in(state: Values) -> dict[int, dict[str, Any]]:
    """The rules of a state in their order: id -> what is set in each."""
    found = {key: values for key, values in by_rule(state).items() if values.pop(THERE, None)}
    first = [key for key in state[FIRST] if key in found]
    rest = sorted(found.keys() - set(first))
    return {key: {name: found[key].get(name) for name in FIELDS} for key in [*first, *rest]}


def deleted_in(state: Values) -> bool:
    """Whether the state changes a rule that there is no more."""
    return any(
        not values.get(THERE) and any(value is not None for value in values.values())
        for values in by_rule(state).values()
    )


def by_rule(state: Values) -> dict[int, dict[str, Any]]:
    """What a state says of each rule, by its id."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for name, value in state.items():
        key, dot, field = name.partition(".")
        if dot:
            found[int(key)][field] = value
    return found


def rules_otherwise(rows: Sequence[ScreeningRule], overlay: Overlay) -> Sequence[ScreeningRule]:
    """The rules of lines in their order, with those that are otherwise, not saved; no query where none is.

    A rule whose filter, hours or message is gone since is left out: it will not come about.
    """
    planned = {line: parts[PART] for line, parts in overlay.lines() if PART in parts}
    if not planned:
        return rows
    by_line: dict[int, list[ScreeningRule]] = defaultdict(list)
    for row in rows:
        by_line[row.line_id].append(row)
    for line, values in planned.items():
        by_line[line] = rows_of(line, by_line[line], values)
    found = [row for each in by_line.values() for row in each]
    prefetch_related_objects(found, "line", *LINKS)
    return [row for row in found if hasattr(row, "line") and not names_the_gone(row)]


def rows_of(line: int, rows: Iterable[ScreeningRule], values: Values) -> list[ScreeningRule]:
    """The rules of one line with the planned values over them, in their order."""
    kept = {row.pk: row for row in rows}
    wanted = rules_in({**rules_state(kept.values()), **values})
    return [with_values(kept.get(pk) or ScreeningRule(pk=pk, line_id=line), each) for pk, each in wanted.items()]


def with_values(rule: ScreeningRule, values: Mapping[str, Any]) -> ScreeningRule:
    for name, value in values.items():
        setattr(rule, name, value)
    return rule


def names_the_gone(rule: ScreeningRule) -> bool:
    """Whether it names something that does not exist; what it names has been fetched."""
    return any(getattr(rule, f"{name}_id") is not None and getattr(rule, name) is None for name in LINKS)
