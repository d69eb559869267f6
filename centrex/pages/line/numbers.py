"""A line's External Numbers: which numbers ring it, one more of the customer's free ones, and taking one off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centrex.models import Did, Line
from centrex.operations.dids import add_to_line, assign
from centrex.pages.line.section import LineForm
from centrex.queries.dids import numbers_of, unassigned
from selfcare.crud.forms import ActForm
from selfcare.crud.views import DeletePage


class NumberForm(ActForm):
    did = forms.ModelChoiceField(
        label=_("Add a number"),
        queryset=None,
        empty_label=_("Choose a number"),
        help_text=_("Your external numbers that no phone line has yet."),
    )

    class Meta:
        model = Line
        fields: list[str] = []

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.fields["did"].queryset = unassigned(request.customer)


class Numbers(LineForm):
    section = "centrex:line-numbers"
    intro = _("The numbers under which the outside world calls this line.")
    form_class = NumberForm
    template_name = "centrex/line/numbers.html"
    saved = _("The number rings this line now.")
    save_label = _("Add")

    def save(self, form: NumberForm) -> Line:
        did, version = form.cleaned_data["did"], form.cleaned_data.get("version")
        add_to_line(user=self.request.user, did=did, line=self.object, version=version)
        return self.object

    def tries_form(self, context: dict[str, Any]) -> bool:
        """Without a free number there is no form."""
        return bool(context["has_free"]) and super().tries_form(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {"numbers": numbers_of(self.object), "has_free": unassigned(self.request.customer).exists()}
        return super().get_context_data(**(facts | kwargs))


class Unassign(DeletePage):
    """Asks before a number rings this line no more; the customer keeps it."""

    page = "centrex:lines"
    title = _("Remove the number from the line")
    model = Did
    template_name = "centrex/line/unassign.html"
    saved = _("%(record)s rings no phone now.")

    def get_queryset(self) -> QuerySet[Did]:
        return super().get_queryset().filter(line=self.kwargs["line"]).select_related("line")

    @cached_property
    def line(self) -> Line:
        return self.object.line

    def save(self, form: Any) -> None:
        assign(user=self.request.user, did=self.object, line=None)

    def get_success_url(self) -> str:
        return reverse("centrex:line-numbers", args=[self.kwargs["line"]])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"line": self.line, "back": self.get_success_url()} | kwargs))
