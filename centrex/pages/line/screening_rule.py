"""One rule of a line's Call Screening: which calls it is about, and what happens to them."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centrex import tasks
from centrex.models import Line, ScreeningRule, Sound
from centrex.operations.screening import delete_rule, save_rule
from centrex.pages.company_form import shown_with
from centrex.pages.line.forwarding_numbers import to_type
from centrex.pages.planned.plannable import Plannable
from centrex.pages.sounds import SoundField
from centrex.pages.what_if.panel import TriesForm, from_outside
from centrex.queries.planned_rules import FIELDS
from centrex.queries.screening import condition, rules_of_customer
from selfcare.crud.forms import ActForm, DeleteForm
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.crud.views import AddPage, DeletePage, EditPage
from selfcare.errors import Refused

ANY = {"callers": _("Any caller"), "called": _("Any of the line's numbers"), "times": _("At any time")}
ASKED_AGAIN = "<p>{% include 'centrex/line/why_password.html' %}</p>"


class OfLineVersion:
    """Mixed into forms whose record counts as a part of its line: the line's version is the one that matters."""

    def take_current_version(self) -> None:
        """After a refusal as outdated: let the next Save, made in knowledge of the change, go through."""
        current = Line._base_manager.values_list("version", flat=True).get(pk=self.instance.line_id)  # type: ignore[attr-defined]
        self.data = self.data.copy()  # type: ignore[has-type]
        self.data["version"] = current


class RuleForm(OfLineVersion, ActForm):
    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        required=False,
        help_text=_("As you would dial it from this phone, or +44 20 7946 0000, or an extension such as 201."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    file = SoundField(label=_("Upload a message"), required=False, longest=_("10 minutes"))
    password = PasswordAgain()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = ScreeningRule
        fields = ("enabled", "name", "callers", "called", "times", "action", "number", "message")
        help_texts = {
            "enabled": _("Off: the rule stays in the list, but no call is compared with it."),
            "name": _("For your list, such as “Boss at any time”."),
            "callers": _("Who calls."),
            "called": _("Which of the line's numbers was called."),
            "times": _("When the call comes, by the clock of your company."),
            "action": _("What happens when caller, called number and time all match."),
            "message": _("What the caller hears before the call ends. Or upload a new message."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in ANY.items():
            self.fields[name].empty_label = words
        messages = self.fields["message"]
        messages.queryset = messages.queryset.filter(purpose=Sound.Purpose.PROMPT).exclude(state=Sound.State.FAILED)
        self.fields["version"].initial = self.instance.line.version
        self.initial["number"] = to_type(self.instance.number)
        self.helper.layout = Layout(
            "enabled",
            "name",
            "callers",
            "called",
            "times",
            HTML("<p>{% include 'centrex/line/filters_link.html' %}</p>"),
            "action",
            shown_with("action", "number", value=ScreeningRule.Action.NUMBER),
            shown_with("action", "message", "file", value=ScreeningRule.Action.PLAY),
            "version",
        )

    def _get_validation_exclusions(self) -> set[str]:
        """What an action needs beside itself is left to the act, which takes an uploaded message in."""
        return super()._get_validation_exclusions() | {"action"}

    def refuse(self, refusal: Refused) -> None:
        """The password is asked for when it is needed only."""
        if refusal.field == "password":
            self.helper.layout.append(Div(HTML(ASKED_AGAIN), "password"))
        super().refuse(refusal)

    def labels(self) -> dict[str, str]:
        """The words for what the page can plan."""
        rule = self.instance
        return {f"{rule.pk}.{name}": str(rule) for name in FIELDS} if rule.pk else {}


class OfRule:
    """Mixed into the pages of a rule: back to the list of its line."""

    page = "centrex:lines"
    model = ScreeningRule

    def get_queryset(self) -> QuerySet[ScreeningRule]:
        return rules_of_customer(self.request.customer)  # type: ignore[attr-defined]

    @property
    def line(self) -> Line:
        line: Line = self.object.line  # type: ignore[attr-defined]
        return line

    def get_success_url(self) -> str:
        return reverse("centrex:line-screening", args=[self.line.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"intro": str(self.line), "back": self.get_success_url()}
        return super().get_context_data(**(words | kwargs))  # type: ignore[misc]


class RulePage(OfRule):
    """What adding and changing share."""

    form_class = RuleForm
    part_name = "screening"
    template_name = "centrex/line/rule.html"
    saved = _("The rule was saved.")

    @property
    def planned_record(self) -> Line:
        """The rules count as a part of their line."""
        return self.line

    def usual_call(self) -> dict[str, Any]:
        return from_outside(self.line.customer, self.line)

    def save(self, form: RuleForm) -> ScreeningRule:
        given = form.cleaned_data
        rule = save_rule(
            user=self.request.user,  # type: ignore[attr-defined]
            rule=form.instance,
            version=given.get("version"),
            message=given.get("file"),
            confirmed=given_again(self.request, given.get("password", "")),  # type: ignore[attr-defined]
            now=timezone.now(),
        )
        if given.get("file") and rule.message_id:
            tasks.convert_soon(rule.message_id)
        return rule


class Add(RulePage, TriesForm, Plannable, AddPage):
    """The address names the line that the rule is added to."""

    title = _("Add rule")

    def get_object(self, queryset: QuerySet[Line] | None = None) -> Line:
        lines = Line.for_customer(self.request.customer).select_related("customer", "extension")
        return get_object_or_404(lines, pk=self.kwargs["pk"])

    @cached_property
    def line(self) -> Line:
        return self.get_object()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": ScreeningRule(line=self.line)}


class Edit(RulePage, TriesForm, Plannable, EditPage):
    title = _("Edit rule")


class RuleDeleteForm(OfLineVersion, DeleteForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.line.version


class Delete(OfRule, DeletePage):
    title = _("Delete rule")
    form_class = RuleDeleteForm
    template_name = "centrex/line/rule_delete.html"

    def save(self, form: RuleDeleteForm) -> None:
        delete_rule(user=self.request.user, rule=self.object, version=form.cleaned_data.get("version"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"condition": condition(self.object)} | kwargs))
