"""What keeps calls safe: classes of numbers that can be barred, addresses for calls for help, planned changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from centrex.models.line import Line
from centrex.models.site import Site
from selfcare.models import Versioned
from selfcare.tenancy import CustomerOwned


class BarringClass(models.Model):
    """The ITSP's class of numbers, such as premium rate; patterns one a line, "x" any digit, "%" any that follow."""

    class Matching(models.TextChoices):
        MATCHES = "matches", _("Numbers that match")
        DOES_NOT = "does_not", _("Numbers that do not match")

    name = models.CharField(_("name"), max_length=60, unique=True)
    matching = models.CharField(_("matching type"), max_length=10, choices=Matching, default=Matching.MATCHES)
    patterns = models.TextField(_("number patterns"), max_length=20_000)
    barred_by_default = models.BooleanField(_("barred by default"), default=False)
    dangerous = models.BooleanField(
        _("allowing it asks for the password"),
        default=False,
        help_text=_("For premium rate and expensive countries: frauds begin by allowing these."),
    )

    class Meta:
        verbose_name = _("barring class")
        verbose_name_plural = _("barring classes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EmergencyAddress(Versioned, CustomerOwned):
    """Where help is sent to when a line calls for it; for the line, else its site, else the company.

    The newest of a place that is `ACTIVE` counts; an edited one is checked again before it does.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Being checked")
        NEEDS_CHOICE = "needs_choice", _("Choose one of the addresses found")
        INVALID = "invalid", _("Not found")
        ACCEPTED = "accepted", _("Accepted")
        ACTIVE = "active", _("Active")
        SUPERSEDED = "superseded", _("Replaced")

    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, blank=True, related_name="emergency_addresses")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, null=True, blank=True, related_name="emergency_addresses")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    caller_name = models.CharField(_("Name"), max_length=60)
    country = CountryField(_("Country"))
    province = models.CharField(_("Province/State"), max_length=60, blank=True)
    city = models.CharField(_("City"), max_length=60)
    postal_code = models.CharField(_("Postal Code"), max_length=10)
    address = models.CharField(_("Address"), max_length=41)
    extended = models.CharField(_("Floor, suite"), max_length=60, blank=True)
    callback = models.CharField(_("Number to call back"), max_length=15, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    choices = models.JSONField(_("addresses found"), default=list, blank=True)
    activated_at = models.DateTimeField(_("active since"), null=True, blank=True)

    class Meta:
        verbose_name = _("emergency address")
        verbose_name_plural = _("emergency addresses")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(site__isnull=True) | models.Q(line__isnull=True), name="emergency_of_one_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.address}, {self.postal_code} {self.city}"


class PlannedChange(CustomerOwned):
    """A changed setting that begins and may end at a time; `old` is what a job puts back in the end."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("In force")
        DONE = "done", _("Over")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    record_type = models.CharField(_("record type"), max_length=60)
    record_id = models.BigIntegerField(_("record"))
    summary = models.CharField(_("what changes"), max_length=200)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    new = models.JSONField(_("new values"))
    old = models.JSONField(_("old values"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("planned change")
        verbose_name_plural = _("planned changes")
        ordering = ["starts_at"]
        indexes = [
            models.Index(fields=["starts_at"], name="changes_to_start", condition=models.Q(state="planned")),
            models.Index(fields=["ends_at"], name="changes_to_end", condition=models.Q(state="running")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("starts_at")),
                name="planned_change_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.summary
