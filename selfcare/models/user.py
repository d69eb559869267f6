"""Logins: users of a customer, and staff of the ITSP."""

import zoneinfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from selfcare.models.customer import Customer, validate_time_zone


class Role(models.TextChoices):
    """What a customer's user may do; the rights are in `selfcare.access`."""

    OWNER = "owner", _("Owner")
    CENTREX_MANAGER = "centrex_manager", _("Telephone system manager")
    BILLING_MANAGER = "billing_manager", _("Billing manager")
    READ_ONLY = "read_only", _("Read-only")
    LINE_USER = "line_user", _("Phone line user")


class User(AbstractUser):
    """A login. With a customer it is that customer's user; without one it is ITSP staff."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class DateFormat(models.TextChoices):
        LANGUAGE = "language", _("As the language has it")
        ISO = "iso", _("2026-12-31 23:59")
        EUROPE = "europe", _("31.12.2026 23:59")
        UK = "uk", _("31/12/2026 23:59")
        US = "us", _("12/31/2026 11:59 PM")

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("customer"),
        help_text=_("Empty for staff of the telephone company."),
    )
    email = models.EmailField(_("e-mail"), blank=True)
    mobile = PhoneNumberField(
        _("mobile number"), blank=True, help_text=_("Warnings about expensive numbers are sent here as a text message.")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READ_ONLY)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(
        _("time zone"),
        max_length=50,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Empty: the customer's."),
    )
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    date_format = models.CharField(
        _("date and time format"), max_length=10, choices=DateFormat, default=DateFormat.LANGUAGE
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(customer=None) | models.Q(is_staff=False, is_superuser=False),
                name="customer_users_are_not_staff",
                violation_error_message=_("A customer's user cannot be staff."),
            ),
            models.UniqueConstraint(
                models.functions.Lower("email"), name="one_login_an_email", condition=~models.Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone in which this user reads and types times."""
        own = self.time_zone or (self.customer.time_zone if self.customer else "UTC")
        return zoneinfo.ZoneInfo(own)

    @property
    def is_line_user(self) -> bool:
        """Whether this person sees one phone line of the customer and nothing else."""
        return self.role == Role.LINE_USER and self.customer_id is not None

    @property
    def may_view_as_customer(self) -> bool:
        """Staff with the right to open the portal as a customer."""
        return self.is_staff and self.has_perm("selfcare.view_customer")


def owners_of(customer: Customer) -> models.QuerySet[User]:
    """Who answers for the customer's money."""
    return User.objects.filter(customer=customer, role=Role.OWNER, is_active=True)
