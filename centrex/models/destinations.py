"""Where a company's calls may go: the countries it calls, and costly numbers that somebody has just put in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centrex.models.dial_target import DialTarget
from centrex.models.dialing import AbbreviatedNumber
from centrex.models.huntgroup import Huntgroup
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
        """Those of high risk that are not in use yet; an ordinary one never waits."""
        return self.filter(counts_from__gt=now)


class NewDestination(CustomerOwned):
    """A number abroad or of a costly kind that calls began to be sent to; one of high risk counts a while later.

    A line sends them there, a huntgroup outside its opening hours (`line` makes those calls), or an abbreviated number
    stands for it. `counts_from` is None for a number that counts at once. The notice about it carries a link by which
    an owner takes it back, once.
    """

    class Place(models.TextChoices):
        FORWARDING = "forwarding", _("Forwarding")
        SCREENING = "screening", _("Call Screening")
        HUNTGROUP = "huntgroup", _("Opening hours of a huntgroup")
        ABBREVIATED = "abbreviated", _("Abbreviated Dialing")

    line = models.ForeignKey(
        Line, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("phone line")
    )
    huntgroup = models.ForeignKey(
        Huntgroup, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("huntgroup")
    )
    abbreviated = models.ForeignKey(
        AbbreviatedNumber,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("abbreviated number"),
    )
    place = models.CharField(_("where"), max_length=12, choices=Place)
    number = DialTarget(_("number"))
    made_at = models.DateTimeField(_("since"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    counts_from = models.DateTimeField(_("in use from"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = NewDestinationQuerySet.as_manager()

    class Meta:
        verbose_name = _("new destination")
        verbose_name_plural = _("new destinations")
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["customer", "counts_from"], name="destinations_that_wait")]
        constraints = [
            models.CheckConstraint(
                condition=Q(place="huntgroup", line__isnull=False, huntgroup__isnull=False, abbreviated__isnull=True)
                | Q(place="abbreviated", line__isnull=True, huntgroup__isnull=True, abbreviated__isnull=False)
                | Q(
                    place__in=["forwarding", "screening"],
                    line__isnull=False,
                    huntgroup__isnull=True,
                    abbreviated__isnull=True,
                ),
                name="destination_has_its_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.number}"

    @property
    def sender(self) -> Line | Huntgroup | AbbreviatedNumber | None:
        """What sends the calls there."""
        return self.abbreviated or self.huntgroup or self.line
