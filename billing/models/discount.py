"""Volume discounts: the price changes while volume is left."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.ledger import Service
from selfcare.tenancy import CustomerOwned


class DiscountPlan(models.Model):
    """Steps of discount on one service and a group of destinations; the counter starts anew at each reset."""

    class Reset(models.TextChoices):
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        MONTHLY = "monthly", _("Monthly")
        BILLING_PERIOD = "billing_period", _("Billing period")
        NEVER = "never", _("Never")

    name = models.CharField(_("name"), max_length=60, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, verbose_name=_("service"))
    destination_group = models.CharField(_("destination group"), max_length=60)
    prefixes = models.JSONField(
        _("prefixes"),
        default=list,
        help_text=_("Beginnings of the called numbers; an empty list means every number."),
    )
    reset = models.CharField(_("reset"), max_length=15, choices=Reset, default=Reset.MONTHLY)
    precedence = models.PositiveSmallIntegerField(_("precedence"), default=10, help_text=_("Higher is used first."))

    class Meta:
        verbose_name = _("discount plan")
        verbose_name_plural = _("discount plans")
        ordering = ["-precedence", "name"]

    def __str__(self) -> str:
        return self.name


class DiscountStep(models.Model):
    """Up to `upto` units (empty: without end) the price is lowered by `percent`; 100 is free, calls count seconds."""

    plan = models.ForeignKey(DiscountPlan, on_delete=models.CASCADE, related_name="steps")
    upto = models.PositiveBigIntegerField(_("up to"), null=True, blank=True)
    percent = models.DecimalField(
        _("discount, %"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )

    class Meta:
        verbose_name = _("discount step")
        verbose_name_plural = _("discount steps")
        ordering = [models.F("upto").asc(nulls_last=True)]
        constraints = [models.UniqueConstraint(fields=["plan", "upto"], name="one_step_an_edge", nulls_distinct=False)]

    def __str__(self) -> str:
        return f"{self.plan}: {self.percent} %"


class CustomerDiscount(CustomerOwned):
    """A discount plan that a customer has, from `starts_at` until `ends_at` (empty: without end)."""

    plan = models.ForeignKey(DiscountPlan, on_delete=models.PROTECT, related_name="customers", verbose_name=_("plan"))
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer's discount")
        verbose_name_plural = _("customers' discounts")
        ordering = ["customer", "plan"]
        constraints = [models.UniqueConstraint(fields=["customer", "plan", "starts_at"], name="discount_once")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.plan}"


class DiscountUsage(models.Model):
    """How much of a discount was used in one reset window, half-open [period_start, period_end)."""

    discount = models.ForeignKey(CustomerDiscount, on_delete=models.CASCADE, related_name="usage")
    period_start = models.DateTimeField(_("from"))
    period_end = models.DateTimeField(_("until"), null=True)
    used = models.DecimalField(_("used"), max_digits=18, decimal_places=3, default=Decimal(0))

    class Meta:
        verbose_name = _("discount usage")
        verbose_name_plural = _("discount usage")
        ordering = ["-period_start"]
        constraints = [models.UniqueConstraint(fields=["discount", "period_start"], name="one_counter_a_window")]

    def __str__(self) -> str:
        return f"{self.discount}: {self.used}"
