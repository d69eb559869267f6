"""Why an invoice can be without tax, as bookkeepers and e-invoices tell it apart."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NoTax(models.TextChoices):
    """The reasons by their letters in UN/EDIFACT 5305, of which EN 16931 takes these."""

    EXEMPT = "E", _("Exempt from tax")
    ZERO = "Z", _("Taxed at 0 %")
    REVERSE_CHARGE = "AE", _("Reverse charge: the customer owes the tax")
    EXPORT = "G", _("Export: the customer is outside the European Union")
    OUTSIDE = "O", _("Not subject to VAT")


WORDS: dict[str, Promise] = {
    NoTax.EXEMPT: _("Exempt from tax"),
    NoTax.REVERSE_CHARGE: _("Reverse charge"),
    NoTax.EXPORT: _("Export outside the European Union, free of tax"),
    NoTax.OUTSIDE: _("Not subject to VAT"),
}


def words_for_no_tax(reason: str, own: str) -> str | Promise:
    """What an invoice without tax says about it: `own` words for an exemption, else the usual ones; "" for 0 %."""
    if reason == NoTax.EXEMPT and own:
        return own
    return WORDS.get(reason, "")
