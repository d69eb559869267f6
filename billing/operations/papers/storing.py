"""Where the PDFs of invoices lie: written under a name of their own, moved into place when they are whole.

An invoice names its file only then, together with the file's SHA-256, so that nobody ever reads half a file or another
than the first one.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.crypto import salted_hmac

from billing.models import Invoice

FOLDER = "invoices"
UNFINISHED = Path(FOLDER) / "unfinished"
LEFT_BEHIND = timedelta(days=1)  # no PDF takes so long


class Damaged(Exception):
    """The file is not what was put there, or it is gone."""


def read(invoice: Invoice) -> bytes:
    """The PDF of an invoice that has one, as it was made; raises Damaged."""
    try:
        with default_storage.open(str(invoice.pdf.name), "rb") as file:
            pdf: bytes = file.read()
    except FileNotFoundError as error:
        raise Damaged from error
    if sha256(pdf).hexdigest() != invoice.pdf_sha256:
        raise Damaged
    return pdf


def keep(invoice: Invoice, pdf: bytes, *, xml_problem: str, now: datetime) -> Invoice:
    """Make this the invoice's PDF, unless another worker was faster: then that one's stays; gives the invoice as it is.

    The file is in its place before the row names it. A worker who dies in between leaves a file that the next one's
    takes the place of, as the name follows from the invoice.
    """
    written = _written(pdf)
    try:
        with transaction.atomic():
            current: Invoice = Invoice.objects.select_for_update(of=("self",), no_key=True).get(pk=invoice.pk)
            if not current.pdf:
                _put_in_place(written, current)
                current.pdf_sha256, current.pdf_made_at = sha256(pdf).hexdigest(), now
                current.pdf_problem, current.xml_problem = "", xml_problem[:300]
                current.pdf_next_try_at = None
                current.save(update_fields=[*PAPER, "pdf_problem", "xml_problem", "pdf_next_try_at"])
            return current
    finally:
        written.unlink(missing_ok=True)


PAPER = ("pdf", "pdf_sha256", "pdf_made_at")


def tidy(*, now: datetime) -> None:
    """Remove what workers who died have left half written."""
    for path in (Path(settings.MEDIA_ROOT) / UNFINISHED).glob("*.pdf"):
        if path.stat().st_mtime < (now - LEFT_BEHIND).timestamp():
            path.unlink(missing_ok=True)


def _written(pdf: bytes) -> Path:
    """The file beside its place, on the same disk, and there for certain."""
    path = Path(settings.MEDIA_ROOT) / UNFINISHED / f"{uuid4()}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
    return path


def _put_in_place(path: Path, invoice: Invoice) -> None:
    """Move the file to where nobody finds it who does not know the server's secret."""
    secret = salted_hmac("billing.operations.papers", str(invoice.pk), algorithm="sha256").hexdigest()[:32]
    name = f"{FOLDER}/{invoice.customer_id}/{invoice.pk}-{secret}.pdf"
    place = Path(settings.MEDIA_ROOT) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    path.replace(place)
    invoice.pdf.name = name
