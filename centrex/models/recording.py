"""Recorded calls."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.line import Line
from selfcare.tenancy import CustomerOwned


class CallRecording(CustomerOwned):
    """The sound of one call, found from its xDR by `call_id`; playable only when ready."""

    class Status(models.TextChoices):
        CONVERTING = "converting", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    call_id = models.CharField(_("call ID"), max_length=100)
    line = models.ForeignKey(
        Line,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="recordings",
        verbose_name=_("line"),
    )
    started_at = models.DateTimeField(_("started"))
    seconds = models.PositiveIntegerField(_("duration, sec"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.CONVERTING)
    file = models.FileField(_("file"), upload_to="recordings/%Y/%m/", blank=True)
    # When whoever wants it by e-mail was written to, or it was found that nobody does.
    told_at = models.DateTimeField(_("told by e-mail"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("call recording")
        verbose_name_plural = _("call recordings")
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["customer", "call_id"], name="one_recording_a_call")]
        indexes = [
            models.Index(
                fields=["started_at"],
                name="recordings_to_tell",
                condition=models.Q(told_at__isnull=True, status="ready"),
            )
        ]

    def __str__(self) -> str:
        return self.call_id

    @property
    def is_playable(self) -> bool:
        """Whether there is something to listen to."""
        return self.status == self.Status.READY and bool(self.file)
