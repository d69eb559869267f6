"""Filters and Hours, number filters: the customer names lists of numbers that the rules of his lines share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import NumberFilter
from centrex.operations.filters import delete_filter, save_filter
from centrex.pages.typed_number import typed_number, without_separators
from centrex.pages.what_if.panel import TriesForm, from_outside
from centrex.queries.lines import first_line
from centrex.queries.screening import rules_with, with_filter_uses
from centrex.routing.patterns import is_pattern
from selfcare import formats
from selfcare.crud.forms import CustomerModelForm
from selfcare.crud.tables import ActionsColumn, BaseTable, Column, FlagColumn, LinkColumn, NumberColumn
from selfcare.crud.views import AddPage, DeletePage, EditPage, ListPage

SHOWN = 3
LONGEST_SHORT_NUMBER = 6
WILD = "xX_%"


def edit(number_filter: NumberFilter) -> str:
    return reverse("centrex:filter-edit", args=[number_filter.pk])


def change(number_filter: NumberFilter) -> list[tuple[str, str, Any]]:
    return [
        (edit(number_filter), "pencil", _("Edit")),
        (reverse("centrex:filter-delete", args=[number_filter.pk]), "trash", _("Delete")),
    ]


class PatternsColumn(Column):
    """The first few numbers, and how many more there are."""

    def draw(self, value: Any, record: NumberFilter) -> SafeString:
        patterns = value.split()
        if len(patterns) <= SHOWN:
            return super().draw(value, record)
        facts = {"list": ", ".join(patterns[:SHOWN]), "number": formats.number(len(patterns) - SHOWN)}
        return conditional_escape(__("%(list)s and %(number)s more") % facts)

    def plain(self, value: Any, record: NumberFilter) -> str:
        return ", ".join(value.split())


class FiltersTable(BaseTable):
    name = LinkColumn(to=edit, verbose_name=_("Name"))
    patterns = PatternsColumn(verbose_name=_("Numbers"), orderable=False)
    anonymous = FlagColumn(verbose_name=_("Hidden callers"))
    uses = NumberColumn(verbose_name=_("Used by rules"))
    actions = ActionsColumn(changes=change)

    class Meta(BaseTable.Meta):
        model = NumberFilter
        fields = ("name", "patterns", "anonymous", "uses")


class FilterForm(CustomerModelForm):
    class Meta:
        model = NumberFilter
        fields = ("name", "patterns", "anonymous")
        widgets = {"patterns": forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})}
        help_texts = {
            "name": _("Such as “Important customers” or “Sales calls”."),
            "patterns": _(
                "One a line: a number such as +44 20 7946 0000 or 201, or the beginning of numbers with % at its end,"
                " such as 4420%. An x stands for any one digit: 12125550xxx."
            ),
            "anonymous": _("The filter also matches callers who do not send their number."),
        }

    def clean_patterns(self) -> str:
        """Each line as the engine compares it: E.164 without plus, or a pattern of it; one a line, each once."""
        country = str(self.request.customer.country or "")
        found: dict[str, None] = {}
        mistakes = []
        for place, text in enumerate(self.cleaned_data["patterns"].splitlines(), start=1):
            if not text.strip():
                continue
            pattern = typed_pattern(text, country)
            why = why_not(pattern)
            if why:
                mistakes.append(
                    __("Line %(line)s, “%(text)s”: %(why)s") % {"line": place, "text": text.strip()[:40], "why": why}
                )
            found[pattern] = None
        if mistakes:
            raise ValidationError(mistakes)
        return "\n".join(found)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "patterns" in values and not values["patterns"] and not values.get("anonymous"):
            self.add_error(
                "patterns", _("Enter a number, or tick that hidden callers are meant: else no call matches.")
            )
        return values


def typed_pattern(text: str, country: str) -> str:
    """What was typed, without separators; a whole number as E.164."""
    plain = without_separators(text).removeprefix("+")
    if any(sign in plain for sign in WILD):
        return plain.lower().replace("_", "x")
    return typed_number(text, country) or plain


def why_not(pattern: str) -> str:
    """What is wrong with a pattern; empty when nothing is."""
    if not is_pattern(pattern):
        return __("use digits, x for any one digit, and % only at the end.")
    if pattern.startswith("0") and (len(pattern) > LONGEST_SHORT_NUMBER or "%" in pattern):
        return __("begin with the country code, such as 4420% in place of 020%.")
    return ""


class List(ListPage):
    page = "centrex:filters"
    title = _("Number filters")
    intro = _("Lists of numbers with a name. The rules of your phone lines use them to tell callers apart.")
    model = NumberFilter
    table_class = FiltersTable
    template_name = "centrex/filter/list.html"
    add_url, add_label = "centrex:filter-add", _("Add number filter")
    empty = _("There is no list of numbers yet. Make one for important customers, or for callers you do not want.")

    def get_queryset(self) -> QuerySet[NumberFilter]:
        return with_filter_uses(super().get_queryset())


class Add(TriesForm, AddPage):
    page = "centrex:filters"
    title = _("Add number filter")
    intro = _("Afterwards use it in Call Screening of a phone line.")
    model = NumberFilter
    form_class = FilterForm

    def usual_call(self) -> dict[str, Any]:
        return from_outside(self.request.customer, first_line(self.request.customer))

    def save(self, form: FilterForm) -> NumberFilter:
        return save_filter(user=self.request.user, number_filter=form.instance, version=None)


class Edit(TriesForm, EditPage):
    """Who may not change it may still look at it."""

    page = "centrex:filters"
    title = _("Number filter")
    model = NumberFilter
    form_class = FilterForm
    template_name = "centrex/filter/form.html"
    always_changes = False

    def usual_call(self) -> dict[str, Any]:
        """A call to a line whose rules use it, if there is one."""
        customer, rules = self.request.customer, rules_with(self.object)
        return from_outside(customer, rules[0].line if rules else first_line(customer))

    def save(self, form: FilterForm) -> NumberFilter:
        version = form.cleaned_data.get("version")
        return save_filter(user=self.request.user, number_filter=form.instance, version=version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"rules": rules_with(self.object)} | kwargs))


class Delete(DeletePage):
    page = "centrex:filters"
    title = _("Delete number filter")
    model = NumberFilter
    template_name = "centrex/filter/delete.html"

    def save(self, form: Any) -> None:
        delete_filter(user=self.request.user, number_filter=self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"rules": rules_with(self.object)} | kwargs))
