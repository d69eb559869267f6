"""The spending limit of a phone line: set, changed, and taken away."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import LineLimit
from billing.operations.spending import remove_line_limit, save_line_limit
from selfcare.crud.forms import ActForm
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.crud.views import AddPage, EditPage

USUAL = Decimal("10.00")


class LineLimitForm(ActForm):
    """How much; the password is asked for when it is more than before."""

    password = PasswordAgain()

    class Meta:
        model = LineLimit
        fields = ("daily_limit",)
        help_texts = {"daily_limit": _("Such as 10.00; 0 for a phone that makes no calls that cost money.")}


class NewLineLimitForm(ActForm):
    class Meta:
        model = LineLimit
        fields = ("line", "daily_limit")
        labels = {"line": _("Phone line")}
        help_texts = LineLimitForm.Meta.help_texts | {"line": _("Such as the phone in the lobby.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("daily_limit", USUAL)
        limited = LineLimit.for_customer(self.request.customer).values("line")
        self.fields["line"].queryset = self.fields["line"].queryset.exclude(pk__in=limited).order_by("account_id")


class RemoveForm(ActForm):
    """Asks for the password: the line's calls may cost more then."""

    password = PasswordAgain(required=True)

    class Meta:
        model = LineLimit
        fields = ()


class AddLine(AddPage):
    page = "billing:alerts"
    title = _("Limit a phone line")
    intro = _("What the calls of one phone may cost in a day, beside the limit of the company.")
    model = LineLimit
    form_class = NewLineLimitForm
    saved = _("The limit of “%(record)s” was saved.")

    def save(self, form: NewLineLimitForm) -> LineLimit:
        line, amount = form.cleaned_data["line"], form.cleaned_data["daily_limit"]
        return save_line_limit(user=self.request.user, line=line, version=None, daily_limit=amount, confirmed=False)


class OfLine(EditPage):
    """A form about the limit of one line, which its sentence names."""

    sentence: Promise

    @property
    def intro(self) -> str:
        return f"{self.object.line}: {self.sentence}"


class EditLine(OfLine):
    page = "billing:alerts"
    title = _("Limit of a phone line")
    sentence = _("What its calls may cost in a day. It needs your password to be more.")
    model = LineLimit
    form_class = LineLimitForm
    saved = _("The limit of “%(record)s” was saved.")

    def save(self, form: LineLimitForm) -> LineLimit:
        return save_line_limit(
            user=self.request.user,
            line=self.object.line,
            version=form.cleaned_data["version"],
            daily_limit=form.cleaned_data["daily_limit"],
            confirmed=given_again(self.request, form.cleaned_data["password"]),
        )


class RemoveLine(OfLine):
    page = "billing:alerts"
    title = _("Take the limit of a phone line away")
    sentence = _("Its calls may then cost as much in a day as those of the whole company.")
    model = LineLimit
    form_class = RemoveForm
    save_label = _("Take the limit away")
    saved = _("“%(record)s” has no limit of its own any more.")

    def save(self, form: RemoveForm) -> None:
        remove_line_limit(
            user=self.request.user,
            limit=self.object,
            version=form.cleaned_data["version"],
            confirmed=given_again(self.request, form.cleaned_data["password"]),
        )
