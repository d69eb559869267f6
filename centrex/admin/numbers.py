"""Numbers: external ones, and those of the offices.

Extensions, huntgroups and abbreviated numbers take theirs from one number space by `centrex.operations`; here
they are shown, not changed, and nothing is added or deleted, so that the number space stays true.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from centrex.models import AbbreviatedNumber, DialCode, Did, Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.operations import group_hours
from selfcare.admin.parts import CountsVersions, Kept, OneCustomerForm, ReadOnly, ShowsStates


class NumberKept(CountsVersions, Kept):
    """Mixed into the admin of what has a number in the number space."""

    readonly_fields = ("number", "customer", "branch_office")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Did)
class DidAdmin(ShowsStates, admin.ModelAdmin):
    """The stock of numbers; one without a customer is free, and a customer has it for ten minutes while he buys it.

    A number that staff gives to a customer has no monthly fee until it is charged; one that staff takes away has its
    fee ended.
    """

    form = OneCustomerForm
    list_display = (
        "number",
        "country",
        "city",
        "customer",
        "line",
        "currency",
        "activation_fee",
        "monthly_fee",
        "frozen",
        "reserved_until",
    )
    list_filter = (("customer", admin.EmptyFieldListFilter), "frozen", "currency", "country")
    list_select_related = ("customer", "line")
    readonly_fields = ("reserved_for", "reserved_until")
    search_fields = ("number", "city", "customer__company_name")
    autocomplete_fields = ("customer", "line")

    def save_model(self, request: HttpRequest, obj: Did, form: Any, change: bool) -> None:
        """Write what staff changed and no more: meanwhile a customer may have bought the number."""
        changed = set(form.changed_data)
        if obj.customer is not None:
            obj.reserved_for = obj.reserved_until = None
            changed |= {"reserved_for", "reserved_until"}
        obj.save(update_fields=changed if change else None)


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
    exclude = group_hours.FIELDS  # where calls go meanwhile is checked by the portal's own page


@admin.register(AbbreviatedNumber)
class AbbreviatedNumberAdmin(ShowsStates, ReadOnly, admin.ModelAdmin):
    list_display = ("number", "target", "description", "customer")
    list_select_related = ("customer",)
    search_fields = ("number", "target", "description", "customer__company_name")


@admin.register(DialCode)
class DialCodeAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "kind", "customer")
    list_filter = ("kind",)
    list_select_related = ("customer",)
    search_fields = ("code", "customer__company_name")
