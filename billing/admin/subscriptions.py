"""Subscriptions: to look at; they begin and end by what is bought and released."""

from __future__ import annotations

from django.contrib import admin

from billing.models import Subscription
from selfcare.admin.parts import CappedPaginator, ReadOnly


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "customer", "did", "monthly_fee", "started_at", "ended_at", "charged_until")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("customer", "did")
    search_fields = ("name", "customer__company_name", "did__number")
    paginator = CappedPaginator
    show_full_result_count = False
