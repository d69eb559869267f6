"""What customers have set up for single lines: to look at, and changed by them alone."""

from __future__ import annotations

from django.contrib import admin

from centrex.models import (
    ForwardNumber,
    Menu,
    MenuChoice,
    NumberFilter,
    PlannedChange,
    Schedule,
    ScheduleDay,
    ScreeningRule,
)
from selfcare.admin.parts import ReadOnly, ShowsStates


@admin.register(NumberFilter)
class NumberFilterAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("name", "customer", "anonymous")
    list_select_related = ("customer",)
    search_fields = ("name", "customer__company_name")


class DaysInline(ReadOnly, admin.TabularInline):
    model = ScheduleDay


@admin.register(Schedule)
class ScheduleAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("name", "customer", "period", "holidays_country", "holidays_region")
    list_select_related = ("customer",)
    search_fields = ("name", "customer__company_name")
    inlines = (DaysInline,)


@admin.register(ForwardNumber)
class ForwardNumberAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("number", "line", "position", "enabled", "ring_seconds", "period")
    list_select_related = ("line",)
    search_fields = ("number", "line__account_id")


@admin.register(ScreeningRule)
class ScreeningRuleAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("name", "line", "position", "enabled", "callers", "called", "times", "action")
    list_select_related = ("line", "callers", "called", "times")
    search_fields = ("name", "line__account_id")


class ChoicesInline(ReadOnly, admin.TabularInline):
    model = MenuChoice
    fk_name = "menu"


@admin.register(Menu)
class MenuAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("name", "line", "schedule", "max_loops")
    list_select_related = ("line", "schedule")
    search_fields = ("name", "line__account_id")
    inlines = (ChoicesInline,)


@admin.register(PlannedChange)
class PlannedChangeAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("record_name", "customer", "part", "starts_at", "ends_at", "state", "planned_by", "reason")
    list_select_related = ("customer", "planned_by")
    list_filter = ("state", "part")
    search_fields = ("record_name", "customer__company_name")
