"""Statistics of closed periods that were mailed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.models import Statistic
from selfcare.tenancy import CustomerOwned


class StatisticSent(CustomerOwned):
    """What was mailed to a customer about the period that ended at `period_end`: once for each period."""

    period_start = models.DateTimeField(_("period starts"))
    period_end = models.DateTimeField(_("period ends"))
    kind = models.CharField(_("kind"), max_length=10, choices=Statistic)
    by_link = models.BooleanField(
        _("by link"), default=False, help_text=_("The file was too large for a mail; it had a link.")
    )
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("statistic sent")
        verbose_name_plural = _("statistics sent")
        ordering = ["-period_end", "-id"]
        constraints = [models.UniqueConstraint(fields=["customer", "period_end"], name="one_statistic_a_period")]

    def __str__(self) -> str:
        return f"{self.customer} {self.period_start:%Y-%m-%d}"
