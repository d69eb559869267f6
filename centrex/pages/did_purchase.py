"""Add DID, step by step: country, city, number, and what it costs before it is bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from django_countries import countries as all_countries

from billing.operations.did_orders import PriceChanged, buy_did, quote
from centrex.models import Did
from centrex.operations.dids import cancel_reservation, reserve
from centrex.queries.dids import chosen, cities, countries, for_sale, reserved
from selfcare.crud.forms import FilterForm
from selfcare.crud.tables import BaseTable, Column, MoneyColumn, PhoneColumn
from selfcare.crud.views import ListPage, Page
from selfcare.errors import Refused

NO_CITY = "-"  # what an address says for numbers without a city
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A country or a city to go on with."""

    label: Any
    free: int
    address: str


def step(name: str, **query: str) -> str:
    """The address of a step with what was chosen before."""
    return f"{reverse(name)}?{urlencode(query)}"


class Step(Page):
    """What the steps share: adding is a change, and open reservations are shown at the first steps."""

    page = "centrex:dids"
    always_changes = True


class Countries(Step, TemplateView):
    template_name = "centrex/did/places.html"
    title = _("Add DID: country")
    intro = _("In which country should the number be?")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer, now = self.request.customer, timezone.now()
        found = countries(customer, now=now)
        choices = [Choice(each.name, each.free, step("centrex:did-cities", country=each.code)) for each in found]
        back = reverse("centrex:dids")
        waiting = reserved(customer, now=now)
        return super().get_context_data(choices=choices, reserved=waiting, step=1, back=back, **kwargs)


class Cities(Step, TemplateView):
    template_name = "centrex/did/places.html"
    title = _("Add DID: city")
    intro = _("In which city should the number be?")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.country = request.GET.get("country", "")
        if self.country not in dict(all_countries):
            return redirect("centrex:did-add")
        self.cities = cities(request.customer, self.country, now=timezone.now())
        return super().get(request, *args, **kwargs) if self.cities else redirect("centrex:did-add")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        choices = [
            Choice(
                each.name or _("Without a city"),
                each.free,
                step("centrex:did-numbers", country=self.country, city=each.name or NO_CITY),
            )
            for each in self.cities
        ]
        self.title = _("Add DID: city in %(country)s") % {"country": all_countries.name(self.country)}
        return super().get_context_data(choices=choices, step=2, back=reverse("centrex:did-add"), **kwargs)


class ChooseColumn(Column):
    """The button that reserves the number; it belongs to the form below the table."""

    def __init__(self) -> None:
        super().__init__(verbose_name="", orderable=False, always=True, empty_values=(), accessor="pk")

    def draw(self, value: Any, record: Did) -> SafeString:
        button = (
            '<button class="btn btn-sm btn-secondary" form="reserve" name="did" value="{}">{}'
            '<span class="visually-hidden"> {}</span></button>'
        )
        return format_html(button, record.pk, _("Choose"), record)


class FreeNumbersTable(BaseTable):
    first_sort = "number"
    choose = ChooseColumn()  # first, where a phone shows it
    number = PhoneColumn(verbose_name=_("DID"))
    city = Column(verbose_name=_("City"))
    activation_fee = MoneyColumn(verbose_name=_("Activation fee"))
    monthly_fee = MoneyColumn(verbose_name=_("Monthly fee"))

    class Meta(BaseTable.Meta):
        model = Did
        fields = ("number", "city", "activation_fee", "monthly_fee")
        sequence = ("choose", "...")


class FreeNumbersFilter(FilterForm):
    text = forms.CharField(
        label=_("Digits in the number"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    country = forms.CharField(max_length=2, widget=forms.HiddenInput)
    city = forms.CharField(max_length=60, widget=forms.HiddenInput)

    def filter(self, dids: QuerySet[Did]) -> QuerySet[Did]:
        asked = self.cleaned_data
        if asked["country"]:
            dids = dids.filter(country=asked["country"])
        if asked["city"]:
            dids = dids.filter(city="" if asked["city"] == NO_CITY else asked["city"])
        digits = "".join(character for character in asked["text"] if character in "0123456789")
        return dids.filter(number__contains=digits) if digits else dids


class Numbers(Step, ListPage):
    model = Did
    title = _("Add DID: number")
    table_class = FreeNumbersTable
    filter_class = FreeNumbersFilter
    template_name = "centrex/did/numbers.html"

    def get_queryset(self) -> QuerySet[Did]:
        return for_sale(self.request.customer, now=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.filter.cleaned_data if self.filter.is_bound and self.filter.is_valid() else {}
        country, city = asked.get("country", ""), asked.get("city", "")
        place = [city if city != NO_CITY else "", str(all_countries.name(country))]
        here = step("centrex:did-numbers", country=country, city=city)
        back = step("centrex:did-cities", country=country)
        facts = {"intro": ", ".join(filter(None, place)), "here": here, "back": back, "step": 3}
        return super().get_context_data(**(facts | kwargs))


class ReserveForm(forms.Form):
    did = forms.IntegerField(min_value=1, max_value=LARGEST_ID)


class Reserve(Step):
    """Choosing a number: it is kept for ten minutes."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReserveForm(request.POST)
        if not form.is_valid():
            return redirect("centrex:did-add")
        try:
            did = reserve(
                user=request.user, customer=request.customer, did_id=form.cleaned_data["did"], now=timezone.now()
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("centrex:did-add")
        return redirect("centrex:did-buy", pk=did.pk)


class BuyForm(forms.Form):
    """What the customer saw that he would be charged today."""

    today = forms.DecimalField(max_digits=14)


class Buy(Step, TemplateView):
    """What the chosen number costs; buying it. Whatever is not reserved for this customer is the same to him."""

    title = _("Add DID: check and buy")
    template_name = "centrex/did/buy.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        did = chosen(request.customer, pk)
        if did is None:
            messages.error(request, _("This number is not reserved for you. Please choose one."))
            return redirect("centrex:did-add")
        return self.ask(did)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = BuyForm(request.POST)
        try:
            if not form.is_valid():
                raise PriceChanged
            buy_did(
                user=request.user,
                customer=request.customer,
                did_id=pk,
                confirmed=form.cleaned_data["today"],
                now=timezone.now(),
            )
        except Refused as refusal:
            did = chosen(request.customer, pk)
            if did is not None:
                return self.ask(did, refusal=refusal.message)
            messages.error(request, refusal.message)
            return redirect("centrex:did-add")
        messages.success(request, _("The number is yours. It rings no phone yet: assign it to a phone line."))
        return redirect("centrex:dids")

    def ask(self, did: Did, *, refusal: Any = "") -> HttpResponse:
        """The price and how long the number is kept; after that time only how to begin anew."""
        now = timezone.now()
        facts = {
            "did": did,
            "refusal": refusal,
            "quote": quote(customer=self.request.customer, did=did, now=now),
            "minutes": -((now - did.reserved_until) // timedelta(minutes=1)),
            "step": 4,
        }
        return self.render_to_response(self.get_context_data(**facts))


class Cancel(Step):
    """Gives the chosen number back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        did = chosen(request.customer, pk)
        if did is None:
            return redirect("centrex:did-add")
        cancel_reservation(user=request.user, customer=request.customer, did_id=pk)
        messages.info(request, _("%(number)s is no longer reserved. Nothing was charged.") % {"number": did})
        return redirect(step("centrex:did-numbers", country=str(did.country), city=did.city or NO_CITY))
