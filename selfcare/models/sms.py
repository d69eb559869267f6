"""The outbox of text messages: a row first, as with mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField


class OutgoingSms(models.Model):
    """A text message to send; written in the transaction that causes it, sent by a task."""

    customer = models.ForeignKey(
        "selfcare.Customer", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("customer")
    )
    key = models.CharField(_("key"), max_length=120, unique=True, help_text=_("One message a key."))
    to = PhoneNumberField(_("to"))
    body = models.CharField(_("text"), max_length=480)
    created_at = models.DateTimeField(_("created"))
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("outgoing text message")
        verbose_name_plural = _("outgoing text messages")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["to", "created_at"], name="sms_to_a_number")]

    def __str__(self) -> str:
        return self.body[:60]
