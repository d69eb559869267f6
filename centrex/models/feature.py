"""What places say of features: a company, a site, or a line."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.line import Line
from centrex.models.site import Site
from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


@tracked()
class FeatureSetting(Versioned, CustomerOwned):
    """One place overrides one feature as a whole; without a row it says nothing and the next place counts.

    The place is the line, else the site, else the company. `values` are those of the dataclass of that name in
    `centrex.routing.features`; a form checks them. `locked` is the ITSP's: no place below may differ.
    """

    class Name(models.TextChoices):
        ANSWERING = "answering", _("Incoming Calls")
        LIMITS = "limits", _("Call limits")
        RECORDING = "recording", _("Call Recording")
        VOICEMAIL = "voicemail", _("Voicemail")
        FAX = "fax", _("Faxes")
        DISA = "disa", _("DISA")
        BARRING = "barring", _("Call Barring")
        IDENTITY = "identity", _("Identity")
        MUSIC = "music", _("Music On Hold")
        ATTENDANT = "attendant", _("Auto Attendant")
        FORWARDING = "forwarding", _("Forwarding")
        DIALING = "dialing", _("Dialing Rules")

    name = models.CharField(_("feature"), max_length=12, choices=Name)
    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="features", verbose_name=_("site")
    )
    line = models.ForeignKey(
        Line, on_delete=models.CASCADE, null=True, blank=True, related_name="features", verbose_name=_("phone line")
    )
    enabled = models.BooleanField(_("on"), default=True)
    values = models.JSONField(_("values"), default=dict, blank=True)
    locked = models.BooleanField(_("locked by the telephone company"), default=False)

    class Meta:
        verbose_name = _("feature setting")
        verbose_name_plural = _("feature settings")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(site__isnull=True) | models.Q(line__isnull=True), name="feature_of_one_place"
            ),
            models.UniqueConstraint(fields=["line", "name"], name="feature_once_a_line"),
            models.UniqueConstraint(fields=["site", "name"], name="feature_once_a_site"),
            models.UniqueConstraint(
                fields=["customer", "name"],
                condition=models.Q(site__isnull=True, line__isnull=True),
                name="feature_once_a_company",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_name_display())
