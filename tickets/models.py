"""Trouble tickets of the local back end."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.tenancy import CustomerOwned


class Category(models.Model):
    """A queue that staff work through."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Ticket(CustomerOwned):
    """A question or fault that a customer's user reported; the conversation is in its messages."""

    class Status(models.TextChoices):
        NEW = "new", _("New")
        OPEN = "open", _("Open")
        STALLED = "stalled", _("Waiting for you")
        RESOLVED = "resolved", _("Closed")
        REJECTED = "rejected", _("Rejected")

    class Priority(models.IntegerChoices):
        LOW = 1, _("Low")
        NORMAL = 2, _("Normal")
        HIGH = 3, _("High")

    subject = models.CharField(_("subject"), max_length=150)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, verbose_name=_("category"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.NEW)
    requestor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("requestor")
    )
    about = models.CharField(
        _("about"),
        max_length=200,
        blank=True,
        help_text=_("Page, phone line, invoice or call that it is about."),
    )
    created_at = models.DateTimeField(_("created"))
    updated_at = models.DateTimeField(_("last updated"))

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["customer", "-updated_at"], name="ticket_by_customer")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def is_closed(self) -> bool:
        return self.status in {self.Status.RESOLVED, self.Status.REJECTED}


class Message(models.Model):
    """One entry of the conversation; an internal one is seen by staff only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )
    author_name = models.CharField(_("author's name"), max_length=150)
    from_staff = models.BooleanField(_("from staff"), default=False)
    internal = models.BooleanField(
        _("internal comment"), default=False, help_text=_("Never shown or mailed to the customer.")
    )
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(internal=False) | models.Q(from_staff=True),
                name="only_staff_comment_internally",
            )
        ]

    def __str__(self) -> str:
        return f"{self.author_name}, {self.created_at:%Y-%m-%d %H:%M}"


def attachment_path(attachment: "Attachment", name: str) -> str:
    """A generated path: the user's file name is kept in the row and never becomes a path."""
    return f"tickets/{attachment.message.ticket_id}/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A file that came with a message; `name` is what the user called it, `size` is in bytes."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    file = models.FileField(_("file"), upload_to=attachment_path)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
