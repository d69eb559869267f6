"""Ways to pay that a provider keeps for a customer; of a card or an account only its end is ever here."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.models import Customer
from selfcare.tenancy import CustomerOwned


class ProviderCustomer(models.Model):
    """The payer that a provider knows for a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("customer"))
    provider = models.CharField(_("provider"), max_length=20)
    ref = models.CharField(_("provider's name for it"), max_length=100)

    class Meta:
        verbose_name = _("payer at a provider")
        verbose_name_plural = _("payers at providers")
        constraints = [
            models.UniqueConstraint(fields=["customer", "provider"], name="one_payer_a_customer"),
            models.UniqueConstraint(fields=["provider", "ref"], name="payer_of_one_customer"),
        ]

    def __str__(self) -> str:
        return self.ref


class StoredMethod(CustomerOwned):
    """A stored card, bank account or PayPal account. It is never deleted, as payments speak of it."""

    class Kind(models.TextChoices):
        CARD = "card", _("Credit or debit card")
        ACH = "ach", _("Bank account (eCheck)")
        SEPA = "sepa", _("Direct Debit")
        PAYPAL = "paypal", _("PayPal")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.CharField(_("provider"), max_length=20)
    ref = models.CharField(_("provider's name for it"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    brand = models.CharField(_("brand or bank"), max_length=60, blank=True)
    last4 = models.CharField(_("last four digits"), max_length=4, blank=True)
    exp_month = models.PositiveSmallIntegerField(_("expiry month"), null=True, blank=True)
    exp_year = models.PositiveSmallIntegerField(_("expiry year"), null=True, blank=True)
    mandate = models.CharField(_("mandate"), max_length=100, blank=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=100, blank=True)
    is_default = models.BooleanField(_("preferred"), default=False)
    usable = models.BooleanField(_("usable"), default=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    detached_at = models.DateTimeField(_("removed at the provider"), null=True, blank=True)

    class Meta:
        verbose_name = _("stored payment method")
        verbose_name_plural = _("stored payment methods")
        ordering = ["-is_default", "added_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "ref"], name="stored_method_once"),
            models.UniqueConstraint(
                fields=["customer"],
                condition=models.Q(is_default=True, removed_at=None),
                name="one_preferred_method",
            ),
        ]
        indexes = [
            models.Index(
                fields=["removed_at"],
                condition=models.Q(removed_at__isnull=False, detached_at=None),
                name="methods_to_detach",
            )
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.brand or self.get_kind_display(), self.last4]))


class MethodSetup(CustomerOwned):
    """A visit to the provider's page on which a way to pay is stored; `id` is its idempotency key there as well."""

    class State(models.TextChoices):
        CREATED = "created", _("Created")
        OPEN = "open", _("Waiting for you")
        PROCESSING = "processing", _("Being checked")
        DONE = "done", _("Stored")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("user")
    )
    provider = models.CharField(_("provider"), max_length=20)
    kind = models.CharField(_("kind"), max_length=10, choices=StoredMethod.Kind)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.CREATED)
    session_id = models.CharField(_("provider's session"), max_length=100, blank=True)
    session_url = models.URLField(_("provider's page"), max_length=2000, blank=True)
    method = models.ForeignKey(
        StoredMethod, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("method")
    )
    failure = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("last change"))
    next_check_at = models.DateTimeField(_("next check"), null=True, blank=True)
    checks = models.PositiveSmallIntegerField(_("checks"), default=0)

    class Meta:
        verbose_name = _("storing of a payment method")
        verbose_name_plural = _("storings of payment methods")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "session_id"], condition=~models.Q(session_id=""), name="setup_session_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(state__in=["created", "open", "processing"]),
                name="setups_to_settle",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"
