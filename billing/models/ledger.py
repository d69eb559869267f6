"""The ledger: every charge, payment and credit is one row that is never changed.

The tables are made by hand-written SQL in the migrations ledger, summary, ingest and perf: monthly partitions, a
statement trigger that keeps `XdrDay`, `CallPlace` and `Account.balance` beside each insert, and one that refuses
updates and deletes. Another sums a customer's rows again when he moves to another time zone. Rows come in through
`billing.operations.ledger` only.
"""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.models.tariff import RateTerms
from centrex.models import CallRecording, Line
from selfcare import formats
from selfcare.models import Customer
from selfcare.tenancy import CustomerOwned, CustomerQuerySet, CustomerRows


class Service(models.Model):
    """What is charged for: calls, messages, subscriptions, payments ... `unit` tells what `quantity` counts."""

    class Unit(models.TextChoices):
        SECONDS = "seconds", _("min:sec")
        MESSAGES = "messages", _("messages")
        MEGABYTES = "megabytes", _("MB")
        MONTHS = "months", _("months")
        NONE = "none", ""

        def of(self, quantity: Decimal) -> str:
            """So much of this unit in words: minutes and seconds, "1 month"; nothing without a unit."""
            if self is self.NONE:
                return ""
            if self is self.SECONDS:
                return formats.duration(quantity)
            count = int(quantity) if quantity == int(quantity) else 2  # a part is never one
            names = {
                self.MESSAGES: ngettext("message", "messages", count),
                self.MONTHS: ngettext("month", "months", count),
            }
            return f"{formats.number(quantity)} {names.get(self, self.label)}"

    CALLS, MESSAGES, DATA, SUBSCRIPTIONS, DID_CHARGES, PAYMENTS, REFUNDS, CREDITS, TAXES = range(1, 10)

    id = models.PositiveSmallIntegerField(primary_key=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def counted(self, quantity: Decimal) -> str:
        """So much of this service in words."""
        return self.Unit(self.unit).of(quantity)


class XdrQuerySet(CustomerQuerySet):
    """Ledger rows."""

    def between(self, start, end) -> XdrQuerySet:
        """Rows that started in [start, end); every list names such an interval, so that partitions are skipped."""
        return self.filter(started_at__gte=start, started_at__lt=end)


class Xdr(CustomerOwned):
    """One ledger row: `amount` in the customer's currency with 5 decimals, positive raises what he owes.

    `quantity` and `charged_quantity` count the service's unit. `cli` and `cld` are E.164 without the plus, or an
    extension. `id` is unique over all partitions, but a look-up should name `started_at` too.
    """

    id = models.BigAutoField(primary_key=True)
    customer = models.ForeignKey(
        Customer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
        verbose_name=_("customer"),
    )
    line = models.ForeignKey(
        Line,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("line"),
    )
    service = models.ForeignKey(
        Service, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("service")
    )
    started_at = models.DateTimeField(_("date/time"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    cli = models.TextField(_("from"), default="")
    cld = models.TextField(_("to"), default="")
    country = models.TextField(_("country"), default="")
    destination = models.TextField(_("destination"), default="")
    description = models.TextField(_("description"), default="")
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3, default=Decimal(0))
    charged_quantity = models.DecimalField(_("charged quantity"), max_digits=18, decimal_places=3, default=Decimal(0))
    amount = models.DecimalField(_("charged amount"), max_digits=18, decimal_places=5)
    rate = models.DecimalField(_("price a minute"), max_digits=12, decimal_places=6, null=True)
    connect_fee = models.DecimalField(_("connect fee"), max_digits=12, decimal_places=5, default=Decimal(0))
    discount = models.DecimalField(_("discount"), max_digits=18, decimal_places=5, default=Decimal(0))
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=5, default=Decimal(0))
    failed = models.BooleanField(_("failed"), default=False)
    cause = models.TextField(_("cause"), default="")
    external_id = models.TextField(_("external ID"))
    call_id = models.TextField(_("call ID"), default="")
    # What the price was made from: see RateTerms and billing.rating.pieces. Rows older than these columns have none.
    terms = models.ForeignKey(
        RateTerms,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("applied terms"),
    )
    pieces = models.JSONField(_("discounts"), null=True)

    # What `description` says of calls that no destination describes.
    INCOMING, INTERNAL = "Incoming call", "Internal call"

    account_id: str | None  # of its line, on a page of `queries.xdrs` or `queries.calls`; no column
    recording: CallRecording | None  # what `queries.xdrs` has found for it, by call ID; no column

    objects = XdrQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "billing_xdr"
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return self.external_id

    @property
    def utc_day(self) -> str:
        """The day in UTC, which leads to the row's partition, as its address has it."""
        return f"{self.started_at.astimezone(UTC):%Y-%m-%d}"


class XdrKey(models.Model):
    """The external ids that the ledger has taken, over all partitions: the same one coming twice is one row."""

    external_id = models.TextField(primary_key=True)

    class Meta:
        verbose_name = _("external ID")
        verbose_name_plural = _("external IDs")

    def __str__(self) -> str:
        return self.external_id


class XdrDay(CustomerRows):
    """Sums of the ledger by customer, day in the customer's time zone, service and result; kept by a trigger.

    `hours` has successful calls only: how many began in each of the 24 hours.
    """

    HOURS = 24

    pk = models.CompositePrimaryKey("customer_id", "day", "service_id", "failed")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    day = models.DateField(_("day"))
    service = models.ForeignKey(Service, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    failed = models.BooleanField(_("failed"))
    transactions = models.BigIntegerField(_("transactions"))
    charged_quantity = models.DecimalField(_("charged quantity"), max_digits=20, decimal_places=3)
    amount = models.DecimalField(_("charged amount"), max_digits=20, decimal_places=5)
    hours = ArrayField(models.IntegerField(), size=HOURS, null=True, verbose_name=_("calls by hour"))

    class Meta:
        managed = False
        db_table = "billing_xdrday"
        verbose_name = _("daily total")
        verbose_name_plural = _("daily totals")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"


class CallPlace(CustomerRows):
    """Sums of the successful calls by customer, calendar month in his time zone, and destination; kept by a trigger.

    `month` is its first day; `charged_quantity` counts seconds. Calls without a destination (incoming, internal) are
    left out.
    """

    pk = models.CompositePrimaryKey("customer_id", "month", "country", "destination")
    customer = models.ForeignKey(Customer, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    month = models.DateField(_("month"))
    country = models.TextField(_("country"))
    destination = models.TextField(_("destination"))
    calls = models.BigIntegerField(_("calls"))
    charged_quantity = models.DecimalField(_("charged quantity"), max_digits=20, decimal_places=3)
    amount = models.DecimalField(_("charged amount"), max_digits=20, decimal_places=5)

    class Meta:
        managed = False
        db_table = "billing_callplace"
        verbose_name = _("calls to a destination")
        verbose_name_plural = _("calls to destinations")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month} {self.destination}"
