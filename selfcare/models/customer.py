"""Customers of the telephone company, and the classes they are grouped in."""

import zoneinfo
from decimal import Decimal
from typing import Self

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField
from phonenumber_field.modelfields import PhoneNumberField

from selfcare.models.history import tracked
from selfcare.models.tax import NoTax
from selfcare.models.versioned import Versioned

# Where the line reads "New York, NY 10007" and not "10119 Berlin" (Universal Postal Union, addressing by country).
CITY_BEFORE_CODE = {"US", "CA", "AU", "NZ", "GB", "IE", "IN"}


def validate_currency(value: str) -> None:
    """An ISO 4217 code that has a name."""
    if value not in list_currencies():
        raise ValidationError(_("Enter a currency code such as USD or EUR."))


def validate_time_zone(value: str) -> None:
    """A name of the IANA time zone database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Enter a time zone such as Europe/Berlin."))


class Statistic(models.TextChoices):
    """What a customer is mailed about each closed billing period."""

    FULL = "full", _("Full Statistics")
    SUMMARY = "summary", _("Summary Only")
    NOTHING = "nothing", _("Do Not Send")


class CustomerClass(models.Model):
    """A group of customers for whom the ITSP hides pages or makes fields read-only, and what they get by mail."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    send_statistic = models.CharField(
        _("send statistic"),
        max_length=10,
        choices=Statistic,
        default=Statistic.NOTHING,
        help_text=_("Mailed after each billing period to the customers of this class who chose nothing else."),
    )
    hidden_pages = models.JSONField(
        _("hidden pages"),
        default=list,
        blank=True,
        help_text=_('Page names such as ["centrex:huntgroups"]; a hidden page answers "not found".'),
    )
    read_only_fields = models.JSONField(
        _("read-only fields"),
        default=list,
        blank=True,
        help_text=_('Page and field, such as ["profile:general.company_name"].'),
    )

    class Meta:
        verbose_name = _("customer class")
        verbose_name_plural = _("customer classes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(models.QuerySet):
    """Customers."""

    def office_of(self, customer: "Customer") -> Self:
        """The main office that `customer` belongs to, with all its branch offices."""
        main = customer.main_office_id or customer.pk
        return self.filter(models.Q(pk=main) | models.Q(main_office=main))

    def for_customer(self, customer: "Customer | None") -> Self:
        """Whom a form of `customer` may offer: its branch offices, and nobody else's name."""
        return self.none() if customer is None else self.filter(main_office=customer)


@tracked()
class Customer(Versioned):
    """A tenant: everything that a page shows belongs to one."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    class Billing(models.TextChoices):
        CREDIT = "credit", _("Postpaid")
        DEBIT = "debit", _("Prepaid")

    class BillingPeriod(models.TextChoices):
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly, Monday to Sunday")
        SEMIMONTHLY = "semimonthly", _("Twice a month, from the 1st and the 16th")
        MONTHLY = "monthly", _("Monthly, from the billing day")
        ANNIVERSARY = "anniversary", _("Monthly, from the day on which the customer began")
        THIRTY_DAYS = "30_days", _("Every 30 days")

    company_name = models.CharField(_("company name"), max_length=100)
    customer_class = models.ForeignKey(
        CustomerClass, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("customer class")
    )
    main_office = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="branch_offices",
        verbose_name=_("main office"),
        help_text=_("Filled in for a branch office; its extensions and huntgroups are kept by the main office."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTIVE)
    billing = models.CharField(_("billing"), max_length=6, choices=Billing, default=Billing.CREDIT)
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    credit_limit = models.DecimalField(
        _("credit limit"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        help_text=_("How far the balance may rise. A prepaid customer has 0."),
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="UTC", validators=[validate_time_zone])
    tax_id = models.CharField(_("tax ID"), max_length=30, blank=True)
    send_statistic = models.CharField(
        _("send statistic"),
        max_length=10,
        blank=True,
        choices=Statistic,
        help_text=_("Empty: as the customer class has it."),
    )
    tax_rate = models.DecimalField(_("tax rate, %"), max_digits=6, decimal_places=3, default=Decimal(0))
    no_tax = models.CharField(
        _("if the rate is 0, why"),
        max_length=2,
        blank=True,
        choices=NoTax,
        help_text=_(
            "Such as “Reverse charge” for a company in another country of the Union. Empty: as the brand has it."
        ),
    )
    billing_period = models.CharField(
        _("billing period"),
        max_length=12,
        choices=BillingPeriod,
        default=BillingPeriod.MONTHLY,
        help_text=_("For each period there is one invoice, such as from Monday to Sunday."),
    )
    billing_day = models.PositiveSmallIntegerField(
        _("billing day"), default=1, help_text=_("Day of the month on which a period starts, 1 to 28.")
    )
    # From which day on the two count, None for ever; before that, oldest first: {"kind", "day", "since"}.
    billing_since = models.DateField(_("billing period counts from"), null=True, blank=True, editable=False)
    billing_before = models.JSONField(_("former billing periods"), default=list, blank=True, editable=False)
    payment_terms_days = models.PositiveSmallIntegerField(_("days to pay"), default=14)

    title = models.CharField(_("title"), max_length=20, blank=True)
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    middle_initial = models.CharField(_("M.I."), max_length=5, blank=True)
    last_name = models.CharField(_("last name"), max_length=60, blank=True)
    address_line_1 = models.CharField(_("address"), max_length=41, blank=True)
    address_line_2 = models.CharField(_("address, line 2"), max_length=167, blank=True)
    city = models.CharField(_("city"), max_length=60, blank=True)
    province = models.CharField(_("province/state"), max_length=60, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    country = CountryField(_("country"), blank=True)
    contact_person = models.CharField(_("contact person"), max_length=100, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    fax = PhoneNumberField(_("fax"), blank=True)
    alt_phone = PhoneNumberField(_("alt. phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    pending_email = models.EmailField(_("e-mail to be confirmed"), blank=True, editable=False)
    bcc = models.EmailField(_("BCC"), blank=True)
    created_at = models.DateTimeField(_("customer since"), auto_now_add=True)

    # Numbers of all offices share one number space (spec: IP Centrex).
    extension_length = models.PositiveSmallIntegerField(_("extension number length"), default=3)

    # The id of the only phone line that this request's user sees, 0 for none; `for_customer` gives no other's rows.
    only_line: int | None = None

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["company_name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(billing="credit") | models.Q(credit_limit=0),
                name="prepaid_has_no_credit",
                violation_error_message=_("A prepaid customer has no credit limit."),
            ),
            models.CheckConstraint(
                condition=models.Q(billing_day__gte=1, billing_day__lte=28),
                name="billing_day_in_every_month",
                violation_error_message=_("The billing day must be between 1 and 28."),
            ),
            models.CheckConstraint(
                condition=models.Q(extension_length__gte=2, extension_length__lte=6),
                name="extension_length_2_to_6",
            ),
            models.CheckConstraint(condition=~models.Q(main_office=models.F("id")), name="no_office_of_itself"),
        ]

    def __str__(self) -> str:
        return self.company_name

    def clean(self) -> None:
        if self.main_office and self.main_office.main_office_id:
            raise ValidationError({"main_office": _("This customer is a branch office itself.")})

    @property
    def may_sign_in(self) -> bool:
        """Whether the customer's users get pages; the telephone service is a different matter."""
        return self.status == self.Status.ACTIVE

    @property
    def is_prepaid(self) -> bool:
        return self.billing == self.Billing.DEBIT

    @property
    def is_branch(self) -> bool:
        return self.main_office_id is not None

    @property
    def statistic(self) -> str:
        """What is mailed about each closed period: the customer's own choice, else that of the class."""
        by_class = self.customer_class.send_statistic if self.customer_class else Statistic.NOTHING
        return self.send_statistic or by_class

    @property
    def office(self) -> "Customer":
        """The customer who keeps this one's extensions and huntgroups: the main office, or itself."""
        return self.main_office if self.main_office else self

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def address_lines(self) -> list[str]:
        """The postal address as the country writes it, empty lines left out."""
        if self.country.code in CITY_BEFORE_CODE:
            region = " ".join(part for part in (self.province, self.postal_code) if part)
            place = [", ".join(part for part in (self.city, region) if part)]
        else:
            place = [" ".join(part for part in (self.postal_code, self.city) if part), self.province]
        lines = [self.address_line_1, self.address_line_2, *place, str(self.country.name or "")]
        return [line for line in lines if line]
