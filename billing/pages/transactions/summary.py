"""The totals by service."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.pages.transactions.page import FilteredPage


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One service in the summary; `details` is the address of its rows."""

    name: str
    transactions: int
    quantity: str
    amount: Decimal
    details: str


class Summary(FilteredPage):
    template_name = "billing/transactions/summary.html"
    title = _("Transactions")
    intro = _("What was charged and paid in a time that you choose, by service.")

    def refuse(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data(filter=self.filter, totals=None))

    def words(self) -> dict[str, Any]:
        rows = [
            SummaryRow(
                name=total.service.name,
                transactions=total.transactions,
                quantity=total.service.counted(total.charged_quantity),
                amount=total.amount,
                details=f"{reverse('billing:transactions-of', args=[total.service.pk])}?{self.query}",
            )
            for total in self.totals
        ]
        return {
            "totals": rows,
            "count": self.count,
            "amount": sum((row.amount for row in rows), Decimal(0)),
            "csv": {"format": "csv"},
            "xlsx": {"format": "xlsx"},
        }
