"""DIDs: the customer sees which outside numbers he pays for, lets them ring a phone line, and gives them back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from billing.operations.did_orders import release_did
from billing.queries.subscriptions import idle_numbers, subscription_of, with_fee
from centrex.models import Did
from centrex.operations.dids import assign, consequences_of_releasing
from selfcare.crud.forms import ActForm, FilterForm
from selfcare.crud.tables import ActionsColumn, BaseTable, Column, MoneyColumn, PhoneColumn
from selfcare.crud.views import DeletePage, EditPage, ListPage

UNASSIGNED = _("Unassigned")


def look(did: Did) -> list[tuple[str, str, Any]]:
    return [(reverse("centrex:line", args=[did.line_id]), "gear", _("Configure phone line"))] if did.line_id else []


def change(did: Did) -> list[tuple[str, str, Any]]:
    return [
        (reverse("centrex:did-assign", args=[did.pk]), "telephone-forward", _("Assign")),
        (reverse("centrex:did-release", args=[did.pk]), "trash", _("Delete")),
    ]


class PlaceColumn(Column):
    """Country and city."""

    def plain(self, value: Any, record: Did) -> str:
        return ", ".join(filter(None, [str(record.country.name), record.city]))


class LineColumn(Column):
    """The line that the number rings; a click here, or a double click in the row, opens the choice of lines."""

    def draw(self, value: Any, record: Did) -> SafeString:
        words = conditional_escape(self.plain(value, record))
        if value is None:
            words = format_html('<span class="badge warn">{}</span>', words)
        if not self.may_change:
            return words
        address, hint = reverse("centrex:did-assign", args=[record.pk]), _("Click here, or double-click the row.")
        link = '<a href="{}" data-in-place="{}" data-row data-field="line" title="{}">{}</a>'
        return format_html(link, address, address, hint, words)

    def plain(self, value: Any, record: Did) -> str:
        return str(UNASSIGNED if value is None else value)


class DidsTable(BaseTable):
    first_sort = "number"
    number = PhoneColumn(verbose_name=_("DID"))
    place = PlaceColumn(
        verbose_name=_("Country and city"), accessor="country", empty_values=(), order_by=("country", "city", "number")
    )
    line = LineColumn(verbose_name=_("Assigned to"), order_by=("line__account_id", "number"))
    fee = MoneyColumn(verbose_name=_("Monthly charges"), accessor="fee")
    actions = ActionsColumn(look, changes=change)

    class Meta(BaseTable.Meta):
        model = Did
        fields = ("number", "place", "line", "fee")


class DidsFilter(FilterForm):
    text = forms.CharField(label=_("Number, place or phone line"), max_length=60)
    assigned = forms.ChoiceField(
        label=_("Assigned to"),
        choices=[("", _("All")), ("yes", _("A phone line")), ("no", UNASSIGNED)],
    )

    def filter(self, dids: QuerySet[Did]) -> QuerySet[Did]:
        if self.cleaned_data["assigned"]:
            dids = dids.filter(line__isnull=self.cleaned_data["assigned"] == "no")
        text = self.cleaned_data["text"].strip()
        return dids.filter(self.naming(text)) if text else dids

    def naming(self, text: str) -> Q:
        """What a person may have typed: digits however grouped, a city, a country, or a line's ID or name."""
        named = Q(city__icontains=text) | Q(line__account_id__contains=text) | Q(line__name__icontains=text)
        named |= Q(country__in=[code for code, name in countries if text.lower() in str(name).lower()])
        digits = "".join(character for character in text if character in "0123456789")
        return named | Q(number__contains=digits) if digits else named


class AssignForm(ActForm):
    class Meta:
        model = Did
        fields = ("line",)
        labels = {"line": _("Assigned to")}
        help_texts = {"line": _("The phone line that rings when somebody calls this number.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].empty_label = UNASSIGNED


class List(ListPage):
    page = "centrex:dids"
    title = _("DIDs (External Numbers)")
    intro = _("The numbers under which the outside world calls you, and the phone line that each one rings.")
    model = Did
    table_class = DidsTable
    filter_class = DidsFilter
    template_name = "centrex/did/list.html"
    add_url, add_label = "centrex:did-add", _("Add DID")
    empty = _("An external number lets people outside your company call you directly. Choose your first one.")

    def get_queryset(self) -> QuerySet[Did]:
        return with_fee(super().get_queryset()).select_related("line")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(idle=idle_numbers(self.request.customer).count(), **kwargs)


class Assign(EditPage):
    page = "centrex:dids"
    model = Did
    form_class = AssignForm
    save_label = _("Assign")

    @property
    def title(self) -> str:
        return _("Assign %(number)s") % {"number": self.object}

    @property
    def saved(self) -> str | Promise:
        return _("%(record)s rings that phone line now.") if self.object.line else _("%(record)s rings no phone now.")

    def save(self, form: AssignForm) -> Did:
        return assign(user=self.request.user, did=form.instance, line=form.cleaned_data["line"])


class Release(DeletePage):
    page = "centrex:dids"
    model = Did
    template_name = "centrex/did/release.html"
    saved = _("%(record)s was released.")
    consequences = staticmethod(consequences_of_releasing)

    @property
    def title(self) -> str:
        return _("Release %(number)s") % {"number": self.object}

    def save(self, form: Any) -> None:
        release_did(user=self.request.user, customer=self.request.customer, did_id=self.object.pk, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(subscription=subscription_of(self.object), **kwargs)
