"""Where help is sent to when a line calls for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from centrex.models.line import Line
from centrex.models.site import Site
from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


class State(models.TextChoices):
    """What has become of an address; which state may follow which is in `centrex.routing.emergency`."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Being checked")
    NEEDS_CHOICE = "needs_choice", _("Choose one of the addresses found")
    INVALID = "invalid", _("Not accepted")
    ACCEPTED = "accepted", _("Accepted")
    ACTIVE = "active", _("Active")
    SUPERSEDED = "superseded", _("Replaced")


# Beside the active one, a place has at most one address that is on its way to be.
OPEN = (State.DRAFT, State.SUBMITTED, State.NEEDS_CHOICE, State.INVALID, State.ACCEPTED)


def one_of_each_place(name: str, states: tuple[str, ...]) -> list[models.UniqueConstraint]:
    """At most one address in one of `states` for a line, a site, and a company."""
    here = models.Q(state__in=states)
    company = models.Q(site__isnull=True, line__isnull=True)
    return [
        models.UniqueConstraint(fields=["line"], condition=here, name=f"{name}_a_line"),
        models.UniqueConstraint(fields=["site"], condition=here, name=f"{name}_a_site"),
        models.UniqueConstraint(fields=["customer"], condition=here & company, name=f"{name}_a_company"),
    ]


@tracked()
class EmergencyAddress(Versioned, CustomerOwned):
    """The address of a line, else its site, else the company; only an active one counts.

    An edited address is a row of its own that is checked again, while the active one still counts. The lengths are
    those that the networks of emergency services take.
    """

    State = State

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, null=True, blank=True, related_name="emergency", verbose_name=_("site")
    )
    line = models.ForeignKey(
        Line, on_delete=models.CASCADE, null=True, blank=True, related_name="emergency", verbose_name=_("phone line")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    caller_name = models.CharField(_("Name"), max_length=60)
    country = CountryField(_("Country"))
    province = models.CharField(_("Province/State"), max_length=60, blank=True)
    city = models.CharField(_("City"), max_length=60)
    postal_code = models.CharField(_("Postal Code"), max_length=10, blank=True)
    street = models.CharField(_("Street"), max_length=41)
    house_number = models.CharField(_("House number"), max_length=10, blank=True)
    extra = models.CharField(_("Floor, suite"), max_length=60, blank=True)
    notify = models.CharField(_("Who is told by e-mail"), max_length=500, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    candidates = models.JSONField(_("addresses found"), default=list, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    activated_at = models.DateTimeField(_("active since"), null=True, blank=True)

    class Meta:
        verbose_name = _("emergency address")
        verbose_name_plural = _("emergency addresses")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["submitted_at"], name="addresses_to_check", condition=models.Q(state="submitted"))
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(site__isnull=True) | models.Q(line__isnull=True), name="emergency_of_one_place"
            ),
            *one_of_each_place("active_address_once", (State.ACTIVE,)),
            *one_of_each_place("open_address_once", OPEN),
        ]

    @property
    def readers(self) -> list[str]:
        """The e-mail addresses that hear of a call for help; in the column there are commas between them."""
        return [reader.strip() for reader in self.notify.split(",") if reader.strip()]

    def __str__(self) -> str:
        street = f"{self.house_number} {self.street}".strip()
        town = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (street, self.extra, town, self.province, str(self.country.name)) if part)
