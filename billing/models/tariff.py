"""Tariffs: what a call to a destination costs."""

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from selfcare.models.customer import validate_currency

PREFIX = RegexValidator(r"\A[0-9]{1,15}\Z", _("Enter the beginning of E.164 numbers, digits only."))
NOT_NEGATIVE = MinValueValidator(Decimal(0))


class Tariff(models.Model):
    """A list of rates in one currency."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    on_net_price = models.DecimalField(
        _("on-net price a minute"),
        max_digits=12,
        decimal_places=6,
        default=Decimal(0),
        validators=[NOT_NEGATIVE],
        help_text=_("Calls between customers of this telephone company."),
    )

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rate(models.Model):
    """The price of calls to numbers that begin with `prefix`; prices a minute, intervals in seconds."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="rates", verbose_name=_("tariff"))
    prefix = models.CharField(_("prefix"), max_length=15, validators=[PREFIX])
    destination = models.CharField(_("destination"), max_length=100)
    country = models.CharField(_("country"), max_length=2, blank=True)
    connect_fee = models.DecimalField(
        _("connect fee"), max_digits=12, decimal_places=5, default=Decimal(0), validators=[NOT_NEGATIVE]
    )
    free_seconds = models.PositiveIntegerField(_("free seconds"), default=0)
    first_interval = models.PositiveIntegerField(
        _("first interval, sec"), default=60, validators=[MinValueValidator(1)]
    )
    next_interval = models.PositiveIntegerField(_("next interval, sec"), default=60, validators=[MinValueValidator(1)])
    price_first = models.DecimalField(
        _("price a minute, first interval"), max_digits=12, decimal_places=6, validators=[NOT_NEGATIVE]
    )
    price_next = models.DecimalField(
        _("price a minute, next intervals"), max_digits=12, decimal_places=6, validators=[NOT_NEGATIVE]
    )
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True)
    effective_to = models.DateTimeField(_("effective to"), null=True, blank=True)

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        ordering = ["prefix", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "prefix", "effective_from"],
                name="one_rate_a_prefix_and_date",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(effective_to=None)
                | models.Q(effective_from=None)
                | models.Q(effective_to__gt=models.F("effective_from")),
                name="rate_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.destination}"
