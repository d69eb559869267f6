"""Subscriptions: what a customer pays for by the month."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.periods import last_moment
from centrex.models import Did
from selfcare.tenancy import CustomerOwned, CustomerQuerySet


class SubscriptionQuerySet(CustomerQuerySet):
    """Subscriptions."""

    def running(self) -> SubscriptionQuerySet:
        """Those that have not ended."""
        return self.filter(ended_at=None)


class Subscription(CustomerOwned):
    """A monthly fee in the customer's currency, without tax, charged in advance for each of his billing periods.

    [started_at, charged_until) is charged; it ends at `ended_at`, and what is charged beyond that is not given back.
    """

    name = models.CharField(_("subscription"), max_length=200)
    did = models.ForeignKey(
        Did, on_delete=models.PROTECT, null=True, blank=True, related_name="subscriptions", verbose_name=_("DID")
    )
    monthly_fee = models.DecimalField(_("monthly fee"), max_digits=14, decimal_places=3)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    charged_until = models.DateTimeField(_("charged until"))

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["did"], condition=Q(ended_at=None), name="did_is_paid_for_once"),
            models.CheckConstraint(condition=Q(monthly_fee__gte=0), name="subscription_fee_not_negative"),
            models.CheckConstraint(
                condition=Q(charged_until__gte=F("started_at")), name="subscription_charged_from_its_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="subscription_ends_after_its_start"
            ),
        ]
        indexes = [
            models.Index(fields=["charged_until"], condition=Q(ended_at=None), name="subscriptions_to_charge"),
            models.Index(fields=["customer", "ended_at"], name="subscription_by_customer"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_paid(self) -> datetime | None:
        """The last moment that is charged, None before the first charge."""
        return last_moment(self.charged_until) if self.charged_until > self.started_at else None
