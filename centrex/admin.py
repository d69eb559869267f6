"""The telephone systems of the customers.

Numbers of extensions and huntgroups are taken from one number space by `centrex.operations`; here they are shown,
not changed, and nothing is added or deleted, so that the number space stays true.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from centrex.models import (
    Batch,
    CallRecording,
    DialCode,
    Did,
    Extension,
    Huntgroup,
    HuntgroupMember,
    IncludedHuntgroup,
    Line,
)
from selfcare.admin.parts import CountsVersions, Kept, OneCustomerForm, ReadOnly


class NumberKept(CountsVersions, Kept):
    """Mixed into the admin of what has a number in the number space."""

    readonly_fields = ("number", "customer", "branch_office")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DidsInline(ReadOnly, admin.TabularInline):
    model = Did
    fields = ("number", "country", "city")
    show_change_link = True


@admin.register(Line)
class LineAdmin(CountsVersions, Kept, admin.ModelAdmin):
    """Lines are blocked, not deleted: the ledger names them for ever."""

    form = OneCustomerForm
    list_display = ("account_id", "name", "customer", "kind", "product", "batch", "blocked", "last_used_at")
    list_filter = ("kind", "blocked", "product")
    list_select_related = ("customer", "batch")
    search_fields = ("account_id", "name", "customer__company_name")
    autocomplete_fields = ("customer", "batch")
    readonly_fields = ("last_used_at",)
    inlines = (DidsInline,)


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    list_display = ("name", "customer")
    list_select_related = ("customer",)
    search_fields = ("name", "customer__company_name")
    autocomplete_fields = ("customer",)


@admin.register(Did)
class DidAdmin(admin.ModelAdmin):
    """The stock of numbers; one without a customer is free."""

    form = OneCustomerForm
    list_display = ("number", "country", "city", "customer", "line", "activation_fee", "monthly_fee")
    list_filter = (("customer", admin.EmptyFieldListFilter), "country")
    list_select_related = ("customer", "line")
    search_fields = ("number", "city", "customer__company_name")
    autocomplete_fields = ("customer", "line")


@admin.register(Extension)
class ExtensionAdmin(NumberKept, admin.ModelAdmin):
    form = OneCustomerForm
    list_display = ("number", "name", "customer", "branch_office", "line", "primary_group", "published")
    list_filter = ("published",)
    list_select_related = ("customer", "branch_office", "line", "primary_group")
    search_fields = ("number", "name", "customer__company_name")
    autocomplete_fields = ("line", "primary_group")


class MembersInline(admin.TabularInline):
    """How long each member rings; who is a member is the customer's own choice."""

    model = HuntgroupMember
    fields = ("position", "extension", "ring_delay", "ring_time", "ignore_forwarding")
    readonly_fields = ("position", "extension")
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class IncludedInline(ReadOnly, admin.TabularInline):
    model = IncludedHuntgroup
    fk_name = "huntgroup"
    fields = ("position", "included", "ignore_forwarding")


@admin.register(Huntgroup)
class HuntgroupAdmin(NumberKept, admin.ModelAdmin):
    list_display = ("number", "name", "customer", "branch_office", "sequence", "caller_id", "pickup_allowed")
    list_filter = ("sequence", "pickup_allowed")
    list_select_related = ("customer", "branch_office")
    search_fields = ("number", "name", "customer__company_name")
    inlines = (MembersInline, IncludedInline)


@admin.register(DialCode)
class DialCodeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "kind", "customer")
    list_filter = ("kind",)
    list_select_related = ("customer",)
    search_fields = ("code", "customer__company_name")


@admin.register(CallRecording)
class CallRecordingAdmin(ReadOnly, admin.ModelAdmin):
    """That a call was recorded; what was said is the customer's, and plays in his portal only."""

    list_display = ("started_at", "customer", "line", "seconds", "status", "call_id")
    list_filter = ("status", "started_at")
    list_select_related = ("customer", "line")
    search_fields = ("call_id", "customer__company_name", "line__account_id")
    exclude = ("file",)
