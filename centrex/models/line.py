"""Phone lines and the batches they were delivered in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


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


@tracked(exclude=["last_used_at"])  # each call changes it
class Line(Versioned, CustomerOwned):
    """A phone line: a SIP account with an ID of its own, usually its number in E.164 without the plus."""

    class Kind(models.TextChoices):
        CREDIT = "credit", _("Credit")
        DEBIT = "debit", _("Debit")

    account_id = models.CharField(_("ID"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    kind = models.CharField(_("type"), max_length=6, choices=Kind, default=Kind.CREDIT)
    product = models.CharField(_("product"), max_length=60, blank=True)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("batch")
    )
    phone_model = models.CharField(_("IP phone model"), max_length=60, blank=True)
    blocked = models.BooleanField(_("blocked"), default=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("phone line")
        verbose_name_plural = _("phone lines")
        ordering = ["account_id"]

    def __str__(self) -> str:
        return f"{self.account_id} ({self.name})" if self.name else self.account_id
