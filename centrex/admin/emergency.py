"""Emergency addresses that wait for the staff, DISA that customers use, and the countries that companies call."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from centrex.models import CalledCountries, DisaGuard, EmergencyAddress, NewDestination
from centrex.operations.emergency import addresses
from centrex.queries.countries import NOWHERE, name_of
from selfcare.admin.acts import Act, act_path
from selfcare.admin.parts import CountsVersions, Kept, ReadOnly, ShowsStates

CHANGE = "centrex.change_emergencyaddress"
PARTS = ("street", "house_number", "postal_code", "city", "province")
MOST_CANDIDATES = 10


class OnAddress(Act):
    """An answer about an address that the customer has submitted."""

    model = EmergencyAddress
    permission = CHANGE
    record: EmergencyAddress

    def consequences(self) -> list[str]:
        return [str(self.record)]


class Accept(OnAddress):
    title = _("Accept the address")
    button = _("Accept")

    def consequences(self) -> list[str]:
        follows = gettext("Help is sent there from now on, and the customer is told. The former address is replaced.")
        return [*super().consequences(), follows]

    def act(self, said: dict[str, Any]) -> str | Promise:
        addresses.accept(user=self.request.user, address=self.record, now=timezone.now())
        return _("The address is in force.")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason, which the customer reads"), max_length=200)


class Reject(OnAddress):
    title = _("Reject the address")
    button = _("Reject")
    form_class = ReasonForm

    def act(self, said: dict[str, Any]) -> str | Promise:
        addresses.reject(user=self.request.user, address=self.record, reason=said["reason"], now=timezone.now())
        return _("The customer is asked to correct the address.")


class OfferForm(forms.Form):
    candidates = forms.CharField(
        label=_("Addresses found"),
        widget=forms.Textarea,
        max_length=3000,
        help_text=_("One a line: street; house number; postal code; city; province. What is left out stays."),
    )

    def clean_candidates(self) -> list[dict[str, str]]:
        lines = [line for line in self.cleaned_data["candidates"].splitlines() if line.strip()]
        if len(lines) > MOST_CANDIDATES:
            raise forms.ValidationError(gettext("There can be at most %(most)s.") % {"most": MOST_CANDIDATES})
        return [self.parts(line) for line in lines]

    def parts(self, line: str) -> dict[str, str]:
        """A line's parts by their field; each must fit into its column."""
        texts = [part.strip() for part in line.split(";")]
        if len(texts) > len(PARTS):
            raise forms.ValidationError(gettext("Too many parts: %(line)s") % {"line": line})
        found = {name: text for name, text in zip(PARTS, texts, strict=False) if text}
        for name, text in found.items():
            if len(text) > (EmergencyAddress._meta.get_field(name).max_length or 0):
                raise forms.ValidationError(gettext("Too long: %(text)s") % {"text": text})
        return found


class Offer(OnAddress):
    title = _("Offer addresses to choose from")
    button = _("Offer")
    form_class = OfferForm

    def act(self, said: dict[str, Any]) -> str | Promise:
        addresses.offer(user=self.request.user, address=self.record, candidates=said["candidates"], now=timezone.now())
        return _("The customer is asked to choose.")


@admin.register(EmergencyAddress)
class EmergencyAddressAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    """Where help is sent to. The customer writes an address, the staff check it."""

    list_display = ("customer", "line", "site", "city", "country", "state", "submitted_at", "activated_at")
    list_filter = ("state", "country")
    list_select_related = ("customer", "line", "site")
    search_fields = ("customer__company_name", "line__account_id", "city", "street")
    readonly_fields = ("answers",)

    def get_urls(self) -> list[URLPattern]:
        name = "centrex_emergencyaddress"
        return [
            act_path("<int:pk>/accept/", Accept, f"{name}_accept"),
            act_path("<int:pk>/reject/", Reject, f"{name}_reject"),
            act_path("<int:pk>/offer/", Offer, f"{name}_offer"),
            *super().get_urls(),
        ]

    @admin.display(description=_("answer"))
    def answers(self, address: EmergencyAddress) -> SafeString | str:
        """The ways to answer, while somebody waits for it."""
        if address.state != EmergencyAddress.State.SUBMITTED:
            return "–"
        acts = ((_("Accept"), "accept"), (_("Reject"), "reject"), (_("Offer addresses"), "offer"))
        links = [(reverse(f"admin:centrex_emergencyaddress_{act}", args=[address.pk]), words) for words, act in acts]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)


@admin.register(DisaGuard)
class DisaGuardAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("line", "customer", "failures", "told_on")
    list_select_related = ("line", "customer")
    search_fields = ("line__account_id", "customer__company_name")


@admin.register(NewDestination)
class NewDestinationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("made_at", "sender", "number", "place", "made_by", "counts_from", "taken_back_at", "customer")
    list_select_related = ("line", "huntgroup", "abbreviated", "customer", "made_by")
    search_fields = ("number", "line__account_id", "customer__company_name")


class AllCountriesForm(forms.ModelForm):
    """Staff may add every country, also one of high risk."""

    countries = forms.MultipleChoiceField(
        label=_("Countries"), choices=lambda: [(NOWHERE, name_of(NOWHERE)), *countries], required=False
    )


@admin.register(CalledCountries)
class CalledCountriesAdmin(CountsVersions, Kept, admin.ModelAdmin):
    form = AllCountriesForm
    list_display = ("customer", "everywhere", "countries")
    list_select_related = ("customer",)
    search_fields = ("customer__company_name",)
    autocomplete_fields = ("customer",)

    def get_readonly_fields(self, request: HttpRequest, obj: CalledCountries | None = None) -> tuple[str, ...]:
        return ("customer",) if obj else ()
