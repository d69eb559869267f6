"""Callers that a company does not want to hear from."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare import formats
from selfcare.models import Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


@tracked()
class BlockedCaller(Versioned, CustomerOwned):
    """A number whose calls are refused for the whole company; E.164 without the plus, empty for hidden numbers."""

    number = models.CharField(
        _("number"), max_length=15, blank=True, validators=[RegexValidator(r"\A[0-9]*\Z", _("Use digits only."))]
    )
    note = models.CharField(_("note"), max_length=100, blank=True)
    blocked_at = models.DateTimeField(_("blocked"))
    blocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("blocked caller")
        verbose_name_plural = _("blocked callers")
        ordering = ["-blocked_at"]
        constraints = [models.UniqueConstraint(fields=["customer", "number"], name="caller_blocked_once")]

    def __str__(self) -> str:
        return formats.phone(self.number) or str(_("Hidden numbers"))
