"""A line's Call Barring: which of the ITSP's classes of numbers it cannot call."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import BarringClass, Line
from centrex.operations.barring import save_barring
from centrex.pages.line.section import OWN, FeatureForm, FeaturePage
from centrex.queries.barring import as_class, barring_classes, opened
from centrex.routing.features import Barring as BarringFeature
from centrex.routing.features import Effective, Source
from selfcare.crud.password import PasswordAgain, given_again

MOST_SHOWN = 4  # patterns of a class in its sentence


class BarringForm(FeatureForm):
    """A switch for each class, on where the line cannot call it."""

    feature = BarringFeature
    opens = False  # whether what was typed allows a dangerous class
    password = PasswordAgain()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.classes = {f"class_{row.pk}": row for row in barring_classes()}
        super().__init__(*args, **kwargs)

    def layout(self) -> Layout:
        for name, row in self.classes.items():
            self.fields[name] = forms.BooleanField(
                label=format_lazy("{bar} {name}", bar=_("Bar"), name=row.name),
                required=False,
                initial=as_class(row).is_barred_by(self.as_if_on()),
                help_text=sentence(row),
                disabled=self.counts.locked_by is not None,
                widget=forms.CheckboxInput(attrs={"role": "switch"}),
            )
        none = [] if self.classes else [HTML("{% include 'centrex/line/no_classes.html' %}")]
        return Layout(
            HTML("{% include 'centrex/line/counts.html' %}"),
            "own",
            Div("enabled", *none, *self.classes, css_class="switched", data_shown_with="own", data_shown_if=OWN),
            "version",
        )

    def as_if_on(self) -> Effective[BarringFeature]:
        """The switches of the classes keep their places while barring as a whole is off."""
        return Effective(True, self.counts.values, self.counts.source)

    def facts(self) -> list[tuple[str, str]]:
        words = {True: gettext("barred"), False: gettext("allowed")}
        states = [(row.name, as_class(row).is_barred_by(self.counts)) for row in self.classes.values()]
        return [(name, words[state]) for name, state in states]

    def values(self) -> BarringFeature:
        """Classes that stand as the ITSP has set them are not named, so that they follow it later."""
        typed = {row: self.cleaned_data[name] for name, row in self.classes.items()}
        return BarringFeature(
            barred=tuple(row.pk for row, barred in typed.items() if barred and not row.barred_by_default),
            allowed=tuple(row.pk for row, barred in typed.items() if row.barred_by_default and not barred),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and self.counts.locked_by is None:
            self.opens = bool(opened(self.counts, self.wanted()))
            if self.opens:
                self.helper.layout.append("password")
        return cleaned

    def wanted(self) -> Effective[BarringFeature]:
        """What would count after this form."""
        if self.inherits:
            return self.inherited
        return Effective(self.cleaned_data["enabled"], self.values(), Source.LINE)


def sentence(row: BarringClass) -> str:
    """Which numbers a class takes, and what the ITSP has set for it."""
    patterns = [f"+{pattern.replace('%', '…').replace('_', 'x')}" for pattern in row.patterns.split()]
    words = (
        gettext("Numbers such as %(numbers)s and others.")
        if row.matching == BarringClass.Matching.MATCHES
        else gettext("All numbers, %(numbers)s excepted.")
    )
    listed = ", ".join(patterns[:MOST_SHOWN])
    usual = gettext("Usually barred.") if row.barred_by_default else gettext("Usually allowed.")
    danger = [gettext("Allowing it asks for your password.")] if row.dangerous else []
    return " ".join([words % {"numbers": listed}, usual, *danger])


class Barring(FeaturePage):
    section = "centrex:line-barring"
    tries_out = True
    intro = _("Numbers outside that this line cannot call. Colleagues and emergency numbers can always be called.")
    form_class = BarringForm

    def save(self, form: BarringForm) -> Line:
        values = None if form.inherits else form.values()
        confirmed = form.opens and given_again(self.request, form.cleaned_data["password"])
        enabled = form.cleaned_data["enabled"]
        return save_barring(**self.act(form), values=values, enabled=enabled, confirmed=confirmed)
