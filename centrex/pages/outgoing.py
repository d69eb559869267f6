"""Outgoing Calls: the customer sees how many calls he may make at a time."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from centrex.models import CompanySettings
from selfcare.crud.views import DetailPage


class Outgoing(DetailPage):
    page = "centrex:outgoing"
    title = _("Outgoing Calls")
    intro = _("How many calls your company can have at the same time.")
    model = CompanySettings
    template_name = "centrex/company/outgoing.html"

    def get_object(self, queryset: Any = None) -> CompanySettings:
        return self.get_queryset().get()
