"""Lines, the batches they came in, and what was recorded on them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from centrex.models import Batch, BoxMessage, CallRecording, Did, Line, LineLogin, PhoneModel, SipCredential, SipProxy
from centrex.operations.lines import give_login, refuse_login, take_login
from selfcare.admin.parts import CountsVersions, Kept, OneCustomerForm, ReadOnly
from selfcare.errors import Refused


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


class LineLoginForm(forms.ModelForm):
    """Refused for who is no line user of the line's customer."""

    class Meta:
        model = LineLogin
        fields = ("user", "line")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        login, line = self.cleaned_data.get("user"), self.cleaned_data.get("line")
        if login and line:
            try:
                refuse_login(line, login)
            except Refused as refusal:
                self.add_error("user", str(refusal.message))
        return cleaned


@admin.register(LineLogin)
class LineLoginAdmin(admin.ModelAdmin):
    """Who signs in to the portal for which phone line; deleting one leaves a login without a line."""

    form = LineLoginForm
    list_display = ("user", "line", "customer")
    list_select_related = ("user", "line", "customer")
    search_fields = ("user__username", "line__account_id", "customer__company_name")
    autocomplete_fields = ("user", "line")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: LineLogin, form: Any, change: bool) -> None:
        given = give_login(user=request.user, line=obj.line, login=obj.user)
        obj.pk, obj.customer_id = given.pk, given.customer_id

    def delete_model(self, request: HttpRequest, obj: LineLogin) -> None:
        take_login(user=request.user, given=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[LineLogin]) -> None:
        for given in queryset:
            take_login(user=request.user, given=given)


@admin.register(SipCredential)
class SipCredentialAdmin(ReadOnly, admin.ModelAdmin):
    """Since when a phone has its password; what it is nobody can see."""

    list_display = ("user", "realm", "line", "customer", "set_at")
    list_select_related = ("line", "customer")
    search_fields = ("user", "customer__company_name")
    fields = ("customer", "line", "user", "realm", "set_at")


@admin.register(PhoneModel)
class PhoneModelAdmin(admin.ModelAdmin):
    """What the page of a line's device suggests; lines keep the name as text, so any of these may go."""

    list_display = ("name",)
    search_fields = ("name",)


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
