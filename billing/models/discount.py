"""Volume discounts: the price changes while volume is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.ledger import Service
from billing.models.tariff import PREFIX
from selfcare import formats
from selfcare.models.customer import validate_currency
from selfcare.tenancy import CustomerOwned, CustomerQuerySet


def validate_prefixes(value: Any) -> None:
    """A list of beginnings of E.164 numbers, each once and at least one."""
    if not isinstance(value, list) or not value:
        raise ValidationError(_("Enter at least one prefix."))
    if not all(isinstance(prefix, str) and PREFIX.regex.match(prefix) for prefix in value):
        # Without PREFIX's own code: a JSON field would put its words about JSON in their place.
        raise ValidationError(PREFIX.message)
    if len(set(value)) < len(value):
        raise ValidationError(_("A prefix is there twice."))


class DestinationGroup(models.Model):
    """Destinations that plans share: the called numbers that begin with one of `prefixes` (E.164 digits)."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    prefixes = models.JSONField(_("prefixes"), validators=[validate_prefixes])

    class Meta:
        verbose_name = _("destination group")
        verbose_name_plural = _("destination groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DiscountPlan(models.Model):
    """Steps of discount on one service and a group of destinations; the counter starts anew at each reset.

    Steps count the service's unit (calls: seconds), or money before any discount in `currency`.
    """

    class Measure(models.TextChoices):
        VOLUME = "volume", _("Volume: minutes, messages or MB")
        MONEY = "money", _("Money: prices before the discount")

    class Reset(models.TextChoices):
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        MONTHLY = "monthly", _("Monthly")
        BILLING_PERIOD = "billing_period", _("Billing period")
        NEVER = "never", _("Never (one time)")

    class PeakLevel(models.TextChoices):
        ANY = "any", _("Any")
        PEAK = "peak", _("Peak")
        OFF_PEAK = "off_peak", _("Off-peak")
        SECOND_OFF_PEAK = "off_peak_2", _("2nd off-peak")

    class Combination(models.TextChoices):
        EXCLUSIVE = "exclusive", _("On its own")
        CUMULATIVE = "cumulative", _("Added to the others")
        SEQUENTIAL = "sequential", _("Taken off what the others leave")

    name = models.CharField(_("name"), max_length=60, unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, verbose_name=_("service"))
    destination_group = models.ForeignKey(
        DestinationGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("destination group"),
        help_text=_("Which called numbers it is for; empty means every number."),
    )
    peak_level = models.CharField(
        _("peak level"),
        max_length=10,
        choices=PeakLevel,
        default=PeakLevel.ANY,
        help_text=_("For calls that begin in this time of the customer's tariff only."),
    )
    measure = models.CharField(
        _("thresholds count"),
        max_length=6,
        choices=Measure,
        default=Measure.VOLUME,
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        validators=[validate_currency],
        help_text=_("Only where thresholds count money, such as EUR."),
    )
    reset = models.CharField(
        _("reset"),
        max_length=15,
        choices=Reset,
        default=Reset.MONTHLY,
        help_text=_("When the volume begins anew, at midnight of the customer's time zone."),
    )
    precedence = models.PositiveSmallIntegerField(
        _("precedence"),
        default=10,
        help_text=_("Higher is used first. What is given to a customer himself comes after what his package has."),
    )
    combination = models.CharField(
        _("combination"),
        max_length=10,
        choices=Combination,
        default=Combination.EXCLUSIVE,
        help_text=_("With other discounts on the same call: 20 % and 50 % are 70 % when added, else 60 %."),
    )
    roll_over = models.BooleanField(
        _("roll over"),
        default=False,
        help_text=_("What is left of the first step may be used in the next period as well, but not after that."),
    )
    prorate_first = models.BooleanField(
        _("prorate the first period"),
        default=False,
        help_text=_("Who gets the plan in the middle of a period has only that part of its volume."),
    )
    split_at_edge = models.BooleanField(
        _("split a call at an edge"),
        default=True,
        help_text=_("Off: the whole call has one average discount, such as 25 % where 2 of 8 minutes are free."),
    )
    notify_percent = models.PositiveSmallIntegerField(
        _("notify at, %"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Mail to the customer when so much of a step is used, such as 80; empty: no mail."),
    )
    notify_reached = models.BooleanField(
        _("notify when used up"), default=False, help_text=_("Mail to the customer when a step is used up.")
    )

    class Meta:
        verbose_name = _("discount plan")
        verbose_name_plural = _("discount plans")
        ordering = ["-precedence", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(measure="volume", currency="")
                | (models.Q(measure="money") & ~models.Q(currency="")),
                name="discount_in_money_has_a_currency",
                violation_error_message=_("Thresholds in money need a currency; others have none."),
            ),
            models.CheckConstraint(
                condition=models.Q(notify_percent=None) | models.Q(notify_percent__range=(1, 99)),
                name="discount_notice_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=~models.Q(reset="never") | models.Q(roll_over=False, prorate_first=False),
                name="one_time_discount_has_no_periods",
                violation_error_message=_("A one-time volume has no periods: nothing rolls over or is prorated."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def counts_money(self) -> bool:
        """Whether its thresholds are amounts in `currency`."""
        return self.measure == self.Measure.MONEY

    def counted(self, used: Decimal) -> str:
        """So much of what its thresholds count, in words: "87:30 min", "12 messages", "5.00 EUR"."""
        if self.counts_money:
            return formats.money(used, self.currency)
        if self.service.unit != Service.Unit.SECONDS:
            return self.service.counted(used)
        minutes, seconds = divmod(int(used), 60)
        text = formats.number(minutes) + (f":{seconds:02}" if seconds else "")
        return _("%(minutes)s min") % {"minutes": text}


class DiscountStep(models.Model):
    """Up to `upto` (empty: without end) of what the plan counts the price is lowered by `percent`; 100 is free."""

    plan = models.ForeignKey(DiscountPlan, on_delete=models.CASCADE, related_name="steps")
    upto = models.DecimalField(
        _("up to"),
        max_digits=18,
        decimal_places=5,
        null=True,
        blank=True,
    )
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
        constraints = [
            # Asked at the end of the transaction: raising all steps of a plan must not stumble over its own next one.
            models.UniqueConstraint(
                fields=["plan", "upto"],
                name="one_step_an_edge",
                nulls_distinct=False,
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=models.Q(upto=None) | models.Q(upto__gt=0), name="step_has_volume"),
            models.CheckConstraint(condition=models.Q(percent__range=(0, 100)), name="step_percent_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.percent} %"


class CustomerDiscountQuerySet(CustomerQuerySet):
    """Discounts of customers."""

    def in_order(self) -> CustomerDiscountQuerySet:
        """In the order in which they are used: those of a package first, then by precedence."""
        return self.order_by("is_direct", "-plan__precedence", "pk")

    def with_terms(self) -> CustomerDiscountQuerySet:
        """With all that says what they offer."""
        related = ("customer", "plan__service", "plan__destination_group")
        return self.select_related(*related).prefetch_related("plan__steps")


class CustomerDiscount(CustomerOwned):
    """A discount plan that a customer has, from `starts_at` until `ends_at` (empty: without end)."""

    plan = models.ForeignKey(DiscountPlan, on_delete=models.PROTECT, related_name="customers", verbose_name=_("plan"))
    is_direct = models.BooleanField(
        _("given to the customer himself"),
        default=True,
        help_text=_("Off: part of a package that others have as well. What a customer has himself is used last."),
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)

    objects = CustomerDiscountQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer's discount")
        verbose_name_plural = _("customers' discounts")
        ordering = ["customer", "plan"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "plan", "starts_at"], name="discount_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="discount_ends_after_it_starts",
                violation_error_message=_("The discount must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer}: {self.plan}"


class DiscountUsage(models.Model):
    """How much of a discount was used in one reset window, half-open [period_start, period_end).

    `rolled_over` came from the window before, in the same unit as `used`; both count what the plan counts.
    """

    discount = models.ForeignKey(CustomerDiscount, on_delete=models.CASCADE, related_name="usage")
    period_start = models.DateTimeField(_("from"))
    period_end = models.DateTimeField(_("until"), null=True)
    used = models.DecimalField(_("used"), max_digits=18, decimal_places=5, default=Decimal(0))
    rolled_over = models.DecimalField(_("rolled over"), max_digits=18, decimal_places=5, default=Decimal(0))

    class Meta:
        verbose_name = _("discount usage")
        verbose_name_plural = _("discount usage")
        ordering = ["-period_start"]
        constraints = [
            models.UniqueConstraint(fields=["discount", "period_start"], name="one_counter_a_window"),
            models.CheckConstraint(
                condition=models.Q(used__gte=0) & models.Q(rolled_over__gte=0), name="usage_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.discount}: {self.used}"
