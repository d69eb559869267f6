"""The ledger: to look at, one customer and a bounded time at once, and to correct by one more row.

It may hold hundreds of millions of rows in monthly partitions, each indexed by customer and time. So the list stays
empty until a customer is named, always names an interval, and neither counts nor skips further than a cap.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.admin.acts import GiveCredit
from billing.models import Xdr, XdrKey
from selfcare.admin.acts import act_path
from selfcare.admin.parts import CappedPaginator, ReadOnly
from selfcare.models import Customer

MOST_CUSTOMERS = 20
CUSTOMER = "customer__id__exact"


class Interval(admin.SimpleListFilter):
    """How far back the list reaches; there is no "All"."""

    title = _("period")
    parameter_name = "days"
    usual = "31"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("1", _("Last 24 hours")),
            ("7", _("Last 7 days")),
            (self.usual, _("Last 31 days")),
            ("92", _("Last 92 days")),
            ("366", _("Last 366 days")),
        ]

    def value(self) -> str:
        asked = super().value()
        return asked if asked in dict(self.lookup_choices) else self.usual

    def choices(self, changelist: Any) -> Any:
        _everything, *choices = super().choices(changelist)
        return choices

    def queryset(self, request: HttpRequest, rows: QuerySet[Xdr]) -> QuerySet[Xdr]:
        now = timezone.now()  # charges may be dated a little ahead, by a switch whose clock is fast
        return rows.between(now - timedelta(days=int(self.value())), now + timedelta(days=1))


class LedgerList(ChangeList):
    """Newest first, as the index goes, whatever order an address asks for."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Xdr]) -> list[str]:
        return ["-started_at", "-id"]


@admin.register(Xdr)
class XdrAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("started_at", "customer", "line", "service", "cli", "cld", "charged_quantity", "amount", "failed")
    list_filter = (Interval, "service", "failed")
    list_select_related = ("customer", "line", "service")
    search_fields = ("customer__company_name",)
    search_help_text = _("Enter a customer's name or number; the list is empty until you do.")
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False

    def get_urls(self) -> list[Any]:
        return [act_path("credit/<int:pk>/", GiveCredit, "billing_xdr_credit"), *super().get_urls()]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LedgerList

    def get_search_results(self, request: HttpRequest, rows: QuerySet[Xdr], text: str) -> tuple[QuerySet[Xdr], bool]:
        """Rows of the customers that `text` names, of the customer in the address, or none."""
        if text:
            named = Q(company_name__icontains=text)
            if text.isdecimal() and len(text) < 18:
                named |= Q(pk=int(text))
            customers = Customer.objects.filter(named).values_list("pk", flat=True)[:MOST_CUSTOMERS]
            return rows.filter(customer_id__in=list(customers)), False
        return (rows if CUSTOMER in request.GET else rows.none()), False


@admin.register(XdrKey)
class XdrKeyAdmin(ReadOnly, admin.ModelAdmin):
    """Whether the ledger has taken an external ID."""

    list_display = ("external_id",)
    search_fields = ("external_id__exact",)
    ordering = ("external_id",)
    paginator = CappedPaginator
    show_full_result_count = False
