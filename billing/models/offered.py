"""Which ways to pay the telephone company offers, and to whom."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.models.payment import Payment
from selfcare.models import CustomerClass


class OfferedMethod(models.Model):
    """One way to pay, for the customers of a class, or for all whose class has no row of its own for it.

    Without any row cards are offered and nothing else is. The currency is not chosen: it follows from the way to pay.
    """

    method = models.CharField(
        _("method"),
        max_length=10,
        choices=[choice for choice in Payment.Method.choices if choice[0] != Payment.Method.MANUAL],
        help_text=_(
            "Bank account (eCheck) and PayNearMe take US dollars only, Direct Debit euros only. Customers with another "
            "currency do not see them."
        ),
    )
    customer_class = models.ForeignKey(
        CustomerClass,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("customer class"),
        help_text=_("Empty: for all customers whose class has no row of its own for this method."),
    )
    is_offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Off: these customers cannot pay in this way, nor store it.")
    )
    minimum = models.DecimalField(
        _("minimum"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In the customer's currency, such as 10. Empty: the minimum of all payments."),
    )
    maximum = models.DecimalField(
        _("maximum"),
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In the customer's currency, such as 500. Empty: the maximum of all payments."),
    )

    class Meta:
        verbose_name = _("offered payment method")
        verbose_name_plural = _("offered payment methods")
        ordering = ["method", "customer_class__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["method", "customer_class"],
                nulls_distinct=False,
                name="method_offered_once_a_class",
                violation_error_message=_("There is a row for this method and these customers already."),
            ),
            models.CheckConstraint(
                condition=models.Q(maximum__gte=Coalesce("minimum", Decimal(0))) | models.Q(maximum=None),
                name="offered_maximum_over_minimum",
                violation_error_message=_("The maximum is below the minimum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}: {self.customer_class or _('all other customers')}"
