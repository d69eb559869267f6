"""The brand, the trail of activity, and the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.db.models import ImageField, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from selfcare.admin.parts import CappedPaginator, Kept, ReadOnly
from selfcare.mail import MAX_TRIES
from selfcare.models import AuditEvent, Brand, OutgoingMail, OutgoingSms


@dataclass(frozen=True, slots=True)
class Logo:
    """The logo under the address at which the portal serves it; uploaded files have none of their own."""

    url: str
    name: str

    def __str__(self) -> str:
        return self.name


class LogoInput(AdminFileWidget):
    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if context["widget"]["value"]:
            context["widget"]["value"] = Logo(url=reverse("brand-logo"), name=str(value))
        return context


@admin.register(Brand)
class BrandAdmin(Kept, admin.ModelAdmin):
    """One row: the telephone company itself."""

    list_display = ("name", "colour", "support_email", "support_phone", "country", "tax_id")
    search_fields = ("name",)
    formfield_overrides = {ImageField: {"widget": LogoInput}}
    fieldsets = (
        (None, {"fields": ("name", "logo", "colour")}),
        (_("Support"), {"fields": ("support_email", "support_phone")}),
        (
            _("Printed on invoices"),
            {"fields": ("address", "country", "tax_id", "registration", "bank_details", "iban", "bic")},
        ),
        (_("Invoices without tax"), {"fields": ("no_tax", "no_tax_words")}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request) and not Brand.objects.exists()


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly, admin.ModelAdmin):
    """Who changed what, and when; nobody corrects it."""

    list_display = ("at", "customer", "user", "action", "record_name", "record_type")
    list_filter = ("at", "action")
    list_select_related = ("customer", "user")
    search_fields = ("customer__company_name", "user__username", "record_name", "=record_id")
    ordering = ("-id",)  # as "at" goes, but by an index
    paginator = CappedPaginator
    show_full_result_count = False


class MailState(admin.SimpleListFilter):
    """Sent, waiting, or given up."""

    title = _("state")
    parameter_name = "state"
    states = {
        "waiting": {"sent_at": None, "tries__lt": MAX_TRIES},
        "given_up": {"sent_at": None, "tries__gte": MAX_TRIES},
        "sent": {"sent_at__isnull": False},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Waiting")), ("given_up", _("Given up")), ("sent", _("Sent"))]

    def queryset(self, request: HttpRequest, mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
        return mails.filter(**self.states.get(self.value() or "", {}))


@admin.register(OutgoingSms)
class OutgoingSmsAdmin(ReadOnly, admin.ModelAdmin):
    """The outbox of text messages; each was sent as a mail as well."""

    list_display = ("created_at", "to", "body", "customer", "state", "tries", "sent_at", "last_error")
    list_filter = ("state", "created_at")
    list_select_related = ("customer",)
    search_fields = ("body", "customer__company_name")
    ordering = ("-id",)
    paginator = CappedPaginator
    show_full_result_count = False


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnly, admin.ModelAdmin):
    """The outbox."""

    list_display = ("created_at", "to", "subject", "customer", "tries", "next_try_at", "sent_at", "last_error")
    list_filter = (MailState, "created_at")
    list_select_related = ("customer",)
    search_fields = ("subject", "to", "customer__company_name")
    ordering = ("-id",)
    paginator = CappedPaginator
    show_full_result_count = False
    fields = ("customer", "to", "bcc", "subject", "text", "created_at", "tries", "next_try_at", "sent_at", "last_error")
    actions = ("send_again",)

    @admin.display(description=_("text"))
    def text(self, mail: OutgoingMail) -> str:
        """Not for a mail about signing in: whoever has its link can set that user's password."""
        return (
            str(_("Hidden, because it may hold a link to sign in.")) if mail.key.startswith("account:") else mail.body
        )

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("selfcare.change_outgoingmail")

    @admin.action(description=_("Send again what was not sent"), permissions=["resend"])
    def send_again(self, request: HttpRequest, mails: QuerySet[OutgoingMail]) -> None:
        count = mails.filter(sent_at=None).update(tries=0, next_try_at=None)
        words = ngettext("%(count)s mail will be sent again.", "%(count)s mails will be sent again.", count)
        messages.success(request, words % {"count": count})
