"""A line's Call Screening: rules in their order, the first that matches decides.

The order of the rows in the form is the order of the rules. The arrows are carried out on what was sent and draw the
page again, so that all of it works without JavaScript; nothing is kept before Save.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import Line, NewDestination, ScreeningRule
from centrex.operations.screening import arrange_rules
from centrex.pages.line.section import LineForm
from centrex.pages.order import swapped
from centrex.queries.features import effective_of
from centrex.queries.new_destinations import cooling_on
from centrex.queries.screening import action_words, condition, default_words, rules_of_customer
from centrex.routing.features import Answering
from selfcare.crud.forms import ActForm
from selfcare.crud.password import PasswordAgain, given_again

ENABLE = _("Enable Rule")


class RuleRow(forms.Form):
    """One rule in the list."""

    enabled = forms.BooleanField(label=ENABLE, required=False)

    def __init__(self, *args: Any, rule: ScreeningRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.key, self.name = rule, str(rule.pk), str(rule)
        self.up, self.down = f"up:{rule.pk}", f"down:{rule.pk}"
        self.condition, self.action = condition(rule), action_words(rule)
        self.fields["enabled"].widget.attrs |= {"class": "form-check-input", "aria-label": f"{ENABLE}: {rule}"}


class OrderForm(ActForm):
    """The rules of a line in their order, and which of them count."""

    password = PasswordAgain()

    class Meta:
        model = Line
        fields: list[str] = []

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(moved(data) if data is not None else None, *args, **kwargs)
        rules = {
            str(rule.pk): rule
            for rule in rules_of_customer(self.request.customer).filter(line=self.instance).order_by("position")
        }
        keys = dict.fromkeys(self.data.getlist("rule")) if self.is_bound else rules
        bound = self.data if self.is_bound else None
        self.rules = [
            RuleRow(bound, rule=rules[key], prefix=f"rule-{key}", initial={"enabled": rules[key].enabled})
            for key in keys
            if key in rules
        ]
        self.sent = list(keys)

    def is_valid(self) -> bool:
        rows_valid = [row.is_valid() for row in self.rules]
        return super().is_valid() and all(rows_valid)

    @property
    def order(self) -> list[int]:
        """The ids in their order; what is not a rule of the line stays in, for the act to refuse."""
        known = {row.key: row.rule.pk for row in self.rules}
        return [known.get(key, 0) for key in self.sent]

    @property
    def enabled(self) -> set[int]:
        return {row.rule.pk for row in self.rules if row.cleaned_data["enabled"]}

    def labels(self) -> dict[str, str]:
        """The words for what the page can plan."""
        rules = {f"{row.key}.enabled": row.name for row in self.rules}
        return {"first": gettext("Order of the rules")} | rules


def moved(typed: QueryDict) -> QueryDict:
    """What was sent, with the pressed arrow (`do`) carried out."""
    act, _colon, key = typed.get("do", "").partition(":")
    data = typed.copy()
    keys = data.getlist("rule")
    if act in ("up", "down") and key in keys:
        data.setlist("rule", swapped(keys, key, -1 if act == "up" else 1))
    return data


class Screening(LineForm):
    section = "centrex:line-screening"
    intro = _(
        "Treat some calls in another way. The rules are asked from top to bottom; the first that matches decides."
    )
    form_class = OrderForm
    part_name = "screening"
    template_name = "centrex/line/screening.html"
    saved = _("The rules of the line were saved.")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "do" not in request.POST:
            return super().post(request, *args, **kwargs)
        return self.drawn_again(pressed=request.POST["do"])

    def save(self, form: OrderForm) -> Line:
        return arrange_rules(
            user=self.request.user,
            line=self.object,
            version=form.cleaned_data.get("version"),
            order=form.order,
            enabled=form.enabled,
            confirmed=given_again(self.request, form.cleaned_data["password"]),
            now=timezone.now(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answering = effective_of(self.object, Answering).values
        cooling = cooling_on(self.object, NewDestination.Place.SCREENING, now=timezone.now())
        words = {"otherwise": default_words(answering), "pressed": "", "cooling": cooling}
        return super().get_context_data(**(words | kwargs))
