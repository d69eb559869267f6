"""Phone lines and the batches they were delivered in."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.site import Site
from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned

MAC = RegexValidator(r"\A([0-9a-f]{2}:){5}[0-9a-f]{2}\Z", _("A MAC address is twelve digits from 0 to 9 and a to f."))


class PhoneModel(models.Model):
    """A phone that the ITSP knows and suggests; a line may name any other."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("phone model")
        verbose_name_plural = _("phone models")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Batch(CustomerOwned):
    """A group of lines that the ITSP set up together."""

    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["customer", "name"], name="batch_name_once")]

    def __str__(self) -> str:
        return self.name


@tracked(exclude=["last_used_at", "registered_until"])  # calls and phones change these all day
class Line(Versioned, CustomerOwned):
    """A phone line: a SIP account with an ID of its own, usually its number in E.164 without the plus."""

    class Kind(models.TextChoices):
        CREDIT = "credit", _("Credit")
        DEBIT = "debit", _("Debit")

    class Forwarding(models.TextChoices):
        NONE = "none", _("None")
        FOLLOW_ME = "follow_me", _("Follow-Me")
        ADVANCED = "advanced", _("Advanced Forwarding")
        SIP_URI = "sip_uri", _("Forward to SIP URI")
        SIMPLE = "simple", _("Simple Forwarding")

    account_id = models.CharField(_("ID"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    kind = models.CharField(_("type"), max_length=6, choices=Kind, default=Kind.CREDIT)
    product = models.CharField(_("product"), max_length=60, blank=True)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("batch")
    )
    site = models.ForeignKey(
        Site,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("site"),
        help_text=_("Empty: the Default site."),
    )
    forwarding = models.CharField(_("forwarding"), max_length=10, choices=Forwarding, default=Forwarding.NONE)
    phone_model = models.CharField(_("IP phone model"), max_length=60, blank=True)
    mac = models.CharField(_("MAC address"), max_length=17, blank=True, validators=[MAC])
    note = models.CharField(_("note"), max_length=200, blank=True)
    blocked = models.BooleanField(_("blocked"), default=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    # When the phone's registration at the SIP server runs out; the server's events keep it.
    registered_until = models.DateTimeField(_("registered until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("phone line")
        verbose_name_plural = _("phone lines")
        ordering = ["account_id"]

    def __str__(self) -> str:
        return f"{self.account_id} ({self.name})" if self.name else self.account_id
