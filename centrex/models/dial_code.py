"""The one number space of a main office and its branches."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.tenancy import CustomerOwned

DIALLABLE = RegexValidator(r"\A[*#]?[0-9]+\Z", _("Use digits only."))


class DialCode(CustomerOwned):
    """What can be dialled inside an office: one row for each extension, huntgroup, abbreviated number, service code.

    `customer` is the main office. No two codes are equal (held by the database) and none is the
    beginning of another (held by `centrex.operations.numbers`, which locks the office's row).
    """

    class Kind(models.TextChoices):
        EXTENSION = "extension", _("extension")
        HUNTGROUP = "huntgroup", _("huntgroup")
        ABBREVIATED = "abbreviated", _("abbreviated number")
        SERVICE = "service", _("service code")

    code = models.CharField(_("code"), max_length=16, validators=[DIALLABLE])
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    class Meta:
        verbose_name = _("dial code")
        verbose_name_plural = _("dial codes")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["customer", "code"], name="one_meaning_a_code")]

    def __str__(self) -> str:
        return self.code
