"""A line's Auto Attendant: on or off, its menus, all of it drawn as a tree, and dial by name to try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.operations.attendant import inherit_attendant, save_attendant
from centrex.pages.line.attendant_drawing import draw_tree
from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.pages.what_if.links import url_of
from centrex.queries.attendant_tree import Node, tree_of
from centrex.queries.attendant_words import choices_in_order
from centrex.queries.attendants import people_in
from centrex.queries.plans import plan_of
from centrex.routing import directory
from centrex.routing.engine.attendant import root_of
from centrex.routing.engine.matching import fits_time
from centrex.routing.features import AutoAttendant
from centrex.routing.menus import KEYS, Menu
from centrex.routing.plan import Line as RoutedLine
from centrex.routing.plan import Plan, Record
from selfcare.crud.forms import FilterForm

SEARCH = (
    ("last", _("Last name")),
    ("first", _("First name")),
    ("both", _("First or last name")),
)


class AttendantForm(FeatureForm):
    feature = AutoAttendant
    search_by = forms.ChoiceField(
        label=_("Dial by name asks for"),
        choices=SEARCH,
        help_text=_("Which name callers key the first three letters of, such as 667 for Morgan."),
    )
    confirm = forms.BooleanField(
        label=_("Ask before it rings"),
        required=False,
        help_text=_("Where only one name matches, the caller hears it and presses 1 to call. Off: it rings at once."),
    )


class DigitsForm(FilterForm):
    """What a caller keys to find somebody."""

    digits = forms.RegexField(
        r"\A[2-9]{1,15}\Z",
        label=_("Keys"),
        max_length=15,
        error_messages={"invalid": _("Enter the keys 2 to 9, such as 667.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "667"}),
    )


@dataclass(frozen=True, slots=True)
class MenuRow:
    """A menu in the list; `pk` None while nobody has changed what comes with the attendant."""

    menu: Menu
    active: bool
    keys: int

    @property
    def pk(self) -> int | None:
        return self.menu.id


class Attendant(FeaturePage):
    section = "centrex:line-attendant"
    intro = _("A voice answers this line and lets callers choose: “For Sales, press 1.”")
    form_class = AttendantForm
    template_name = "centrex/line/attendant.html"

    def save(self, form: AttendantForm) -> Line:
        if form.inherits:
            return inherit_attendant(**self.act(form))
        return save_attendant(**self.act(form), values=form.values(), enabled=form.cleaned_data["enabled"])

    @cached_property
    def plan(self) -> Plan:
        return plan_of(self.request.customer.office, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = self.plan.lines[self.object.pk]
        tree = tree_of(self.plan, line)
        shown = {
            "menus": [*self.rows(line)],
            "tree": tree,
            "outline": [*outline(tree)],
            "drawing": draw_tree(tree, self.url_of),
            **self.found(),
        }
        return super().get_context_data(**(shown | kwargs))

    def rows(self, line: RoutedLine) -> Iterator[MenuRow]:
        """ROOT first, then the others by name."""
        root, now = root_of(line), timezone.now()
        others = sorted((menu for menu in line.menus if menu.id != root.id), key=lambda menu: menu.name)
        for menu in (root, *others):
            keys = sum(event in KEYS for event, _choice in choices_in_order(menu))
            yield MenuRow(menu, fits_time(menu.times, now, line.zone), keys)

    def found(self) -> dict[str, Any]:
        """Whom the keys in the address find, and what to key for everybody."""
        values = self.kept()
        people = people_in(self.plan)
        form = DigitsForm(self.request.GET if "digits" in self.request.GET else None)
        found = {
            "try_form": form,
            "people": [(person, directory.first_keys(person, values.search_by)) for person in people],
        }
        if form.is_bound and form.is_valid() and form.cleaned_data["digits"]:
            matches = directory.find(people, form.cleaned_data["digits"], by=values.search_by)
            found |= {"offer": directory.offer(matches, confirm=values.confirm), "matches": matches}
        return found

    def kept(self) -> AutoAttendant:
        """What counts for the line as it is kept."""
        return self.plan.lines[self.object.pk].feature(AutoAttendant).values

    def url_of(self, record: Record | None) -> str:
        return url_of(self.request, record)


def outline(nodes: list[Node], above: str = "") -> Iterator[tuple[str, Node]]:
    """The tree as a list for screen readers: where a box hangs, and the box."""
    for node in nodes:
        yield (above, node)
        yield from outline(node.children, node.box.title)
