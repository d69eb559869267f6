"""External numbers (DIDs)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from centrex.models.line import Line
from selfcare.tenancy import CustomerRows


class Did(CustomerRows):
    """A public number in the ITSP's stock; free without a customer. `number` is E.164 without the plus."""

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

    class Meta:
        verbose_name = _("DID")
        verbose_name_plural = _("DIDs")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number
