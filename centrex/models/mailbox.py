"""What is left for a line: voicemail messages and faxes."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.line import Line
from selfcare.tenancy import CustomerOwned


def stored_as(message: BoxMessage, filename: str) -> str:
    """A path that nothing a caller sent is part of."""
    return f"boxes/{message.customer_id}/{uuid.uuid4()}"


class BoxMessage(CustomerOwned):
    """A voicemail message or a fax in a line's box; `uid` is the switch's, so that the same comes once."""

    class Kind(models.TextChoices):
        VOICE = "voice", _("Voicemail")
        FAX = "fax", _("Fax")

    class State(models.TextChoices):
        NEW = "new", _("New")
        SEEN = "seen", _("Seen")
        ANSWERED = "answered", _("Answered")

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="messages", verbose_name=_("phone line"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    uid = models.CharField(_("switch's id"), max_length=100, unique=True)
    received_at = models.DateTimeField(_("Time"))
    caller = models.CharField(_("From"), max_length=64, blank=True)
    caller_name = models.CharField(_("name"), max_length=100, blank=True)
    seconds = models.PositiveIntegerField(_("Duration"), null=True, blank=True)
    pages = models.PositiveSmallIntegerField(_("Pages"), null=True, blank=True)
    size = models.PositiveIntegerField(_("Size, KB"))
    file = models.FileField(_("file"), upload_to=stored_as, max_length=200)
    content_type = models.CharField(_("type"), max_length=40)
    state = models.CharField(_("Status"), max_length=10, choices=State, default=State.NEW)
    starred = models.BooleanField(_("Starred"), default=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["line", "kind", "-received_at"], name="box_of_a_line")]

    def __str__(self) -> str:
        return f"{self.caller} {self.received_at:%Y-%m-%d %H:%M}"
