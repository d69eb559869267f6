"""Refunds: written down before the provider is asked, as payments are."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.payment import Payment


class Refund(models.Model):
    """A part of a payment that staff give back; `id` is the idempotency key towards the provider.

    The ledger is not touched by it: what the provider then says of the payment is what is booked.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        DECLINED = "declined", _("Declined by the second person")
        CREATED = "created", _("Created")
        UNKNOWN = "unknown", _("Being checked")
        PENDING = "pending", _("On its way")
        SUCCEEDED = "succeeded", _("Given back")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("staff")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("second person"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=3, help_text=_("Gross: with the tax that was paid on top.")
    )
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CREATED)
    provider_id = models.CharField(_("provider's refund"), max_length=100, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("last change"))
    next_check_at = models.DateTimeField(_("next check"), null=True, blank=True)
    checks = models.PositiveSmallIntegerField(_("checks"), default=0)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_is_positive"),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("staff")),
                name="refund_decided_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(state__in=["created", "unknown", "pending"]),
                name="refunds_to_settle",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.get_state_display()})"
