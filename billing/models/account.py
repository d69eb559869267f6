"""A customer's billing account, and what kept him from his invoices."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.tariff import Tariff
from selfcare.models import Customer
from selfcare.tenancy import CustomerRows


class Account(CustomerRows):
    """The balance of one customer, kept by a database trigger beside each ledger insert, and the tariff he is on.

    `balance` is what the customer owes: positive owes, negative has paid ahead. Nobody types it in.
    """

    customer = models.OneToOneField(
        Customer,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="account",
        verbose_name=_("customer"),
    )
    balance = models.DecimalField(
        _("balance"),
        max_digits=18,
        decimal_places=5,
        default=Decimal(0),
        db_default=Decimal(0),
        editable=False,
    )
    dunning_exempt = models.BooleanField(
        _("never remind or block"),
        default=False,
        db_default=False,
        help_text=_("No step of dunning is taken, and none that was taken counts, however long an invoice is open."),
    )
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("tariff"))

    class Meta:
        verbose_name = _("billing account")
        verbose_name_plural = _("billing accounts")
        ordering = ["customer__company_name"]

    def __str__(self) -> str:
        return str(self.customer)


class BillingTrouble(CustomerRows):
    """A customer whose closed periods could not be invoiced; the row goes when they could."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("customer")
    )
    since = models.DateTimeField(_("since"))
    tried_at = models.DateTimeField(_("last try"))
    tries = models.PositiveIntegerField(_("tries"), default=1)
    error = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("customer who could not be invoiced")
        verbose_name_plural = _("customers who could not be invoiced")
        ordering = ["since"]

    def __str__(self) -> str:
        return str(self.customer)
