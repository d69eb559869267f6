"""Spreadsheets that somebody has given back and not yet applied."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.tenancy import CustomerOwned


class SheetUpload(CustomerOwned):
    """The rows of a file between looking at the difference and applying it; one a user and kind, for a day.

    `table` is {"heads": [text], "lines": [[row number, [text]]]}.
    """

    class Kind(models.TextChoices):
        EXTENSIONS = "extensions", _("Extensions")
        HUNTGROUPS = "huntgroups", _("Huntgroups")
        ABBREVIATED = "abbreviated", _("Abbreviated Dialing")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    table = models.JSONField(_("rows"))
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("uploaded spreadsheet")
        verbose_name_plural = _("uploaded spreadsheets")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_sheet_upload_a_user")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.user})"
