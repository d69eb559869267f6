"""Records that the main office keeps for itself and for its branch offices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from selfcare.tenancy import CustomerOwned, CustomerQuerySet

if TYPE_CHECKING:
    from selfcare.models import Customer


class OfficeQuerySet(CustomerQuerySet):
    """Rows kept by a main office: all of them for the main office, its own for a branch."""

    def for_customer(self, customer: Customer | None) -> Self:
        """All rows that `customer` may see; `kept_by` tells which of them it may change."""
        return self.none() if customer is None else self.filter(Q(customer=customer) | Q(branch_office=customer))

    def kept_by(self, customer: Customer | None) -> Self:
        """The rows that `customer` may change: a branch office may change none."""
        return self.none() if customer is None else self.filter(customer=customer)


class OfficeOwned(CustomerOwned):
    """Kept by the main office (`customer`), optionally for one of its branch offices."""

    branch_office = models.ForeignKey(
        "selfcare.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("branch office"),
        help_text=_("Empty: the main office."),
    )
    objects = OfficeQuerySet.as_manager()

    class Meta:
        abstract = True
