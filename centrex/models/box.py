"""What was left for a line: voicemail messages and faxes."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models.line import Line
from selfcare.models import OutgoingMail
from selfcare.tenancy import CustomerOwned


def stored_as(message: BoxMessage, filename: str) -> str:
    """A path that nothing a caller sent is part of."""
    return f"boxes/{message.customer_id}/{uuid.uuid4()}"


class BoxMessage(CustomerOwned):
    """A voicemail message or a fax in a line's box; `uid` is the feature server's, so that the same comes once.

    `file` is what people listen to or read (WAV, MP3 or PDF); a fax may have its TIFF beside it. `bytes` is what both
    take of the box. Once `leaves_with` is sent, a message that is forwarded by e-mail leaves the box.
    """

    class Kind(models.TextChoices):
        VOICE = "voice", _("Voicemail")
        FAX = "fax", _("Fax")

    class Status(models.TextChoices):
        NEW = "new", _("New")
        SEEN = "seen", _("Seen")
        ANSWERED = "answered", _("Answered")

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="messages", verbose_name=_("phone line"))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    uid = models.CharField(_("feature server's id"), max_length=100)
    received_at = models.DateTimeField(_("Time"))
    caller = models.CharField(_("From"), max_length=64, blank=True)
    name = models.CharField(_("Name"), max_length=100, blank=True)
    seconds = models.PositiveIntegerField(_("Duration"), null=True, blank=True)
    pages = models.PositiveSmallIntegerField(_("Pages"), null=True, blank=True)
    bytes = models.PositiveBigIntegerField(_("Size"))
    file = models.FileField(_("file"), upload_to=stored_as, max_length=200)
    tiff = models.FileField(_("TIFF file"), upload_to=stored_as, max_length=200, blank=True)
    content_type = models.CharField(_("type"), max_length=40)
    status = models.CharField(_("Status"), max_length=10, choices=Status, default=Status.NEW)
    starred = models.BooleanField(_("Starred"), default=False)
    leaves_with = models.ForeignKey(
        OutgoingMail, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("leaves with")
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-received_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["line", "uid"], name="message_once_a_line")]
        indexes = [models.Index(fields=["line", "kind", "-received_at"], name="box_of_a_line")]

    def __str__(self) -> str:
        return f"{self.caller} {self.received_at:%Y-%m-%d %H:%M}".strip()

    @property
    def is_new(self) -> bool:
        """Whether nobody has listened to it or read it yet."""
        return self.status == self.Status.NEW
