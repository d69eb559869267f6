"""The outbox: a mail is a row first, so that none is lost while the mail server is away."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


def stored_as(attachment: MailAttachment, filename: str) -> str:
    """A path that nothing a person sent is part of."""
    return f"mail/{uuid.uuid4()}"


class OutgoingMail(models.Model):
    """A mail to send; written in the transaction that causes it, sent by a task, tried again until it is taken."""

    customer = models.ForeignKey(
        "selfcare.Customer", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("customer")
    )
    key = models.CharField(_("key"), max_length=120, unique=True, help_text=_("One mail a key, whatever runs twice."))
    to = models.JSONField(_("to"))
    bcc = models.JSONField(_("BCC"), default=list)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    next_try_at = models.DateTimeField(_("next try"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["next_try_at"], name="mail_to_send", condition=models.Q(sent_at=None)),
        ]

    def __str__(self) -> str:
        return self.subject


class MailAttachment(models.Model):
    """A file that goes with a mail; a copy of its own, kept until the mail was sent."""

    mail = models.ForeignKey(
        OutgoingMail, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("outgoing mail")
    )
    name = models.CharField(_("name"), max_length=100)
    content_type = models.CharField(_("type"), max_length=60)
    file = models.FileField(_("file"), upload_to=stored_as, max_length=200)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
