"""Abbreviated Dialing: the customer gives short numbers to numbers that his people call often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from centrex.models import AbbreviatedNumber, CompanySettings
from centrex.operations.abbreviated import add_abbreviated, delete_abbreviated, edit_abbreviated, set_length
from centrex.pages.what_if.panel import TriesForm, from_phone
from centrex.queries.abbreviated import lines_to_offer, with_lines
from centrex.queries.lines import first_line
from centrex.queries.new_destinations import cooling_codes
from selfcare import formats
from selfcare.crud.forms import ActForm, FilterForm
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.crud.tables import ActionsColumn, BaseTable, Column
from selfcare.crud.views import AddPage, DeletePage, EditPage, ListPage, SettingsPage
from selfcare.errors import Refused

ASKED_AGAIN = "<p>{% include 'centrex/line/why_password.html' %}</p>"
LENGTHS = [(digits, digits) for digits in range(1, 7)]


def change(number: AbbreviatedNumber) -> list[tuple[str, str, Any]]:
    return [
        (reverse("centrex:abbreviated-edit", args=[number.pk]), "pencil", _("Edit")),
        (reverse("centrex:abbreviated-delete", args=[number.pk]), "trash", _("Delete")),
    ]


class TargetColumn(Column):
    """The number dialled, with the name of a line of ours; a download carries a line's ID or E.164 with the plus."""

    def plain(self, value: Any, record: AbbreviatedNumber) -> str:
        return value if not value or record.line_id else f"+{value}"

    def draw(self, value: Any, record: AbbreviatedNumber) -> SafeString:
        if not value:
            return format_html('<span class="text-quiet">{}</span>', _("Dialled as it is"))
        words = format_html('<span class="text-nowrap">{}</span> {}', formats.phone(value), record.line_name or "")
        if not record.line_is_ours:
            return words
        return format_html('<a href="{}">{}</a>', reverse("centrex:line", args=[record.line_id]), words)


class AbbreviatedTable(BaseTable):
    first_sort = "number"
    number = Column(verbose_name=_("Abbreviated #"))
    target = TargetColumn(verbose_name=_("# To Dial"))
    description = Column(verbose_name=_("Description"))
    actions = ActionsColumn(changes=change)

    class Meta(BaseTable.Meta):
        model = AbbreviatedNumber
        fields = ("number", "target", "description")


class AbbreviatedFilter(FilterForm):
    text = forms.CharField(label=_("Number or description"), max_length=60)

    def filter(self, numbers: QuerySet[AbbreviatedNumber]) -> QuerySet[AbbreviatedNumber]:
        text = self.cleaned_data["text"].strip()
        digits = "".join(character for character in text if character in "0123456789")
        found = Q(number__startswith=text) | Q(description__icontains=text) | Q(line_name__icontains=text)
        return numbers.filter(found | Q(target__contains=digits) if digits else found) if text else numbers


class AbbreviatedForm(ActForm):
    password = PasswordAgain()

    class Meta:
        model = AbbreviatedNumber
        fields = ("number", "target", "description")
        help_texts = {
            "target": _(
                "One of your phone lines, or a phone number such as +44 20 7946 0018. Empty: the number is dialled "
                "as it is."
            ),
            "description": _("Whose number it is, such as Taxi."),
        }

    def __init__(self, *args: Any, length: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        if length:
            words = ngettext(
                "%(length)s digit, such as %(example)s.", "%(length)s digits, such as %(example)s.", length
            )
            self.fields["number"].help_text = words % {"length": length, "example": "87654321"[:length]}
        self.fields["target"].widget.attrs |= {"list": "lines-to-dial", "autocomplete": "off"}
        self.initial["target"] = formats.phone(self.initial.get("target") or "")
        self.helper.layout = Layout(*(name for name in self.fields if name != "password"))

    def refuse(self, refusal: Refused) -> None:
        """The password is asked for when it is needed only."""
        if refusal.field == "password":
            self.helper.layout.append(Div(HTML(ASKED_AGAIN), "password"))
        super().refuse(refusal)

    def clean_target(self) -> str:
        """What was not touched stays as it is kept, also when a line of that ID is gone."""
        return self.cleaned_data["target"] if "target" in self.changed_data else self.instance.target


class OfficeNumbers:
    """Mixed into the pages: the main office's numbers, for a branch office to look at."""

    page = "centrex:abbreviated"
    model = AbbreviatedNumber

    @property
    def settings(self) -> CompanySettings:
        return CompanySettings.for_customer(self.request.customer.office).get()


class List(OfficeNumbers, ListPage):
    title = _("Abbreviated Dialing")
    intro = _("Short numbers for numbers that you call often. All your offices can dial them.")
    table_class = AbbreviatedTable
    filter_class = AbbreviatedFilter
    template_name = "centrex/abbreviated/list.html"
    sheet_url = "centrex:abbreviated-sheet"

    def get_queryset(self) -> QuerySet[AbbreviatedNumber]:
        customer = self.request.customer
        return with_lines(customer.office).annotate(line_is_ours=Q(line_owner=customer.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without a length there is nothing to add yet, so the one button of the page sets it."""
        length = self.settings.abbreviated_length
        if length:
            add = {"add_url": reverse("centrex:abbreviated-add"), "add_label": _("Add Abbreviated Number")}
            empty = _("An abbreviated number is a short number for a longer one, such as 801 for a taxi.")
        else:
            add = {"add_url": reverse("centrex:abbreviated-length"), "add_label": _("Set the length")}
            empty = _("First say how many digits your abbreviated numbers have.")
        cooling = cooling_codes(self.request.customer.office, now=timezone.now())
        words = {"empty": empty, "length": length, "cooling": cooling}
        return super().get_context_data(**(add | words | kwargs))


class NumberForm(OfficeNumbers):
    """Mixed into adding and editing."""

    form_class = AbbreviatedForm
    template_name = "centrex/abbreviated/form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"length": self.settings.abbreviated_length}

    def confirmed_at(self, form: AbbreviatedForm) -> datetime | None:
        """When the user gave his password again, None if he did not."""
        return timezone.now() if given_again(self.request, form.cleaned_data["password"]) else None

    def usual_call(self) -> dict[str, Any]:
        return from_phone(first_line(self.request.customer), self.object.number if self.object else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"lines": lines_to_offer(self.request.customer)} | kwargs))


class Add(NumberForm, TriesForm, AddPage):
    title = _("Add Abbreviated Number")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.settings.abbreviated_length:
            return redirect("centrex:abbreviated-length")
        return super().get(request, *args, **kwargs)

    def save(self, form: AbbreviatedForm) -> AbbreviatedNumber:
        return add_abbreviated(user=self.request.user, number=form.instance, confirmed_at=self.confirmed_at(form))


class Edit(NumberForm, TriesForm, EditPage):
    title = _("Edit Abbreviated Number")

    def save(self, form: AbbreviatedForm) -> AbbreviatedNumber:
        version = form.cleaned_data.get("version")
        return edit_abbreviated(
            user=self.request.user, number=form.instance, version=version, confirmed_at=self.confirmed_at(form)
        )


class Delete(OfficeNumbers, DeletePage):
    title = _("Delete Abbreviated Number")

    @staticmethod
    def consequences(number: AbbreviatedNumber) -> list[str]:
        return [str(_("The number %(number)s is free again.") % {"number": number.number})]

    def save(self, form: Any) -> None:
        delete_abbreviated(user=self.request.user, number=self.object)


class LengthForm(ActForm):
    class Meta:
        model = CompanySettings
        fields = ("abbreviated_length",)
        widgets = {"abbreviated_length": forms.Select(choices=LENGTHS)}
        help_texts = {
            "abbreviated_length": _(
                "How many digits each of them has. With 3 digits there is room for 801, 802 and so on."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["abbreviated_length"].required = True
        if self.instance.abbreviated_length is None:
            self.initial["abbreviated_length"] = 3


class Length(SettingsPage):
    page = "centrex:abbreviated"
    title = _("Abbreviated Number Length")
    intro = _("All your abbreviated numbers have the same number of digits.")
    model = CompanySettings
    form_class = LengthForm
    saved = _("The length was saved.")

    def save(self, form: LengthForm) -> CompanySettings:
        return set_length(user=self.request.user, settings=form.instance, version=form.cleaned_data.get("version"))
