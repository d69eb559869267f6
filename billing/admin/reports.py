"""Reports: to look at, with the reason why one failed."""

from __future__ import annotations

from django.contrib import admin

from billing.models import XdrReport
from selfcare.admin.parts import CappedPaginator, ReadOnly


@admin.register(XdrReport)
class XdrReportAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("customer", "kind", "period_start", "period_end", "state", "reason", "tries", "rows", "made_at")
    list_filter = ("state", "kind", "requested_at")
    list_select_related = ("customer",)
    search_fields = ("customer__company_name",)
    paginator = CappedPaginator
    show_full_result_count = False
