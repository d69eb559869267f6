"""The outbox of text messages: a row first, as with mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField


class OutgoingSms(models.Model):
    """A text message to send; written in the transaction that causes it, sent by a task."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being handed over")
        SENT = "sent", _("Sent")
        UNSURE = "unsure", _("Maybe sent; not sent again")
        GIVEN_UP = "given_up", _("Given up")
        WITHHELD = "withheld", _("Withheld: too many, or a country that is not allowed")

    customer = models.ForeignKey(
        "selfcare.Customer", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("customer")
    )
    key = models.CharField(_("key"), max_length=120, unique=True, help_text=_("One message a key."))
    to = PhoneNumberField(_("to"))
    body = models.CharField(_("text"), max_length=480)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("created"))
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("outgoing text message")
        verbose_name_plural = _("outgoing text messages")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["to", "created_at"], name="sms_to_a_number"),
            models.Index(fields=["created_at"], name="sms_of_an_hour"),
            models.Index(fields=["id"], name="sms_waiting", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return self.body[:60]
