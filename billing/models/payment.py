"""Payments as a state machine, and what the provider told us."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.autopay import AutoCharge
from billing.models.invoice import Invoice
from billing.models.stored import StoredMethod
from selfcare import formats
from selfcare.tenancy import CustomerOwned


class Payment(CustomerOwned):
    """An attempt to pay; written down before the provider is called, booked in the ledger once when it succeeds.

    `id` is also the idempotency key towards the provider. `amount` is what the balance falls by, `tax` is added on
    top for prepaid service; the provider charges amount + tax.
    """

    class State(models.TextChoices):
        CREATED = "created", _("Created")
        PENDING = "pending", _("Pending")
        REQUIRES_ACTION = "requires_action", _("Waiting for you")
        UNKNOWN = "unknown", _("Being checked")
        SUCCEEDED = "succeeded", _("Paid")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        REFUNDED = "refunded", _("Refunded")
        DISPUTED = "disputed", _("Disputed")

    class Method(models.TextChoices):
        CARD = "card", _("Credit or debit card")
        ACH = "ach", _("Bank account (eCheck)")
        SEPA = "sepa", _("Direct Debit NL")
        PAYPAL = "paypal", _("PayPal")
        PAYNEARME = "paynearme", _("PayNearMe")
        MANUAL = "manual", _("Recorded by staff")

    class Origin(models.TextChoices):
        CUSTOMER = "customer", _("The customer")
        AUTO = "auto", _("Auto-pay")
        STAFF = "staff", _("Staff")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.CharField(_("started by"), max_length=10, choices=Origin, default=Origin.CUSTOMER)
    auto_charge = models.ForeignKey(
        AutoCharge, on_delete=models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("auto-pay")
    )
    stored_method = models.ForeignKey(
        StoredMethod,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("stored payment method"),
    )
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Where a payment slip goes; empty for all other methods.")
    )
    save_method = models.BooleanField(_("store the payment method"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    method = models.CharField(_("method"), max_length=10, choices=Method, default=Method.CARD)
    provider = models.CharField(_("provider"), max_length=20)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3, default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CREATED)
    session_id = models.CharField(_("provider's session"), max_length=100, blank=True)
    session_url = models.URLField(_("provider's page"), max_length=2000, blank=True)
    provider_id = models.CharField(_("provider's payment"), max_length=100, blank=True)
    action_url = models.URLField(_("page to confirm on"), max_length=2000, blank=True)
    slip_code = models.CharField(
        _("code of the slip"), max_length=60, blank=True, help_text=_("What the till reads from the bar code.")
    )
    further_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="further",
        verbose_name=_("paid on the slip of"),
        help_text=_("Cash that came once more on a slip that was paid already."),
    )
    paid_with = models.CharField(
        _("paid with"), max_length=80, blank=True, help_text=_("Brand or bank, and the last four digits only.")
    )
    failure = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("last change"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    reversed = models.DecimalField(
        _("taken back"),
        max_digits=14,
        decimal_places=3,
        default=Decimal(0),
        help_text=_("The part of the amount that was refunded or disputed, as the ledger has it."),
    )
    reversals = models.PositiveSmallIntegerField(_("reversals"), default=0)
    next_check_at = models.DateTimeField(_("next check"), null=True, blank=True)
    checks = models.PositiveSmallIntegerField(_("checks"), default=0)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(condition=models.Q(tax__gte=0), name="payment_tax_not_negative"),
            models.CheckConstraint(
                condition=models.Q(reversed__gte=0, reversed__lte=models.F("amount")),
                name="payment_taken_back_at_most_once",
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_id"],
                condition=~models.Q(provider_id=""),
                name="provider_payment_once",
            ),
            models.UniqueConstraint(
                fields=["provider", "session_id"],
                condition=~models.Q(session_id=""),
                name="provider_session_once",
            ),
            models.UniqueConstraint(
                fields=["auto_charge"],
                condition=models.Q(state__in=["created", "pending", "requires_action", "unknown"]),
                name="one_open_try_of_an_auto_charge",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(state__in=["created", "pending", "requires_action", "unknown"]),
                name="payments_to_settle",
            )
        ]

    def __str__(self) -> str:
        return f"{formats.money(self.amount, self.currency)} ({self.get_state_display()})"

    @property
    def may_be_paid_in_cash(self) -> bool:
        """Whether its slip is still to be taken to a till."""
        return bool(self.slip_code) and self.paid_at is None and self.state == self.State.PENDING

    @property
    def total(self) -> Decimal:
        """What the provider charges: amount and tax."""
        return self.amount + self.tax


class Allocation(models.Model):
    """The part of a payment, or of an invoice below zero, that pays an invoice; oldest invoice first.

    Rows are only added: one is negative when a payment was taken back or an invoice made void.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="allocations")
    credit = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, related_name="credits_given", verbose_name=_("credit")
    )
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(payment=None, credit__isnull=False) | models.Q(payment__isnull=False, credit=None),
                name="allocation_from_one_source",
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="allocation_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount}: {self.invoice}"


class WebhookEvent(models.Model):
    """What the provider told us: a hint to ask it for the object, kept once for each of its event ids."""

    provider = models.CharField(_("provider"), max_length=20)
    event_id = models.CharField(_("event"), max_length=100)
    type = models.CharField(_("type"), max_length=100)
    object_id = models.CharField(_("object"), max_length=100)
    payment_ref = models.CharField(_("our payment"), max_length=40, blank=True)
    received_at = models.DateTimeField(_("received"))
    processed_at = models.DateTimeField(_("processed"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")]
        indexes = [
            models.Index(fields=["received_at"], condition=models.Q(processed_at=None), name="events_to_process")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"
