"""What DISA of a line has seen: wrong PINs, and when its owners heard of its use."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.line import Line
from selfcare.tenancy import CustomerOwned


class DisaGuard(CustomerOwned):
    """A line's wrong PINs since the last right one; `recent` are the last ones as {"at": ISO 8601, "caller": E.164}."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="disa_guard", verbose_name=_("phone line"))
    failures = models.PositiveIntegerField(_("wrong PINs in a row"), default=0)
    recent = models.JSONField(_("last wrong PINs"), default=list, blank=True)
    told_on = models.DateField(_("owners were told of its use on"), null=True, blank=True)

    class Meta:
        verbose_name = _("DISA of a line")
        verbose_name_plural = _("DISA of lines")
        ordering = ["line__account_id"]

    def __str__(self) -> str:
        return str(self.line)
