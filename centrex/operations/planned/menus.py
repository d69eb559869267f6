"""A menu of an auto attendant as a state that can be planned: its own fields, and each event for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import Menu, MenuChoice
from centrex.operations.attendant import FIELDS, Wanted
from centrex.operations.attendant.menus import typed
from centrex.queries.planned import CHOICE, choices_state
from selfcare.errors import Refused

LINKS = ("huntgroup", "next_menu", "play")


def menu_state(menu: Menu) -> dict[str, Any]:
    """The fields and the choices of a menu; an event that nothing is set for is left out."""
    own: list[Any] = [Menu._meta.get_field(name) for name in FIELDS]
    return {field.name: getattr(menu, field.attname) for field in own} | choices_state(menu)


def take_fields(menu: Menu, state: Mapping[str, Any]) -> None:
    """Make the fields those of the state; Refused when it names something that is gone."""
    for name in FIELDS:
        setattr(menu, name, found(Menu, name, state[name]))


def choices_in(state: Mapping[str, Any]) -> dict[str, Wanted]:
    """The choices of a state as somebody would type them; Refused when one leads to something that is gone."""
    rows = {name.removeprefix(CHOICE): row for name, row in state.items() if name.startswith(CHOICE) and row}
    return {
        event: Wanted(row["act"], typed(row["number"]), **{name: found(MenuChoice, name, row[name]) for name in LINKS})
        for event, row in rows.items()
    }


def found(model: Any, name: str, value: Any) -> Any:
    """A plain value itself, and the record of an id."""
    field = model._meta.get_field(name)
    if not field.is_relation or value is None:
        return value
    record = field.related_model._base_manager.filter(pk=value).first()
    if record is None:
        raise Refused(_("The planned %(label)s no longer exists.") % {"label": field.verbose_name})
    return record
