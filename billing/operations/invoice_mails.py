"""The mail with which an invoice goes out: each document once, in the language of who reads it.

The row of the invoice is the order to mail it, written in the transaction that makes it. The PDF is made afterwards:
drawing it takes a second, for which the counter of numbers must not be locked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from billing.documents import paper
from billing.models import Invoice
from billing.operations.papers import PaperProblem, stored_pdf
from billing.queries.invoice_documents import document_of
from selfcare import mail
from selfcare.models import Customer, owners_of

log = structlog.get_logger(__name__)

# For so long a PDF that cannot be made is tried again; then the mail goes with a link only.
PATIENCE = timedelta(hours=1)
AT_ONCE = 200


def mail_waiting(*, now: datetime) -> int:
    """Put the mails of all invoices that have none yet into the outbox; returns for how many documents."""
    waiting = Invoice.objects.filter(mailed_at=None).order_by("issued_at", "pk").values_list("pk", flat=True)
    return sum(mail_invoice(invoice_id=pk, now=now) for pk in waiting[:AT_ONCE])


def mail_invoice(*, invoice_id: int, now: datetime) -> bool:
    """Mail one invoice or credit note to the billing address and the owners; returns whether that was done now.

    A void one is not mailed any more. While its PDF cannot be made, or waits for auto-pay, it waits for up to an hour;
    where none can ever be made, the mail goes with a link at once.
    """
    invoice = Invoice.objects.select_related("customer", "corrects").prefetch_related("lines").get(pk=invoice_id)
    pdf = None if invoice.voided_at else _pdf(invoice, now)
    if pdf is None and not invoice.voided_at and paper.available() and now - invoice.issued_at < PATIENCE:
        return False
    with transaction.atomic():
        taken = Invoice.objects.select_for_update(no_key=True).filter(pk=invoice_id, mailed_at=None).first()
        if taken is None:
            return False
        taken.mailed_at = now
        taken.save(update_fields=["mailed_at"])
        if taken.voided_at is not None:
            return False
        _post(invoice, pdf)
    return True


def readers(customer: Customer) -> dict[str, list[str]]:
    """Who gets it, addresses by language: the owners, and the billing address, which reads as the first owner does."""
    languages = {owner.email: owner.language for owner in owners_of(customer).exclude(email="").order_by("username")}
    if customer.email:
        languages.setdefault(customer.email, next(iter(languages.values()), "en"))
    found: dict[str, list[str]] = {}
    for address, language in languages.items():
        found.setdefault(language, []).append(address)
    return found


def _pdf(invoice: Invoice, now: datetime) -> bytes | None:
    """The PDF as it is kept; None when it cannot be had, of which staff read in the administration."""
    try:
        return stored_pdf(invoice=invoice, clock=lambda: now)
    except PaperProblem:
        return None


def _post(invoice: Invoice, pdf: bytes | None) -> None:
    facts = {
        "invoice": invoice,
        "document": document_of(invoice),
        "is_attached": pdf is not None,
        "url": settings.PORTAL_URL + reverse("billing:invoice", args=[invoice.pk]),
    }
    to = readers(invoice.customer)
    if not to:
        log.warning("invoice_without_address", invoice=invoice.pk, customer=invoice.customer_id)
    for language, addresses in to.items():
        mail.post(
            template="invoice_issued",
            context=facts,
            to=addresses,
            key=f"invoice:{invoice.pk}:{language}",
            customer=invoice.customer,
            language=language,
            attached=[mail.Attached(invoice.file_name, "application/pdf", pdf)] if pdf is not None else [],
        )
