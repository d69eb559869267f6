"""Sites: places of a company that share limits."""

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned

AT_LEAST_ONE = [MinValueValidator(1)]
CALL_LIMITS = ("max_calls", "max_calls_in", "max_calls_out", "max_calls_forwarded")
BANDWIDTHS = ("max_bandwidth", "max_bandwidth_in", "max_bandwidth_out")


def optional_limit(label: object) -> models.PositiveIntegerField:
    """A limit that is off while it is empty."""
    return models.PositiveIntegerField(label, null=True, blank=True, validators=AT_LEAST_ONE)


@tracked()
class Site(Versioned, CustomerOwned):
    """A place whose lines share limits of calls and bandwidth (kbit/s, with all overhead).

    The Default site is made by a database trigger together with the customer (migration 0004), so every column
    needs a database default or may be empty. Lines without a site share its limits.
    """

    class Codecs(models.TextChoices):
        ANY = "any", _("Whatever the phones agree on")
        G711 = "g711", _("G.711 (as good as a landline)")
        G722 = "g722", _("G.722 (clearer voices, same bandwidth)")
        G729 = "g729", _("G.729 (for narrow connections)")
        OPUS = "opus", _("Opus (clear voices, adapts to the connection)")

    class Mobility(models.TextChoices):
        STATIONARY = "stationary", _("Stationary")
        ROAMING = "roaming", _("Roaming")

    name = models.CharField(_("Site Name"), max_length=60)
    is_default = models.BooleanField(_("default"), default=False, db_default=False, editable=False)
    limit_calls = models.BooleanField(_("Limit Simultaneous Calls"), default=False, db_default=False)
    max_calls = optional_limit(_("Max Number of Simultaneous Calls"))
    max_calls_in = optional_limit(_("Max Number of Incoming Calls"))
    max_calls_out = optional_limit(_("Max Number of Outgoing Calls"))
    max_calls_forwarded = optional_limit(_("Max Number of Forwarded Calls"))
    count_internal = models.BooleanField(_("Calls between extensions count too"), default=True, db_default=True)
    codecs = models.CharField(
        _("Codec Connectivity Profile"), max_length=10, choices=Codecs, default=Codecs.ANY, db_default=Codecs.ANY
    )
    max_bandwidth = optional_limit(_("Max Bandwidth"))
    max_bandwidth_in = optional_limit(_("Max Incoming Bandwidth"))
    max_bandwidth_out = optional_limit(_("Max Outgoing Bandwidth"))
    country = CountryField(_("Current Location"), blank=True, default="", db_default="")
    mobility = models.CharField(
        _("Allowed Mobility"),
        max_length=10,
        choices=Mobility,
        default=Mobility.STATIONARY,
        db_default=Mobility.STATIONARY,
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "name"],
                name="site_name_once",
                violation_error_message=_("There is a site of this name already."),
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(is_default=True), name="one_default_site_a_customer"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Default")) if self.is_default and self.name == "Default" else self.name

    def clean(self) -> None:
        """A limit of a part above the limit of the whole would never refuse a call."""
        errors: dict[str, object] = {}
        if self.limit_calls and all(getattr(self, name) is None for name in CALL_LIMITS):
            errors["max_calls"] = _("Enter at least one number, or switch Limit Simultaneous Calls off.")
        for whole, *parts in [CALL_LIMITS] * self.limit_calls + [BANDWIDTHS]:
            most = getattr(self, whole)
            for part in parts:
                if most is not None and (getattr(self, part) or 0) > most:
                    label = self._meta.get_field(whole).verbose_name
                    errors[part] = _("This may not be more than %(whole)s, which is %(most)s.") % {
                        "whole": label,
                        "most": most,
                    }
        if errors:
            raise ValidationError(errors)
