"""How people dial: rules of their place, and abbreviated numbers."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.dial_target import DialTarget
from centrex.models.extension import DIGITS
from selfcare.models import Customer, Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned, CustomerRows

LISTED = RegexValidator(r"\A[0-9, ]*\Z", _("Enter digits, with commas between several."))
PATTERNS = RegexValidator(r"\A[0-9xX, ]*\Z", _("Enter digits, or x for any digit, with commas between several."))


@tracked()
class DialingRules(Versioned, CustomerRows):
    """What the digits that people dial mean; off, or without a row, they are E.164 already.

    Each office has rules of its own: another town, another area code. Lists are texts with commas.
    """

    class Kind(models.TextChoices):
        RESIDENTIAL = "residential", _("As from a phone at home")
        PBX = "pbx", _("As in an office, with a digit for an outside line")
        CUSTOM = "custom", _("Custom rule")

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, related_name="dialing_rules", verbose_name=_("customer")
    )
    enabled = models.BooleanField(_("Dialing Rules"), default=False)
    name = models.CharField(_("Name"), max_length=60, blank=True)
    kind = models.CharField(_("Type"), max_length=12, choices=Kind, default=Kind.RESIDENTIAL)
    country_code = models.CharField(_("Your country code"), max_length=3, blank=True, validators=[DIGITS])
    international_prefix = models.CharField(
        _("International dialing prefix"), max_length=40, blank=True, validators=[LISTED]
    )
    area_codes = models.CharField(_("Your area code(s)"), max_length=200, blank=True, validators=[LISTED])
    long_distance_prefix = models.CharField(
        _("Prefix for domestic long-distance"), max_length=5, blank=True, validators=[DIGITS]
    )
    always_area = models.BooleanField(_("Always dial the area code as part of the number"), default=False)
    outside_prefix = models.CharField(
        _("Prefix to reach the outside network"), max_length=5, blank=True, validators=[DIGITS]
    )
    local_lengths = models.CharField(_("Length of a local number"), max_length=40, blank=True, validators=[LISTED])
    national_lengths = models.CharField(
        _("Length of a number with its area code"), max_length=40, blank=True, validators=[LISTED]
    )
    carrier_codes = models.CharField(_("Carrier codes"), max_length=200, blank=True, validators=[LISTED])
    nationwide = models.CharField(
        _("Numbers without area code or prefix"), max_length=200, blank=True, validators=[PATTERNS]
    )
    exceptions = models.CharField(
        _("Emergency numbers and exceptions"), max_length=400, blank=True, validators=[PATTERNS]
    )
    custom_rule = models.TextField(_("Custom Rule"), max_length=1000, blank=True)
    translate_cli_out = models.BooleanField(_("Apply to the caller's number on outgoing calls"), default=False)
    translate_cli_in = models.BooleanField(_("Show the caller's number as it is dialled here"), default=False)
    translate_cld_in = models.BooleanField(_("Show the called number as it is dialled here"), default=False)

    class Meta:
        verbose_name = _("dialing rules")
        verbose_name_plural = _("dialing rules")

    def __str__(self) -> str:
        return self.name or str(self.customer)


@tracked()
class AbbreviatedNumber(Versioned, CustomerOwned):
    """A short number that the main office gives to a longer one; all its offices can dial it.

    `target` is a line's ID or an E.164 number without the plus; empty: the number is dialled as it is.
    """

    number = models.CharField(_("Abbreviated #"), max_length=6, validators=[DIGITS])
    target = DialTarget(_("# To Dial"), blank=True)
    description = models.CharField(_("Description"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("abbreviated number")
        verbose_name_plural = _("abbreviated numbers")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "number"],
                name="abbreviated_number_once",
                deferrable=models.Deferrable.IMMEDIATE,  # two numbers may change places in one statement
                violation_error_message=_("This number is already in use."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.description}".strip()
