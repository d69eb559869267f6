"""Tariffs: what a call to a destination costs, and the terms that were applied to calls."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.routing.schedule import PeriodError, parse
from selfcare.models.customer import validate_currency, validate_time_zone

PREFIX = RegexValidator(r"\A[0-9]{1,15}\Z", _("Enter the beginning of E.164 numbers, digits only."))
NOT_NEGATIVE = MinValueValidator(Decimal(0))


class TimeSlot(models.TextChoices):
    """When a rate holds."""

    FLAT = "flat", _("All day")
    PEAK = "peak", _("Peak")
    OFF_PEAK = "off_peak", _("Off-peak")
    SECOND_OFF_PEAK = "off_peak_2", _("2nd off-peak")


def validate_hours(value: str) -> None:
    """A period in the notation of Time::Period."""
    try:
        parse(value)
    except PeriodError as mistake:
        raise ValidationError(
            _("This cannot be read from character %(place)s on. Enter hours such as: wd{mo-fr} hr{18-7}, wd{sa su}"),
            params={"place": mistake.position + 1},
        ) from mistake


class Tariff(models.Model):
    """A list of rates in one currency. Its clock says which time slot a moment is in: peak is what no other slot is.

    The hours are texts of Time::Period in `time_zone`; empty: there is no such slot.
    """

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
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("The clock of peak and off-peak, such as Europe/Berlin."),
    )
    off_peak_hours = models.CharField(
        _("off-peak hours"),
        max_length=500,
        blank=True,
        validators=[validate_hours],
        help_text=_(
            "When off-peak prices hold; all other time is peak. For example evenings and weekends:"
            " wd{mo-fr} hr{18-23 0-7}, wd{sa su}. Empty: always peak."
        ),
    )
    second_off_peak_hours = models.CharField(
        _("2nd off-peak hours"),
        max_length=500,
        blank=True,
        validators=[validate_hours],
        help_text=_("A second, usually cheaper time, such as nights: hr{0-5}. It goes before the off-peak hours."),
    )

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The clock of its time slots, and of dates in its price lists."""
        return ZoneInfo(self.time_zone)


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
    minimum_charge = models.DecimalField(
        _("minimum charge"),
        max_digits=12,
        decimal_places=5,
        default=Decimal(0),
        validators=[NOT_NEGATIVE],
        help_text=_("What an answered call costs at least, such as 0.10. Enter 0 for none."),
    )
    time_slot = models.CharField(
        _("time slot"),
        max_length=10,
        choices=TimeSlot,
        default=TimeSlot.FLAT,
        help_text=_("Peak and off-peak follow the hours of the tariff."),
    )
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True)
    effective_to = models.DateTimeField(_("effective to"), null=True, blank=True)

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        ordering = ["prefix", "time_slot", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["tariff", "prefix", "time_slot", "effective_from"],
                name="one_rate_a_prefix_slot_and_date",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(time_slot__in=TimeSlot.values), name="rate_has_a_known_slot"),
            models.CheckConstraint(condition=models.Q(minimum_charge__gte=0), name="minimum_charge_not_negative"),
            models.CheckConstraint(
                condition=models.Q(effective_to=None)
                | models.Q(effective_from=None)
                | models.Q(effective_to__gt=models.F("effective_from")),
                name="rate_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.destination}"


class RateTerms(models.Model):
    """The terms of a rate as they were applied to calls: written once, the same terms one row, never changed.

    Ledger rows name their terms, so that a price is explained by what held then, though the tariff has moved on.
    `id` is made from all other columns; `prefix` is empty for calls inside the company; prices a minute.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    tariff = models.CharField(_("tariff"), max_length=60)
    time_zone = models.CharField(_("time zone"), max_length=50)
    prefix = models.CharField(_("prefix"), max_length=15, blank=True)
    destination = models.CharField(_("destination"), max_length=100)
    country = models.CharField(_("country"), max_length=2, blank=True)
    time_slot = models.CharField(_("time slot"), max_length=10, choices=TimeSlot)
    connect_fee = models.DecimalField(_("connect fee"), max_digits=12, decimal_places=5)
    free_seconds = models.PositiveIntegerField(_("free seconds"))
    first_interval = models.PositiveIntegerField(_("first interval, sec"))
    next_interval = models.PositiveIntegerField(_("next interval, sec"))
    price_first = models.DecimalField(_("price a minute, first interval"), max_digits=12, decimal_places=6)
    price_next = models.DecimalField(_("price a minute, next intervals"), max_digits=12, decimal_places=6)
    minimum_charge = models.DecimalField(_("minimum charge"), max_digits=12, decimal_places=5)
    effective_from = models.DateTimeField(_("effective from"), null=True)

    class Meta:
        verbose_name = _("applied terms")
        verbose_name_plural = _("applied terms")
        ordering = ["tariff", "prefix"]

    def __str__(self) -> str:
        return f"{self.tariff}: {self.prefix} {self.destination}"


class RateDeck(models.Model):
    """A price list that a member of staff has uploaded and not yet applied; one a user, for a day."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="+", verbose_name=_("tariff"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    effective = models.DateTimeField(_("effective from"))
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("uploaded price list")
        verbose_name_plural = _("uploaded price lists")

    def __str__(self) -> str:
        return self.file_name
