"""General: the customer sees what his telephone company has set up for his telephone system."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from centrex.models import CompanySettings
from centrex.queries.company import counts_of
from selfcare.crud.views import DetailPage


class General(DetailPage):
    page = "centrex:general"
    title = _("General")
    intro = _("Your telephone system at a glance, and what we have set up for you.")
    model = CompanySettings
    template_name = "centrex/company/general.html"

    def get_object(self, queryset: Any = None) -> CompanySettings:
        """Paging counts in the row of the main office."""
        return CompanySettings.for_customer(self.request.customer.office).get()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        customer = self.request.customer
        facts = {"counts": counts_of(customer), "office": customer.office}
        return super().get_context_data(**(facts | kwargs))
