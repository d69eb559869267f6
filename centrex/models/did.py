"""External numbers (DIDs)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from centrex.models.line import Line
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerRows


@tracked(exclude=["reserved_for", "reserved_until"])
class Did(CustomerRows):
    """A public number in the ITSP's stock; free without a customer. `number` is E.164 without the plus.

    While a customer makes up his mind it is reserved for him, until a moment; frozen, it is not for sale.
    """

    number = models.CharField(_("DID"), max_length=15, unique=True)
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
    activation_fee = models.DecimalField(_("activation fee"), max_digits=10, decimal_places=2, default=0)
    monthly_fee = models.DecimalField(_("monthly fee"), max_digits=10, decimal_places=2, default=0)
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

    class Meta:
        verbose_name = _("DID")
        verbose_name_plural = _("DIDs")
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["country", "city", "number"], name="dids_in_stock", condition=models.Q(customer__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(line__isnull=True) | models.Q(customer__isnull=False),
                name="assigned_did_has_a_customer",
                violation_error_message=_("A number on a line belongs to a customer."),
            ),
            models.CheckConstraint(
                condition=models.Q(reserved_for__isnull=True, reserved_until__isnull=True)
                | models.Q(reserved_for__isnull=False, reserved_until__isnull=False, customer__isnull=True),
                name="only_free_dids_are_reserved",
            ),
        ]

    def __str__(self) -> str:
        return self.number
