"""Invoices: photographs of a closed period, and the credit notes that correct them."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.ledger import Service
from selfcare.tenancy import CustomerOwned


class InvoiceCounter(models.Model):
    """The last invoice number given; its row is locked while one is made, so that numbers have no gap."""

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    last = models.PositiveBigIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("invoice counter")
        verbose_name_plural = _("invoice counters")

    def __str__(self) -> str:
        return self.name


class Invoice(CustomerOwned):
    """What a customer owes for the half-open period [period_start, period_end) in his time zone.

    It copies every name, address and rate that it prints and is never edited: a wrong one is made void, or corrected
    by a credit note. `total` is this period's gross; `previous_unpaid` what earlier invoices still lacked when it was
    made. A credit note is a document of the same series, with the period of the invoice that it `corrects` and all
    amounts below zero. `mailed_at` is None until its mail is in the outbox; `made_as` is the form by which staff made a
    credit note, so that one press makes one.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        CREDIT_NOTE = "credit_note", _("Credit note")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INVOICE)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects the invoice"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    number = models.CharField(_("number"), max_length=20, unique=True)
    issued_at = models.DateTimeField(_("date"))
    period_start = models.DateTimeField(_("period starts"))
    period_end = models.DateTimeField(_("period ends"))
    due_date = models.DateField(_("due date"))
    time_zone = models.CharField(_("time zone"), max_length=50)
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    total = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    previous_unpaid = models.DecimalField(_("unpaid before"), max_digits=14, decimal_places=3, default=Decimal(0))
    tax_rate = models.DecimalField(_("tax rate, %"), max_digits=6, decimal_places=3, default=Decimal(0))
    is_statement = models.BooleanField(
        _("statement only"), default=False, help_text=_("For prepaid service: nothing is to be paid.")
    )
    seller = models.JSONField(_("seller"))
    buyer = models.JSONField(_("buyer"))
    voided_at = models.DateTimeField(_("made void"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    made_as = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    # The paper: made once, kept for ever. A trigger of the database refuses to change it.
    pdf = models.FileField(_("PDF"), max_length=200, blank=True, editable=False)
    pdf_sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64, blank=True, editable=False)
    pdf_made_at = models.DateTimeField(_("PDF made"), null=True, blank=True, editable=False)
    pdf_problem = models.CharField(_("why there is no PDF"), max_length=300, blank=True, editable=False)
    pdf_tries = models.PositiveSmallIntegerField(_("tries to make the PDF"), default=0, editable=False)
    pdf_next_try_at = models.DateTimeField(_("next try to make the PDF"), null=True, blank=True, editable=False)
    xml_problem = models.CharField(_("why the PDF has no e-invoice"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "period_start"],
                condition=models.Q(voided_at=None, kind="invoice"),
                name="one_invoice_a_period",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="invoice", corrects=None)
                | models.Q(kind="credit_note", corrects__isnull=False, total__lte=0),
                name="credit_note_corrects_an_invoice",
            ),
            models.CheckConstraint(
                condition=models.Q(total=models.F("net") + models.F("tax")), name="net_and_tax_make_total"
            ),
            models.CheckConstraint(
                condition=models.Q(pdf="", pdf_sha256="", pdf_made_at=None)
                | (~models.Q(pdf="") & ~models.Q(pdf_sha256="") & models.Q(pdf_made_at__isnull=False)),
                name="pdf_with_its_hash",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "-issued_at"], name="invoice_by_customer"),
            models.Index(fields=["id"], condition=models.Q(pdf=""), name="invoices_without_pdf"),
            models.Index(fields=["issued_at"], condition=models.Q(mailed_at=None), name="invoices_to_mail"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == self.Kind.CREDIT_NOTE

    @property
    def file_name(self) -> str:
        """What a reader's computer calls its PDF."""
        return f"{'credit-note' if self.is_credit_note else 'invoice'}-{self.number}.pdf"


class InvoiceLine(models.Model):
    """One printed line: a service's sum over the period, rounded once. `quantity` counts the service's unit.

    A line of a credit note names the line that it `corrects`.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    service = models.ForeignKey(
        "billing.Service", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("service")
    )
    description = models.CharField(_("description"), max_length=200)
    transactions = models.PositiveBigIntegerField(_("transactions"), default=0)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3, default=Decimal(0))
    unit = models.CharField(_("unit"), max_length=10)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=3)
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("corrects the line"),
    )

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="one_line_a_position")]

    def __str__(self) -> str:
        return self.description

    @property
    def quantity_in_words(self) -> str:
        """The quantity with its unit; nothing for a service that only has a price."""
        return Service.Unit(self.unit).of(self.quantity)


class InvoiceCover(models.Model):
    """Ledger rows that an invoice has: started in [start, end), with an id in (after, last]; see billing.coverage.

    One row is its own period; others are rows of earlier periods that were booked after their invoices.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="covers")
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("till"))
    after = models.BigIntegerField(_("after row"))
    last = models.BigIntegerField(_("last row"))

    class Meta:
        verbose_name = _("covered rows")
        verbose_name_plural = _("covered rows")
        ordering = ["start", "after"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start__lt=models.F("end"), after__lte=models.F("last")), name="cover_is_a_span"
            )
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d} – {self.end:%Y-%m-%d}: {self.after} – {self.last}"
