"""Making the PDF of an invoice: outside of any transaction, as drawing takes a while.

It is made right after the invoice, or, where auto-pay is at work on it, after the first answer of the bank, so that a
bill that is paid says so; by the clock if nobody did it before, and on demand for whoever asks.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.documents.einvoice import NotPossible, einvoice_xml
from billing.documents.invoice_pdf import invoice_pdf
from billing.documents.paper import Unavailable
from billing.models import Invoice
from billing.operations.papers.storing import Damaged, keep, read
from billing.queries.auto_pay import is_at_work
from billing.queries.invoice_documents import WAIT, document_of
from selfcare import formats
from selfcare.models import Brand, User, owners_of

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
BATCH = 100
SEEN = 2000
DELAYS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
FULL = {errno.ENOSPC, errno.EDQUOT}


class PaperProblem(Exception):
    """There is no PDF; `message` is for the person who asks."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def stored_pdf(*, invoice: Invoice, clock: Clock = timezone.now) -> bytes:
    """The PDF of an invoice, the same bytes at every time; it is made now if it is missing. Raises PaperProblem.

    While auto-pay is at work on the invoice there is none yet.
    """
    current = invoice if invoice.pdf else _made(invoice, clock)
    try:
        return read(current)
    except (Damaged, OSError) as trouble:
        log.exception("invoice_pdf_damaged", invoice=invoice.number, file=current.pdf.name)
        words = _("The PDF of this invoice is not where it was kept. We have been told, and bring it back.")
        raise PaperProblem(words) from trouble


def make_paper(*, invoice_id: int, clock: Clock = timezone.now) -> bool:
    """Make the PDF of one invoice unless it has one or another worker is at it; gives whether it has one now."""
    invoice = _take(invoice_id, now=clock())
    if invoice is None:
        return False
    try:
        _made(invoice, clock)
    except PaperProblem as problem:
        log.warning("invoice_without_pdf", invoice=invoice.number, problem=problem.message)
        return False
    return True


def make_waiting(*, clock: Clock = timezone.now) -> int:
    """Make the PDFs that are missing, the oldest first; gives how many were made. Those that wait let others pass."""
    found = list(_due(clock()).order_by("pk").values_list("pk", flat=True)[:SEEN])
    return sum(islice(filter(None, (make_paper(invoice_id=pk, clock=clock) for pk in found)), BATCH))


def _due(now: datetime) -> QuerySet[Invoice]:
    """What has no PDF and waits for none of its tries."""
    return Invoice.objects.filter(Q(pdf_next_try_at=None) | Q(pdf_next_try_at__lte=now), pdf="")


@transaction.atomic
def _take(invoice_id: int, *, now: datetime) -> Invoice | None:
    """The invoice, for this worker until its next try; None when it is not to be had or waits for auto-pay."""
    rows = _due(now).select_for_update(of=("self",), skip_locked=True, no_key=True)
    invoice: Invoice | None = rows.filter(pk=invoice_id).first()
    if invoice is None or _waits(invoice, now):
        return None
    invoice.pdf_tries += 1
    invoice.pdf_next_try_at = now + DELAYS[min(invoice.pdf_tries, len(DELAYS)) - 1]
    invoice.save(update_fields=["pdf_tries", "pdf_next_try_at"])
    return invoice


def _waits(invoice: Invoice, now: datetime) -> bool:
    """Whether the PDF would be wrong in a moment; after WAIT it is made all the same."""
    return now < invoice.issued_at + WAIT and is_at_work(invoice)


def _made(invoice: Invoice, clock: Clock) -> Invoice:
    """Make it and keep it; what goes wrong is written down for staff. Raises PaperProblem."""
    now = clock()
    if _waits(invoice, now):
        raise PaperProblem(_("Your stored payment method is being charged. The PDF is there in a few minutes."))
    try:
        pdf, xml_problem = _drawn(invoice)
        return keep(invoice, pdf, xml_problem=xml_problem, now=now)
    except Unavailable as trouble:
        words = _("PDF files cannot be made on this server at the moment. You can print the invoice's page.")
        raise _noted(invoice, _("The system libraries of WeasyPrint are missing."), words) from trouble
    except OSError as trouble:
        full = trouble.errno in FULL
        log.exception("invoice_pdf_not_stored", invoice=invoice.number)
        reason = _("The disk is full.") if full else _("The file cannot be written: %(error)s") % {"error": trouble}
        words = _("The PDF could not be stored just now. You can print the invoice's page; the PDF comes later.")
        raise _noted(invoice, reason, words) from trouble
    except Exception as trouble:  # whatever a document can hold, the invoice stands and staff read what is wrong
        log.exception("invoice_pdf_failed", invoice=invoice.number)
        reason = f"{type(trouble).__name__}: {trouble}"
        words = _("The PDF could not be made. We have been told. You can print the invoice's page.")
        raise _noted(invoice, reason, words) from trouble


def _noted(invoice: Invoice, reason: str, words: str) -> PaperProblem:
    """Write down for staff why there is no PDF; gives what the person who asks is told."""
    Invoice.objects.filter(pk=invoice.pk, pdf="").update(pdf_problem=reason[:300])
    return PaperProblem(words)


def _drawn(invoice: Invoice) -> tuple[bytes, str]:
    """The PDF in the words of the customer's first owner, and why it has no e-invoice inside."""
    owner: User | None = owners_of(invoice.customer).order_by("pk").first()
    pattern, language = (owner.date_format, owner.language) if owner else ("language", "en")
    with formats.reading_as(zone=ZoneInfo(invoice.time_zone), pattern=pattern, language=language):
        document = document_of(invoice)
        try:
            xml, problem = einvoice_xml(document), ""
        except NotPossible as reasons:
            xml, problem = b"", str(reasons)
        return invoice_pdf(document, brand=Brand.current(), xml=xml), problem
