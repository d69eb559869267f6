"""Subscriptions: what a customer pays for by the day or the month, and the plans that the ITSP offers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.periods import last_moment
from billing.rating.subscription import Cycle, reduced
from centrex.models import Did, Line
from selfcare.models.customer import validate_currency
from selfcare.tenancy import CustomerOwned, CustomerQuerySet

CYCLES = {
    Cycle.MONTHLY: _("Every billing period"),
    Cycle.ANNIVERSARY: _("Every month, from the day on which it began"),
    Cycle.DAILY: _("Every day"),
}


class ChargedBy(models.Model):
    """How a fee is charged: how often, before or after, and whether a part of a period costs a part of the fee."""

    cycle = models.CharField(_("charged"), max_length=12, choices=CYCLES.items(), default=Cycle.MONTHLY)
    in_arrears = models.BooleanField(
        _("charged in arrears"),
        default=False,
        help_text=_("Ticked: each period is charged at its end; else at its beginning."),
    )
    prorated = models.BooleanField(
        _("pro rata"),
        default=True,
        help_text=_("Ticked: a part of a period costs a part of the fee, by days; else the whole fee."),
    )

    class Meta:
        abstract = True


class SubscriptionPlan(ChargedBy):
    """What the ITSP offers by the period, in one currency, without tax. A change counts for what is given after it."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    fee = models.DecimalField(
        _("periodic fee"),
        max_digits=14,
        decimal_places=3,
        validators=[MinValueValidator(0)],
        help_text=_("For one period, without tax."),
    )
    activation_fee = models.DecimalField(
        _("activation fee"),
        max_digits=14,
        decimal_places=3,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
        help_text=_("Charged once, when the subscription begins."),
    )
    is_offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Not ticked: it is given to nobody any more; who has it keeps it.")
    )

    class Meta:
        verbose_name = _("subscription plan")
        verbose_name_plural = _("subscription plans")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(fee__gte=0, activation_fee__gte=0), name="plan_fees_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name


class SubscriptionQuerySet(CustomerQuerySet):
    """Subscriptions."""

    def running(self) -> SubscriptionQuerySet:
        """Those without a finish date."""
        return self.filter(ended_at=None)

    def to_charge(self, *, now: datetime) -> SubscriptionQuerySet:
        """Those with a charge that is due; a closed customer is not charged."""
        return self.filter(next_charge_at__lte=now).exclude(customer__status="closed")


class Subscription(CustomerOwned, ChargedBy):
    """A fee in the customer's currency, without tax, for each period from `started_at` to `ended_at`.

    It may begin and end in the future. Name and terms are those of its plan when it was given, or of its number
    (`did`); it is the customer's, or that of one `line`. [started_at, charged_until) is charged, and what is charged
    beyond the end is not given back. `next_charge_at` is None when nothing is to come. `given_as` is the form by which
    staff gave it, so that one press gives one.
    """

    name = models.CharField(_("subscription"), max_length=200)
    plan = models.ForeignKey(
        SubscriptionPlan,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("subscription plan"),
    )
    did = models.ForeignKey(
        Did, on_delete=models.PROTECT, null=True, blank=True, related_name="subscriptions", verbose_name=_("DID")
    )
    line = models.ForeignKey(
        Line, on_delete=models.PROTECT, null=True, blank=True, related_name="subscriptions", verbose_name=_("line")
    )
    default_fee = models.DecimalField(_("default fee"), max_digits=14, decimal_places=3)
    discount = models.DecimalField(
        _("discount, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    activation_fee = models.DecimalField(_("activation fee"), max_digits=14, decimal_places=3, default=Decimal(0))
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    charged_until = models.DateTimeField(_("charged until"))
    next_charge_at = models.DateTimeField(_("next charge"), null=True, blank=True)
    given_as = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    state: str  # "active", "ended" or "pending"; what `queries.subscriptions` has found for it, no column

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["did"], condition=Q(ended_at=None), name="did_is_paid_for_once"),
            models.CheckConstraint(
                condition=Q(default_fee__gte=0, activation_fee__gte=0), name="subscription_fee_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=100), name="subscription_discount_is_a_share"
            ),
            models.CheckConstraint(condition=Q(did=None) | Q(line=None), name="subscription_of_number_or_line"),
            models.CheckConstraint(
                condition=Q(charged_until__gte=F("started_at")), name="subscription_charged_from_its_start"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="subscription_ends_after_its_start"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_charge_at"], condition=Q(next_charge_at__isnull=False), name="subscriptions_to_charge"
            ),
            models.Index(fields=["customer", "ended_at"], name="subscription_by_customer"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fee(self) -> Decimal:
        """What one period costs, with the discount and before rounding."""
        return reduced(self.default_fee, self.discount)

    @property
    def last_paid(self) -> datetime | None:
        """The last moment that is charged, None before the first charge."""
        return last_moment(self.charged_until) if self.charged_until > self.started_at else None

    @property
    def finishes_at(self) -> datetime | None:
        """The last moment of the subscription; None while it has no finish date."""
        if self.ended_at is None:
            return None
        return max(last_moment(self.ended_at), self.started_at)
