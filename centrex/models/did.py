"""External numbers (DIDs)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from centrex.models.line import Line
from selfcare import formats
from selfcare.models.customer import validate_currency
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerQuerySet, CustomerRows

if TYPE_CHECKING:
    from selfcare.models import Customer


class DidQuerySet(CustomerQuerySet):
    """External numbers."""

    def offered_to(self, customer: Customer | None, *, now: datetime) -> Self:
        """What `customer` may buy: free, for sale, in his currency, and reserved for nobody else."""
        if customer is None:
            return self.none()
        not_reserved = Q(reserved_until__isnull=True) | Q(reserved_until__lte=now) | Q(reserved_for=customer)
        return self.filter(not_reserved, customer__isnull=True, frozen=False, currency=customer.currency)

    def reserved_by(self, customer: Customer | None, *, now: datetime) -> Self:
        """What `customer` has reserved and not bought; one whose time is over counts no more."""
        return self.none() if customer is None else self.filter(reserved_for=customer, reserved_until__gt=now)


@tracked(exclude=["reserved_for", "reserved_until"])
class Did(CustomerRows):
    """A public number in the ITSP's stock; free without a customer. `number` is E.164 without the plus.

    While a customer makes up his mind it is reserved for him, until a moment; frozen, it is not for sale. Its fees
    are in `currency`, without tax, and only a customer with that currency can buy it.
    """

    number = models.CharField(
        _("DID"),
        max_length=15,
        unique=True,
        validators=[
            RegexValidator(r"^[1-9][0-9]{6,14}\Z", _("Enter a number in E.164 without the plus, such as 12125550150."))
        ],
    )
    country = CountryField(_("country"))
    city = models.CharField(_("city"), max_length=60, blank=True)
    customer = models.ForeignKey(
        "selfcare.Customer", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("customer")
    )
    line = models.ForeignKey(
        Line,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="dids",
        verbose_name=_("assigned to"),
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    activation_fee = models.DecimalField(
        _("activation fee"), max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    monthly_fee = models.DecimalField(
        _("monthly fee"), max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    frozen = models.BooleanField(_("not for sale"), default=False)
    reserved_for = models.ForeignKey(
        "selfcare.Customer",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("reserved for"),
    )
    reserved_until = models.DateTimeField(_("reserved until"), null=True, blank=True, editable=False)

    objects = DidQuerySet.as_manager()

    class Meta:
        verbose_name = _("DID")
        verbose_name_plural = _("DIDs")
        ordering = ["number"]
        indexes = [
            # All that a buyer is asked and told about the stock stands in the index.
            models.Index(
                fields=["currency", "country", "city", "number"],
                include=["reserved_until", "reserved_for"],
                name="dids_for_sale",
                condition=Q(customer__isnull=True, frozen=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(line__isnull=True) | Q(customer__isnull=False),
                name="assigned_did_has_a_customer",
                violation_error_message=_("A number on a line belongs to a customer."),
            ),
            models.CheckConstraint(
                condition=Q(reserved_for__isnull=True, reserved_until__isnull=True)
                | Q(reserved_for__isnull=False, reserved_until__isnull=False, customer__isnull=True),
                name="only_free_dids_are_reserved",
            ),
        ]

    def __str__(self) -> str:
        return formats.phone(self.number)
