"""What invoices and credit notes share: their numbers, who sells and who buys, and their rows in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Invoice, InvoiceCounter, Xdr
from billing.operations.ledger import LedgerRow
from billing.periods import last_moment
from billing.queries.invoice_rows import CREDIT_ROWS, OWN_ROWS
from selfcare.models import Brand, Customer, words_for_no_tax

COUNTER = "invoice"
PRINTED = (
    *("name", "address", "tax_id", "registration", "support_email", "support_phone"),
    *("bank_details", "iban", "bic"),
)
POSTAL = ("address_line_1", "address_line_2", "city", "province", "postal_code")


def next_number() -> str:
    """The next number; the counter's row stays locked until the document is committed, so that none is left out."""
    InvoiceCounter.objects.bulk_create([InvoiceCounter(name=COUNTER)], ignore_conflicts=True)
    counter = InvoiceCounter.objects.select_for_update().get(name=COUNTER)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{counter.last:06}"


def booked_at(document: Invoice) -> datetime:
    """When its own rows are in the ledger: an invoice's at the end of its period, a credit note's on its day."""
    return document.issued_at if document.is_credit_note else last_moment(document.period_end)


def own_prefix(document: Invoice) -> str:
    """How the external ids of its own rows begin."""
    return f"{CREDIT_ROWS if document.is_credit_note else OWN_ROWS}{document.number}:"


def counter_rows(document: Invoice) -> Sequence[LedgerRow]:
    """Rows that take back what was booked for the document, read from the ledger itself."""
    booked = Xdr.objects.for_customer(document.customer).filter(
        started_at=booked_at(document), external_id__startswith=own_prefix(document)
    )
    return [
        LedgerRow(
            customer_id=row.customer_id,
            service_id=row.service_id,
            started_at=row.started_at,
            amount=-row.amount,
            external_id=f"{row.external_id}:void",
            description=_("%s, taken back") % row.description,
        )
        for row in booked
    ]


def seller() -> dict[str, Any]:
    """The telephone company as it is now, to be kept with the document."""
    brand = Brand.current()
    return {name: getattr(brand, name) for name in PRINTED} | {"country": str(brand.country or "")}


def buyer(customer: Customer) -> dict[str, Any]:
    """The customer as he is now, to be kept with the document."""
    brand = Brand.current()
    no_tax = customer.no_tax or brand.no_tax
    return {
        "id": customer.pk,
        "name": customer.company_name,
        "address_lines": customer.address_lines,
        "contact_person": customer.contact_person,
        "tax_id": customer.tax_id,
        "email": customer.email,
        "country": str(customer.country or ""),
        "postal": {name: getattr(customer, name) for name in POSTAL},
        "no_tax": no_tax,
        "no_tax_words": str(words_for_no_tax(no_tax, brand.no_tax_words)),
    }
