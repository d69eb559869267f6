"""Dunning: the steps that staff set, and those that were taken."""

from __future__ import annotations

from django.contrib import admin

from billing.models import DunningStep, DunningTaken
from selfcare.admin.parts import ReadOnly


@admin.register(DunningStep)
class DunningStepAdmin(admin.ModelAdmin):
    """Without a step nobody is reminded. A change counts for steps that are taken from then on."""

    list_display = ("__str__", "customer_class", "days", "act", "least", "fee")
    list_filter = ("act", "customer_class")
    list_select_related = ("customer_class",)
    search_fields = ("customer_class__name",)


@admin.register(DunningTaken)
class DunningTakenAdmin(ReadOnly, admin.ModelAdmin):
    """What was done for which invoice; a step that has ended bars nothing any more."""

    list_display = ("taken_at", "customer", "invoice", "act", "days", "amount", "fee", "ended_at")
    list_filter = ("act", ("ended_at", admin.EmptyFieldListFilter), "taken_at")
    list_select_related = ("customer", "invoice")
    search_fields = ("customer__company_name", "invoice__number")
