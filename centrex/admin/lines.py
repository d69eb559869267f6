"""Lines, the batches they came in, and what was recorded on them."""

from __future__ import annotations

from django.contrib import admin

from centrex.models import Batch, BoxMessage, CallRecording, Did, Line, SipProxy
from selfcare.admin.parts import CountsVersions, Kept, OneCustomerForm, ReadOnly


class DidsInline(ReadOnly, admin.TabularInline):
    model = Did
    fields = ("number", "country", "city")
    show_change_link = True


@admin.register(Line)
class LineAdmin(CountsVersions, Kept, admin.ModelAdmin):
    """Lines are blocked, not deleted: the ledger names them for ever."""

    form = OneCustomerForm
    list_display = ("account_id", "name", "customer", "kind", "product", "batch", "site", "blocked", "last_used_at")
    list_filter = ("kind", "blocked", "product")
    list_select_related = ("customer", "batch", "site")
    search_fields = ("account_id", "name", "customer__company_name")
    autocomplete_fields = ("customer", "batch", "site")
    readonly_fields = ("last_used_at", "registered_until")
    inlines = (DidsInline,)


@admin.register(Batch)
class BatchAdmin(admin.ModelAdmin):
    list_display = ("name", "customer")
    list_select_related = ("customer",)
    search_fields = ("name", "customer__company_name")
    autocomplete_fields = ("customer",)


@admin.register(CallRecording)
class CallRecordingAdmin(ReadOnly, admin.ModelAdmin):
    """That a call was recorded; what was said is the customer's, and plays in his portal only."""

    list_display = ("started_at", "customer", "line", "seconds", "status", "call_id")
    list_filter = ("status", "started_at")
    list_select_related = ("customer", "line")
    search_fields = ("call_id", "customer__company_name", "line__account_id")
    exclude = ("file",)


@admin.register(BoxMessage)
class BoxMessageAdmin(ReadOnly, admin.ModelAdmin):
    """That something came into a box; what it says is the customer's, and is in his portal only."""

    list_display = ("received_at", "customer", "line", "kind", "bytes", "status", "leaves_with")
    list_filter = ("kind", "status", "received_at")
    list_select_related = ("customer", "line", "leaves_with")
    search_fields = ("uid", "customer__company_name", "line__account_id")
    exclude = ("file", "tiff", "caller", "name")


@admin.register(SipProxy)
class SipProxyAdmin(admin.ModelAdmin):
    """Where lines in the mode Advanced Forwarding may send calls by; one that a line uses cannot be deleted."""

    list_display = ("name", "address")
    search_fields = ("name", "address")
