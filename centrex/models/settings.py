"""What a whole company has set: codes, music, limits."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.sound import Sound
from selfcare.models import Customer, Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerRows

SERVICE_CODE = RegexValidator(
    r"\A[*#]?[0-9]{1,5}\Z", _("Enter up to five digits, with * or # before them if you like.")
)


@tracked()
class CompanySettings(Versioned, CustomerRows):
    """One row a customer, made by a database trigger together with the customer (migration 0004).

    The codes count in the row of the main office, for it and its branch offices: they share one number space.
    A column without a database default would stop that trigger.
    """

    class HideCli(models.TextChoices):
        NEVER = "never", _("Never")
        ALWAYS = "always", _("Always")
        AUTOMATIC = "automatic", _("Automatic")

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, related_name="company_settings", verbose_name=_("customer")
    )

    # General: the ITSP switches this on.
    paging_enabled = models.BooleanField(_("Paging / Intercom"), default=False, db_default=False)
    paging_prefix = models.CharField(
        _("Paging / Intercom Prefix"), max_length=6, default="*33", db_default="*33", validators=[SERVICE_CODE]
    )

    # Incoming Calls
    distinctive_ring = models.BooleanField(_("Ext-to-Ext call distinctive ring"), default=False, db_default=False)
    pickup_enabled = models.BooleanField(_("Group Pickup"), default=False, db_default=False)
    pickup_prefix = models.CharField(
        _("Group Pickup Prefix"), max_length=6, default="*40", db_default="*40", validators=[SERVICE_CODE]
    )
    parking_enabled = models.BooleanField(_("Call Parking"), default=False, db_default=False)
    park_prefix = models.CharField(
        _("Park Prefix"), max_length=6, default="*70", db_default="*70", validators=[SERVICE_CODE]
    )
    release_prefix = models.CharField(
        _("Release Prefix"), max_length=6, default="*71", db_default="*71", validators=[SERVICE_CODE]
    )

    record_codes_enabled = models.BooleanField(_("Recording by code"), default=False, db_default=False)
    record_start_code = models.CharField(
        _("Recording Start Code"), max_length=6, default="*44", db_default="*44", validators=[SERVICE_CODE]
    )
    record_stop_code = models.CharField(
        _("Recording Stop Code"), max_length=6, default="*45", db_default="*45", validators=[SERVICE_CODE]
    )

    # Identity
    hide_cli = models.CharField(
        _("Hide CLI"), max_length=10, choices=HideCli, default=HideCli.NEVER, db_default=HideCli.NEVER
    )
    hide_cli_prefix = models.CharField(
        _("Hide CLI Prefix"), max_length=6, default="*67", db_default="*67", validators=[SERVICE_CODE]
    )
    show_cli_prefix = models.CharField(
        _("Show CLI Prefix"), max_length=6, default="*82", db_default="*82", validators=[SERVICE_CODE]
    )

    # Abbreviated Dialing
    abbreviated_length = models.PositiveSmallIntegerField(
        _("Abbreviated Number Length"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
    )

    # Outgoing Calls and Call Recording: the ITSP sets these.
    limit_calls = models.BooleanField(_("Limit Simultaneous Calls"), default=False, db_default=False)
    max_calls = models.PositiveSmallIntegerField(
        _("Max Number of Simultaneous Calls"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    call_recording = models.BooleanField(_("Call Recording"), default=False, db_default=False)

    # Music On Hold
    music_enabled = models.BooleanField(_("Music On Hold"), default=True, db_default=True)
    music = models.ForeignKey(
        Sound, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("music")
    )

    class Meta:
        verbose_name = _("company settings")
        verbose_name_plural = _("company settings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(limit_calls=False) | models.Q(max_calls__isnull=False, max_calls__gte=1),
                name="company_limit_has_a_number",
                violation_error_message=_("Enter how many calls are allowed at a time."),
            )
        ]

    def __str__(self) -> str:
        return str(self.customer)
