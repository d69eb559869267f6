"""Dunning: what happens when an invoice stays open after its due date."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.invoice import Invoice
from selfcare.models import CustomerClass
from selfcare.tenancy import CustomerOwned


class DunningStep(models.Model):
    """One step, so many days after the due date of an invoice; who has no step is never reminded."""

    class Act(models.TextChoices):
        REMIND = "remind", _("Remind by mail")
        RESTRICT = "restrict", _("Bar calls to the outside")
        SUSPEND = "suspend", _("Suspend the service")

    customer_class = models.ForeignKey(
        CustomerClass,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("customer class"),
        help_text=_("Empty: for all customers whose class has no step of its own."),
    )
    days = models.PositiveSmallIntegerField(
        _("days after the due date"),
        validators=[MinValueValidator(1)],
        help_text=_("In the customer's time zone, such as 7. A step is never nearer to the one before than set here."),
    )
    act = models.CharField(
        _("what happens"),
        max_length=10,
        choices=Act,
        help_text=_(
            "Each also sends a mail. Barred: calls to the outside are refused. Suspended: all calls are refused. "
            "Calls for help always work."
        ),
    )
    least = models.DecimalField(
        _("least amount"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("An invoice on which less is open is left alone. In the customer's currency, such as 5."),
    )
    fee = models.DecimalField(
        _("fee"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Charged once, without tax, and on the next invoice; 0 for none. In the customer's currency."),
    )

    class Meta:
        verbose_name = _("dunning step")
        verbose_name_plural = _("dunning steps")
        ordering = ["customer_class__name", "days"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer_class", "days"], nulls_distinct=False, name="one_dunning_step_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.days}: {self.get_act_display()}"


class DunningTaken(CustomerOwned):
    """A step that was taken for an invoice, once: what it was then, and when it ended because the invoice was paid."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="dunning", verbose_name=_("invoice"))
    days = models.PositiveSmallIntegerField(_("days after the due date"))
    act = models.CharField(_("what happened"), max_length=10, choices=DunningStep.Act)
    least = models.DecimalField(_("least amount"), max_digits=12, decimal_places=2)
    fee = models.DecimalField(_("fee"), max_digits=12, decimal_places=2)
    amount = models.DecimalField(_("open then"), max_digits=14, decimal_places=3)
    taken_at = models.DateTimeField(_("taken"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("dunning step taken")
        verbose_name_plural = _("dunning steps taken")
        ordering = ["-taken_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["invoice", "days"], name="dunning_step_once_an_invoice")]
        indexes = [
            models.Index(fields=["customer"], condition=models.Q(ended_at=None), name="dunning_that_lasts"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice}: {self.get_act_display()}"
