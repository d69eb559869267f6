"""Blocked callers: the customer keeps a list of whom the company does not want to hear from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import BlockedCaller
from centrex.operations.blocked import block_caller, unblock_caller
from centrex.pages.typed_number import typed_number
from selfcare import formats
from selfcare.crud.forms import ActForm
from selfcare.crud.tables import ActionsColumn, BaseTable, Column, PhoneColumn, TimeColumn
from selfcare.crud.views import AddPage, DeletePage, ListPage


class BlockedNumberColumn(PhoneColumn):
    """The number as people read it, or that all hidden ones are meant."""

    def draw(self, value: Any, record: BlockedCaller) -> SafeString:
        return super().draw(value, record) if value else conditional_escape(_("Hidden numbers"))

    def plain(self, value: Any, record: BlockedCaller) -> str:
        return value or __("Hidden numbers")


class BlockedTable(BaseTable):
    first_sort = "-blocked_at"
    number = BlockedNumberColumn(verbose_name=_("Number"))
    note = Column(verbose_name=_("Note"))
    blocked_at = TimeColumn(verbose_name=_("Blocked"))
    blocked_by = Column(verbose_name=_("By"), orderable=False)
    actions = ActionsColumn(
        changes=lambda caller: [(reverse("centrex:blocked-delete", args=[caller.pk]), "person-check", _("Unblock"))]
    )

    class Meta(BaseTable.Meta):
        model = BlockedCaller
        fields = ("number", "note", "blocked_at", "blocked_by")


class BlockForm(ActForm):
    number = forms.CharField(
        label=_("Number"),
        max_length=40,
        required=False,
        help_text=_("With the country code, such as +44 20 7946 0000, or as you would dial it from your country."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    hidden = forms.BooleanField(
        label=_("Everybody who hides the number"),
        required=False,
        help_text=_("Doctors and authorities often hide their numbers: they could not reach you either."),
    )

    class Meta:
        model = BlockedCaller
        fields = ("note",)
        labels = {"note": _("Note")}
        help_texts = {"note": _("Why, for your colleagues; e.g. “sales calls, three times a day”. May stay empty.")}

    field_order = ("number", "hidden", "note")

    def clean_number(self) -> str:
        """E.164 without plus; a short or odd number of digits is taken as the switch would show it."""
        number = typed_number(self.cleaned_data["number"], str(self.request.customer.country or ""))
        if number is None:
            raise ValidationError(_("Enter a telephone number such as +44 20 7946 0000."))
        return number

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if "number" in values and bool(values["number"]) == values["hidden"]:
            says = _("Enter a number, or tick that hidden numbers are meant.")
            self.add_error("number", says if not values["hidden"] else _("Choose one: a number, or hidden numbers."))
        return values


class List(ListPage):
    page = "centrex:calls"
    title = _("Blocked callers")
    intro = _("Calls from these numbers are refused for your whole company.")
    model = BlockedCaller
    table_class = BlockedTable
    template_name = "centrex/blocked/list.html"
    add_url, add_label = "centrex:blocked-add", _("Block a number")
    empty = _("Nobody is blocked. You can block a caller here, or in the log of calls with one click.")

    def get_queryset(self) -> QuerySet[BlockedCaller]:
        return super().get_queryset().select_related("blocked_by")


class Add(AddPage):
    """Typed by hand, or called from the log with the caller filled in."""

    page = "centrex:calls"
    title = _("Block a caller")
    intro = _("Calls from the number are refused on every phone of your company.")
    model = BlockedCaller
    form_class = BlockForm
    template_name = "centrex/blocked/add.html"
    back_url = "centrex:blocked"
    save_label = _("Block this caller")
    saved = _("Calls from %(record)s are refused from now on.")

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET
        number = formats.phone(asked.get("number", "")[:40])
        return ({"number": number} if number else {}) | ({"hidden": True} if asked.get("hidden") == "on" else {})

    def save(self, form: BlockForm) -> BlockedCaller:
        values = form.cleaned_data
        return block_caller(
            user=self.request.user,
            customer=self.request.customer,
            number=values["number"],
            note=values["note"],
            now=timezone.now(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"caller": self.get_initial()} | kwargs))


class Delete(DeletePage):
    page = "centrex:calls"
    title = _("Unblock a caller")
    model = BlockedCaller
    template_name = "centrex/blocked/delete.html"
    back_url = "centrex:blocked"
    saved = _("%(record)s can reach you again.")

    def save(self, form: Any) -> None:
        unblock_caller(user=self.request.user, caller=self.object)
