"""Tariffs with their rates, and the services that are charged for."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from billing.admin.rate_decks import ApplyDeck, UploadDeck
from billing.admin.trial_prices import TryCustomer, TryTariff
from billing.models import Rate, Service, Tariff
from selfcare.admin.acts import act_path
from selfcare.admin.parts import CappedPaginator, Kept


@admin.register(Tariff)
class TariffAdmin(Kept, admin.ModelAdmin):
    """A tariff may have 100,000 rates: they are a list of their own, behind a link, and are not deleted in passing."""

    list_display = ("name", "currency", "on_net_price", "rates")
    list_filter = ("currency",)
    search_fields = ("name",)
    fields = ("name", "currency", "on_net_price", "time_zone", "off_peak_hours", "second_off_peak_hours", "rates")
    readonly_fields = ("rates",)

    def get_urls(self) -> list[Any]:
        acts = [
            act_path("<int:pk>/deck/", UploadDeck, "billing_tariff_deck"),
            act_path("deck/<int:pk>/", ApplyDeck, "billing_ratedeck_apply"),
            act_path("<int:pk>/try/", TryTariff, "billing_tariff_try"),
            act_path("try/<int:pk>/", TryCustomer, "billing_customer_try"),
        ]
        return [*acts, *super().get_urls()]

    @admin.display(description=_("rates"))
    def rates(self, tariff: Tariff) -> str:
        if tariff.pk is None:
            return str(_("Save the tariff first."))
        address = f"{reverse('admin:billing_rate_changelist')}?tariff__id__exact={tariff.pk}"
        return format_html('<a href="{}">{}</a>', address, _("Show rates"))


@admin.register(Rate)
class RateAdmin(admin.ModelAdmin):
    list_display = (
        "prefix",
        "destination",
        "tariff",
        "price_first",
        "price_next",
        "connect_fee",
        "time_slot",
        "effective_from",
        "effective_to",
    )
    list_filter = ("tariff", "time_slot")
    list_select_related = ("tariff",)
    search_fields = ("prefix__startswith", "destination")
    autocomplete_fields = ("tariff",)
    paginator = CappedPaginator
    show_full_result_count = False


@admin.register(Service)
class ServiceAdmin(Kept, admin.ModelAdmin):
    """The programme knows the services by their numbers; only their names are for staff to choose."""

    list_display = ("id", "name", "unit")
    search_fields = ("name",)
    readonly_fields = ("id", "unit")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
