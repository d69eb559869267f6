"""Rows of the database with an overlay over them, in memory only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from centrex.models import Extension, FeatureSetting, ForwardNumber, Huntgroup, Line, Menu, Schedule
from centrex.queries.planned import CHOICE, MENU, Overlay, Values, own_values
from centrex.queries.sip_proxies import proxies_by_id
from centrex.routing.features import FEATURES, ForwardOptions
from centrex.routing.hunting import Inclusion, Member


def said_otherwise(rows: Iterable[FeatureSetting], parts: Mapping[str, Values]) -> list[FeatureSetting]:
    """What a line says of its features, with the parts that are otherwise."""
    said = {row.name: row for row in rows}
    for name, values in parts.items():
        if name not in FEATURES:
            continue  # Call Screening has rows of its own
        if name == ForwardOptions.NAME:
            own = {key: value for key, value in values.items() if key not in ("mode", "numbers") and value is not None}
            state = own_values(said.get(name), ForwardOptions) | own | {"own": True}
        else:
            state = own_values(said.get(name), FEATURES[name]) | dict(values)
        if state.pop("own"):
            said[name] = as_row(name, state)
        else:
            said.pop(name, None)
    return list(said.values())


def as_row(name: str, state: dict[str, Any]) -> FeatureSetting:
    """A line's own setting, not saved; `line_id` only says that it is a line's."""
    values = {key: value for key, value in state.items() if key != "enabled" and value is not None}
    return FeatureSetting(line_id=0, name=name, enabled=state.get("enabled", True), values=values)


def forwarding_otherwise(
    line: Line, numbers: Iterable[ForwardNumber], parts: Mapping[str, Values]
) -> Iterable[ForwardNumber]:
    """The line's mode is set as it will be; gives the rows of its list, not saved."""
    values = parts.get(ForwardOptions.NAME, {})
    line.forwarding = values.get("mode", line.forwarding)
    if values.get("numbers") is None:
        return numbers
    proxies = proxies_by_id()
    return [
        ForwardNumber(line_id=line.pk, position=place, **(dict(row) | {"proxy": proxies.get(str(row["proxy"] or ""))}))
        for place, row in enumerate(values["numbers"], start=1)
    ]


def group_otherwise(group: Huntgroup, parts: Mapping[str, Values]) -> None:
    """A huntgroup's own fields."""
    for name, value in parts.get("huntgroup", {}).items():
        field: Any = Huntgroup._meta.get_field(name)
        setattr(group, field.attname, value)


def menus_otherwise(rows: Iterable[Menu], overlay: Overlay) -> list[Menu]:
    """Menus with the fields and the choices that will be otherwise; hours that are gone since are not taken."""
    rows = list(rows)
    for row in rows:
        values = dict(overlay.of(MENU, row.pk).get("menu", {}))
        if "schedule" in values:
            wanted = values.pop("schedule")
            row.schedule = Schedule.objects.filter(pk=wanted).first() if wanted is not None else None
        choices = {each["event"]: each for each in row.choices}  # type: ignore[attr-defined]  # by menu_rows
        for name, value in values.items():
            if name.startswith(CHOICE):
                event = name.removeprefix(CHOICE)
                choices[event] = value and choice_row(event, value)
            else:
                field: Any = Menu._meta.get_field(name)
                setattr(row, field.attname, value)
        row.choices = [each for each in choices.values() if each]  # type: ignore[attr-defined]
    return rows


def choice_row(event: str, value: Values) -> dict[str, Any]:
    """A planned choice as `menu_rows` reads those that are kept."""
    names = {"act": "act", "number": "number", "group": "huntgroup", "menu": "next_menu", "play": "play"}
    return {"event": event} | {name: value[kept] for name, kept in names.items()}


def contents_otherwise(
    contents: Values,
    members: tuple[Member, ...],
    included: tuple[Inclusion, ...],
    *,
    extensions: Collection[int],
    groups: Collection[int],
) -> tuple[tuple[Member, ...], tuple[Inclusion, ...]]:
    """Whom a huntgroup rings itself, and which groups are inside it, as far as they still exist."""
    if "members" in contents:
        members = tuple(
            Member(row["extension"], row["ring_delay"], row["ring_time"], row["ignore_forwarding"])
            for row in contents["members"]
            if row["extension"] in extensions
        )
    if "included" in contents:
        included = tuple(
            Inclusion(row["huntgroup"], row["ignore_forwarding"])
            for row in contents["included"]
            if row["huntgroup"] in groups
        )
    return members, included


def primaries_otherwise(group: Huntgroup, contents: Values, extensions: Mapping[int, Extension]) -> None:
    """Whose primary group it is."""
    if "members" not in contents:
        return
    primary = {row["extension"] for row in contents["members"] if row["primary"]}
    for extension in extensions.values():
        if extension.pk in primary:
            extension.primary_group = group
        elif extension.primary_group_id == group.pk:
            extension.primary_group = None
