"""Extensions: short numbers inside the office."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.line import Line
from centrex.models.office import OfficeOwned
from centrex.models.sound import Sound
from selfcare.models import Versioned
from selfcare.models.history import tracked

DIGITS = RegexValidator(r"\A[0-9]+\Z", _("Use digits only."))


@tracked()
class Extension(Versioned, OfficeOwned):
    """A short number, assigned to at most one line, that colleagues dial."""

    number = models.CharField(_("extension number"), max_length=6, validators=[DIGITS])
    name = models.CharField(_("extension name"), max_length=60, blank=True)
    # Its uniqueness is checked at the end of a statement as well (migration 0007), so that lines may be exchanged.
    line = models.OneToOneField(
        Line,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="extension",
        verbose_name=_("assigned to phone line"),
    )
    primary_group = models.ForeignKey(
        "centrex.Huntgroup",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="primary_extensions",
        verbose_name=_("primary group"),
    )
    published = models.BooleanField(
        _("published"),
        default=True,
        help_text=_("Callers can find this extension in the dial-by-name directory."),
    )

    recorded_name = models.OneToOneField(
        Sound,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="extension",
        verbose_name=_("recorded name"),
    )

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "number"],
                name="extension_number_once",
                deferrable=models.Deferrable.IMMEDIATE,  # two numbers may change places in one statement
                violation_error_message=_("This number is already in use."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()
