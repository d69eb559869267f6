"""What the customer said of the findings of the Health Check."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.tenancy import CustomerOwned


class HealthDismissal(CustomerOwned):
    """A finding that is as the customer wants it; `key` names the check and the records, `words` what it said then."""

    key = models.CharField(_("finding"), max_length=200)
    words = models.CharField(_("words"), max_length=300)
    dismissed_at = models.DateTimeField(_("dismissed"))
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("dismissed finding")
        verbose_name_plural = _("dismissed findings")
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["customer", "key"], name="finding_dismissed_once")]

    def __str__(self) -> str:
        return self.words
