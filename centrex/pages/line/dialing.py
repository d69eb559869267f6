"""A line's Dialing Rules: its office's, or its own for a phone somewhere else, with the same panel to try them."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centrex.models import DialingRules, Line
from centrex.operations.line_dialing import save_line_dialing
from centrex.pages.dialing.rules import Checked, DialingForm
from centrex.pages.line.section import INHERIT, OWN, LineForm, from_where, own_choices, own_of
from centrex.queries.dialing import as_row
from centrex.queries.features import effective_of, inherited_of
from centrex.routing.features import Dialing as DialingFeature
from centrex.routing.features import Effective


class LineDialingForm(DialingForm):
    """The office's form over a record that is never saved; the line's own rules are kept with the line."""

    switchable = True
    own = forms.ChoiceField(label=_("This line"))

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        self.line = line
        self.counts = effective_of(line, DialingFeature)
        self.inherited = inherited_of(line, DialingFeature)
        kwargs["initial"] = {"own": own_of(self.counts)} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        del self.fields["name"]
        self.fields["own"].choices = own_choices(self.inherited, switchable=True)
        self.fields["version"].initial = line.version
        if self.counts.locked_by is not None:
            for field in self.fields.values():
                field.disabled = True
        of_office = [part for part in self.helper.layout.fields if part != "version"]
        of_office[0].fields.remove("name")
        self.helper.layout = Layout(
            HTML("{% include 'centrex/line/counts.html' %}"),
            "own",
            Div(*of_office, css_class="switched", data_shown_with="own", data_shown_if=OWN),
            "version",
        )

    def facts(self) -> list[tuple[str, str]]:
        """What the line inherits is on the office's page."""
        return []

    @property
    def inherits(self) -> bool:
        """Whether the line says nothing itself, by what was typed."""
        return self.is_bound and self.cleaned_data.get("own") == INHERIT

    @property
    def row(self) -> DialingRules:
        return as_dialing_row(self.line, self.inherited) if self.inherits else self.instance

    def _post_clean(self) -> None:
        """What is typed beside "inherits" does not count, so it cannot be wrong either."""
        if self.cleaned_data.get("own") == INHERIT:
            for name in DialingForm.Meta.fields:
                self._errors.pop(name, None)
        else:
            super()._post_clean()

    def take_current_version(self) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix("version")] = Line.for_customer(self.request.customer).get(pk=self.line.pk).version

    def labels(self) -> dict[str, str]:
        """The words of the page for the line's history."""
        words = {name: str(field.label) for name, field in self.fields.items()}
        renamed = {"international_prefixes": words["international_prefix"], "custom": words["custom_rule"]}
        return words | renamed | {"source": str(_("Comes from"))}


def as_dialing_row(line: Line, counts: Effective[DialingFeature]) -> DialingRules:
    """What counts for a line as a record of rules."""
    return as_row(line.customer, counts.values, enabled=counts.enabled)


class Dialing(Checked, LineForm):
    section = "centrex:line-dialing"
    tries_out = True
    form_id = "dialing"
    part_name = DialingFeature.NAME
    intro = _("How people dial at this phone: as in your office, or as where the phone is.")
    form_class = LineDialingForm
    template_name = "centrex/dialing/rules.html"

    @cached_property
    def counts(self) -> Effective[DialingFeature]:
        return effective_of(self.object, DialingFeature)

    def saved_row(self) -> DialingRules:
        return as_dialing_row(self.object, self.counts)

    def get_initial(self) -> dict[str, Any]:
        return {"own": OWN} if self.sample else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.row_to_begin_with(), "line": self.object}

    def save(self, form: LineDialingForm) -> Line:
        return save_line_dialing(
            user=self.request.user,
            line=self.object,
            version=form.cleaned_data.get("version"),
            rules=None if form.inherits else form.instance,
            labels=form.labels(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**(from_where(self.request, self.object, self.counts, DialingFeature) | kwargs))
