"""Automatic payments: what a customer wishes, and what is due because of it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.invoice import Invoice
from billing.models.stored import StoredMethod
from selfcare.models import Customer, Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned, CustomerRows


@tracked(exclude=["armed", "crossings"])
class AutoPay(Versioned, CustomerRows):
    """A customer's wishes; the preferred `StoredMethod` is what is charged.

    The threshold is crossed upwards where the balance is what a postpaid customer owes, downwards where it is what a
    prepaid one has left. `armed` says that the balance was on the near side since the last crossing.
    `since` is when paying invoices was switched on: what was made before is not charged for itself.
    `stopped_method` is what the bank refused for good, if that is why it stopped.
    """

    class When(models.TextChoices):
        ISSUE = "issue", _("As soon as the invoice is made")
        DUE = "due", _("On its due date")

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="auto_pay", verbose_name=_("customer")
    )
    pay_invoices = models.BooleanField(_("auto-pay invoices using this payment method"), default=False)
    invoice_when = models.CharField(_("when"), max_length=5, choices=When, default=When.ISSUE)
    since = models.DateTimeField(_("invoices since"), null=True, blank=True, editable=False)
    by_threshold = models.BooleanField(_("pay when the balance crosses a threshold"), default=False)
    threshold = models.DecimalField(_("threshold"), max_digits=14, decimal_places=3, null=True, blank=True)
    amount = models.DecimalField(_("amount to pay"), max_digits=14, decimal_places=3, null=True, blank=True)
    daily_cap = models.DecimalField(_("at most in a day"), max_digits=14, decimal_places=3, null=True, blank=True)
    armed = models.BooleanField(_("armed"), default=True, editable=False)
    crossings = models.PositiveIntegerField(_("crossings so far"), default=0, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True, editable=False)
    stopped_because = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    stopped_method = models.ForeignKey(
        StoredMethod,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("refused payment method"),
    )

    class Meta:
        verbose_name = _("auto-pay")
        verbose_name_plural = _("auto-pay")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by_threshold=False) | models.Q(threshold__isnull=False, amount__gt=0),
                name="auto_pay_threshold_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(pay_invoices=False) | models.Q(since__isnull=False), name="auto_pay_since_known"
            ),
            models.CheckConstraint(
                condition=models.Q(daily_cap=None) | models.Q(daily_cap__gt=0), name="auto_pay_cap_positive"
            ),
        ]

    def __str__(self) -> str:
        return str(self.customer)


class AutoCharge(CustomerOwned):
    """One automatic payment that is due, for an invoice or for one crossing of the threshold; its tries are payments.

    `next_try_at` is when something is to be done; None once it has ended, and while auto-pay is stopped. `tries`
    counts the payments whose end was looked at. `taken_until` is how long a worker has it for himself. `method` is
    what was preferred when it was last worked on: another one is tried at once.
    """

    class State(models.TextChoices):
        DUE = "due", _("Due")
        WAITING = "waiting", _("Waiting for you")
        PAID = "paid", _("Paid")
        NOT_NEEDED = "not_needed", _("No longer needed")
        GIVEN_UP = "given_up", _("Given up")

    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="auto_charges", verbose_name=_("invoice")
    )
    crossing = models.PositiveIntegerField(_("crossing"), null=True, blank=True)
    method = models.ForeignKey(
        StoredMethod, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("charged to")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3, default=Decimal(0))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DUE)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("last reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"))
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    taken_until = models.DateTimeField(_("taken until"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("automatic payment")
        verbose_name_plural = _("automatic payments")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(invoice=None, crossing__isnull=False)
                | models.Q(invoice__isnull=False, crossing=None),
                name="auto_charge_for_one_reason",
            ),
            models.UniqueConstraint(fields=["invoice"], name="one_auto_charge_an_invoice"),
            models.UniqueConstraint(fields=["customer", "crossing"], name="one_auto_charge_a_crossing"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(state__in=["due", "waiting"]), name="auto_charges_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.get_state_display()})"
