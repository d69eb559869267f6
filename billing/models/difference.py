"""What the nightly comparison with the payment providers found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.payment import Payment


class Difference(models.Model):
    """One thing about which the provider, our payments and the ledger do not agree; staff clear it, nothing else.

    `key` is made of what was found, so that the same difference found again is the same row. `ours` and `theirs` are
    amounts in `currency`, None where that side has nothing.
    """

    class Kind(models.TextChoices):
        UNKNOWN_HERE = "unknown_here", _("Paid there, unknown here")
        UNKNOWN_THERE = "unknown_there", _("Paid here, unknown there")
        PAID_THERE = "paid_there", _("Paid there, not here")
        PAID_HERE = "paid_here", _("Paid here, not there")
        PAID_TWICE = "paid_twice", _("Paid there more than once")
        AMOUNT = "amount", _("Another amount")
        CURRENCY = "currency", _("Another currency")
        TAKEN_BACK_THERE = "back_there", _("Refunded or disputed there, not here")
        TAKEN_BACK_HERE = "back_here", _("Taken back here, not there")
        REFUND = "refund", _("A refund that the provider does not know")
        LEDGER = "ledger", _("The ledger has another amount")
        LEDGER_ALONE = "ledger_alone", _("In the ledger without a payment")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    provider = models.CharField(_("provider"), max_length=20)
    provider_id = models.CharField(_("provider's payment"), max_length=100, blank=True)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, related_name="differences", verbose_name=_("payment")
    )
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    ours = models.DecimalField(_("here"), max_digits=14, decimal_places=3, null=True)
    theirs = models.DecimalField(_("there"), max_digits=14, decimal_places=3, null=True)
    currency = models.CharField(_("currency"), max_length=3)
    key = models.CharField(_("key"), max_length=300, unique=True)
    found_at = models.DateTimeField(_("found"))
    cleared_at = models.DateTimeField(_("cleared"), null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("cleared by")
    )
    cleared_because = models.CharField(_("what it was"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ["-found_at", "-pk"]
        indexes = [models.Index(fields=["found_at"], condition=models.Q(cleared_at=None), name="differences_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.payment_id or self.provider_id or self.reference}"
