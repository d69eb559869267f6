"""Where a company's calls may go: the countries it calls, and costly numbers that somebody has just put in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from centrex.models.dial_target import DialTarget
from centrex.models.line import Line
from selfcare.models import Customer, Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned, CustomerQuerySet, CustomerRows


@tracked()
class CalledCountries(Versioned, CustomerRows):
    """The countries that an office and its branches call beside their own; without a row it is as the ITSP has it.

    `countries` are codes of ISO 3166, two letters, and "001" for numbers of no country. Those of high risk are added
    by the ITSP only.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, related_name="called_countries", verbose_name=_("customer")
    )
    everywhere = models.BooleanField(_("Every country, but those of high risk"), default=False)
    countries = models.JSONField(_("Countries"), default=list, blank=True)

    class Meta:
        verbose_name = _("countries of a company")
        verbose_name_plural = _("countries of companies")
        ordering = ["customer__company_name"]

    def __str__(self) -> str:
        return str(self.customer)


class NewDestinationQuerySet(CustomerQuerySet):
    """New destinations."""

    def waiting(self, now: datetime) -> NewDestinationQuerySet:
        """Those of high risk that are not in use yet; an ordinary one counts from the moment it was saved."""
        return self.filter(counts_from__gt=now).exclude(counts_from=F("made_at"))


class NewDestination(CustomerOwned):
    """A number abroad or of a costly kind that a line began to send calls to; one of high risk counts a while later.

    The notice about it carries a link by which an owner takes it back, once.
    """

    class Place(models.TextChoices):
        FORWARDING = "forwarding", _("Forwarding")
        SCREENING = "screening", _("Call Screening")

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+", verbose_name=_("phone line"))
    place = models.CharField(_("where"), max_length=12, choices=Place)
    number = DialTarget(_("number"))
    made_at = models.DateTimeField(_("since"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    counts_from = models.DateTimeField(_("in use from"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = NewDestinationQuerySet.as_manager()

    class Meta:
        verbose_name = _("new destination")
        verbose_name_plural = _("new destinations")
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["customer", "counts_from"], name="destinations_that_wait")]

    def __str__(self) -> str:
        return f"{self.line}: {self.number}"
