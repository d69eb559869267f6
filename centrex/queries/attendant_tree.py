"""An auto attendant as a tree, from the menu that calls enter down to what each event leads to.

Each menu is shown once with what is in it; wherever else a choice leads to it, it is only named. So circles end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from centrex.queries.attendant_words import choice_box, choices_in_order, event_name, short_name
from centrex.queries.call_flow_parts import Box
from centrex.routing.engine.attendant import root_of
from centrex.routing.menus import Menu, menu_by_id
from centrex.routing.plan import Line, Plan


@dataclass(slots=True)
class Node:
    """A box of the tree; `event` is what leads here, as it stands before the box, `words` the same for the outline.

    `is_reference`: the menu is drawn elsewhere.
    """

    box: Box
    event: str = ""
    words: str = ""
    is_reference: bool = False
    children: list[Node] = field(default_factory=list)


def tree_of(plan: Plan, line: Line) -> list[Node]:
    """The tree that begins with ROOT, and after it one for each menu that nothing leads to."""
    drawn: set[int | None] = set()
    roots = [root_of(line), *line.menus]
    return [menu_node(plan, line, menu, drawn) for menu in first_ones(line, roots) if menu.id not in drawn]


def first_ones(line: Line, menus: list[Menu]) -> list[Menu]:
    """ROOT, then menus that no other one leads to, then all others: circles that nothing leads into."""
    led_to = {choice.menu for menu in line.menus for choice in menu.choices.values() if choice.act == "menu"}
    return sorted(menus, key=lambda menu: (menu is not menus[0], menu.id in led_to, menu.name))


def menu_node(plan: Plan, line: Line, menu: Menu, drawn: set[int | None]) -> Node:
    """A menu with everything in it that is not drawn yet."""
    drawn.add(menu.id)
    detail = _("Active: %(times)s") % {"times": menu.times.record.name} if menu.times else _("Always active")
    node = Node(Box("caller", menu.name, detail, menu.record))
    for event, choice in choices_in_order(menu):
        following = menu_by_id(line.menus, choice.menu) if choice.act == "menu" else None
        child = Node(choice_box(plan, line, choice))
        if following is not None and following.id in drawn:
            child = Node(Box("rule", following.name, _("Menu, drawn above"), following.record), is_reference=True)
        elif following is not None:
            child = menu_node(plan, line, following, drawn)
        child.event, child.words = short_name(event), event_name(event)
        node.children.append(child)
    return node
