"""What keeps calls safe: classes of numbers that can be barred."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
