"""All payments of the customer and how they stand."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Payment
from billing.queries.payments import payments_of
from selfcare.crud.tables import ActionsColumn, BaseTable, ChoiceColumn, Column, MoneyColumn, TimeColumn
from selfcare.crud.views import ListPage

State = Payment.State

BADGES = {
    State.SUCCEEDED: "good",
    State.FAILED: "bad",
    State.DISPUTED: "bad",
    State.REFUNDED: "warn",
    State.PENDING: "warn",
    State.REQUIRES_ACTION: "warn",
    State.UNKNOWN: "warn",
    State.CREATED: "warn",
    State.CANCELLED: "none",
}


def actions(payment: Payment) -> list[tuple[str, str, Any]]:
    look = (reverse("billing:payment", args=[payment.pk]), "eye", _("View"))
    receipt = (reverse("billing:payment-receipt", args=[payment.pk]), "download", _("Receipt (PDF)"))
    return [look, *([receipt] if payment.paid_at else [])]


class WayColumn(Column):
    """The card or account where we know it, else the method."""

    def plain(self, value: Any, record: Payment) -> str:
        return value or str(record.get_method_display())


class PaymentsTable(BaseTable):
    css = "listing stacked labelled"
    first_sort = "-created_at"
    created_at = TimeColumn(verbose_name=_("Date"))
    total = MoneyColumn(
        verbose_name=_("Amount"), hint=_("With the tax, where tax was added."), order_by=("amount", "tax")
    )
    paid_with = WayColumn(verbose_name=_("Paid with"))
    state = ChoiceColumn(verbose_name=_("State"), choices=State.choices, badges=BADGES)
    origin = ChoiceColumn(verbose_name=_("Started by"), choices=Payment.Origin.choices, hidden=True)
    actions = ActionsColumn(actions)

    class Meta(BaseTable.Meta):
        model = Payment
        fields = ("created_at", "total", "paid_with", "state", "origin")


class Payments(ListPage):
    page = "billing:pay"
    title = _("Payments")
    intro = _("All that was paid, or tried, and how it ended.")
    model = Payment
    table_class = PaymentsTable
    empty = _("Nothing was paid yet.")

    def get_queryset(self) -> QuerySet[Payment]:
        return payments_of(self.request.customer)
