"""How much calls may cost in a day or a billing period, who is told, and what was told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from selfcare.models import Customer, CustomerClass, User, Versioned
from selfcare.models.history import tracked
from selfcare.tenancy import CustomerOwned


def money(label: Any, *, least: int = 0, help_text: Any = "") -> Any:
    """A column for an amount in the customer's currency; empty: there is none."""
    return models.DecimalField(
        label,
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(least))],
        help_text=help_text,
    )


class SpendPolicy(models.Model):
    """What limits the customers of a class who chose no limit themselves, as multiples of what they usually spend."""

    customer_class = models.ForeignKey(
        CustomerClass,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("customer class"),
        help_text=_("Empty: for all customers whose class has no row of its own."),
    )
    is_limited = models.BooleanField(
        _("limit them"), default=True, help_text=_("Off: only limits that somebody has set count.")
    )
    least = models.DecimalField(
        _("at least, a day"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(20),
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In the customer's currency, such as 20; a hundred times that in currencies without decimals."),
    )
    times = models.DecimalField(
        _("times a usual day"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(3),
        validators=[MinValueValidator(Decimal(1))],
        help_text=_("A usual day is the mean of the last 30 days. 3 is a good start."),
    )
    most_times = models.DecimalField(
        _("highest choice, times that limit"),
        max_digits=6,
        decimal_places=2,
        default=Decimal(3),
        validators=[MinValueValidator(Decimal(1))],
        help_text=_("How far the owner may raise the limit himself, such as to 3 times."),
    )

    class Meta:
        verbose_name = _("spending policy")
        verbose_name_plural = _("spending policies")
        ordering = ["customer_class__name"]
        constraints = [
            models.UniqueConstraint(fields=["customer_class"], nulls_distinct=False, name="one_spending_policy_a_class")
        ]

    def __str__(self) -> str:
        return str(self.customer_class or _("All other customers"))


@tracked(exclude=["low_since"])
class SpendLimits(Versioned, CustomerOwned):
    """What a customer has set; the highest amounts and the automatic limit are the ITSP's to say."""

    customer = models.OneToOneField(
        Customer, on_delete=models.PROTECT, related_name="spend_limits", verbose_name=_("customer")
    )
    daily_limit = money(_("Calls may cost in a day"))
    period_limit = money(_("Calls may cost in a billing period"))
    raised_on = models.DateField(_("raised on"), null=True, blank=True)
    raised_to = money(_("raised to"))
    low_funds = money(_("Tell us when less than this is available"))
    day_over = money(_("Tell us when a day costs more than"))
    call_over = money(_("Tell us when one call costs more than"))
    night_abroad = models.BooleanField(_("Tell us when somebody calls abroad at night"), default=False)
    automatic = models.BooleanField(
        _("limit by usual use"),
        default=True,
        help_text=_("Without a limit of his own the customer is limited by the policy of his class."),
    )
    most_a_day = money(_("highest limit for a day"), help_text=_("Empty: by the policy of the class."))
    most_a_period = money(_("highest limit for a billing period"), help_text=_("Empty: none."))
    # Since when less than `low_funds` is available; told once until there is clearly more again.
    low_since = models.DateTimeField(_("low since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("spending limits")
        verbose_name_plural = _("spending limits")
        ordering = ["customer__company_name"]

    def __str__(self) -> str:
        return str(self.customer)


class SpendReader(models.Model):
    """Who is told about the money; where nobody is named, the owners are."""

    limits = models.ForeignKey(SpendLimits, on_delete=models.CASCADE, related_name="readers")
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+", verbose_name=_("user"))
    by_mail = models.BooleanField(_("by e-mail"), default=True)
    by_sms = models.BooleanField(_("by text message"), default=False)

    class Meta:
        verbose_name = _("reader of spending notices")
        verbose_name_plural = _("readers of spending notices")
        ordering = ["user__username"]

    def __str__(self) -> str:
        return str(self.user)


@tracked()
class LineLimit(Versioned, CustomerOwned):
    """What the calls of one phone line may cost in a day."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="+", verbose_name=_("phone line"))
    daily_limit = models.DecimalField(
        _("Calls may cost in a day"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )

    class Meta:
        verbose_name = _("spending limit of a line")
        verbose_name_plural = _("spending limits of lines")
        ordering = ["line__account_id"]

    def __str__(self) -> str:
        return str(self.line)


class SpendNotice(CustomerOwned):
    """What a customer was told about his money; each `key` once, whoever finds it out at the same time."""

    class Kind(models.TextChoices):
        DAY_LIMIT = "day_limit", _("Limit for a day")
        PERIOD_LIMIT = "period_limit", _("Limit for a billing period")
        LINE_LIMIT = "line_limit", _("Limit of a phone line")
        LOW_FUNDS = "low_funds", _("Little money left")
        DAY_OVER = "day_over", _("Expensive day")
        CALL_OVER = "call_over", _("Expensive call")
        NIGHT_ABROAD = "night_abroad", _("Call abroad at night")

    key = models.CharField(_("key"), max_length=120, unique=True)
    kind = models.CharField(_("About"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("Sent"))
    line = models.ForeignKey(Line, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("phone line"))
    percent = models.PositiveSmallIntegerField(_("percent"), null=True)
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=5)
    threshold = models.DecimalField(_("Of"), max_digits=18, decimal_places=5, null=True)
    number = models.TextField(_("called number"), default="", blank=True)
    readers = models.TextField(_("To"), default="", blank=True)

    class Meta:
        verbose_name = _("spending notice")
        verbose_name_plural = _("spending notices")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["customer", "-at"], name="spend_notices_of_customer")]

    def __str__(self) -> str:
        return self.key
