"""The receipt of a payment."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.documents.receipt_pdf import receipt_pdf
from selfcare.models import Brand
from tests.billing.bills import FEBRUARY, JANUARY, book, invoice_of, pay
from tests.factories import PaymentFactory

AT = datetime(2026, 2, 3, 2, 30, tzinfo=UTC)
BRAND = Brand(name="Telefon & Söhne", address="Weg 1", tax_id="DE136695976")


def words(payment) -> str:
    reader = PdfReader(BytesIO(receipt_pdf(payment, brand=BRAND)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_what_it_says(easycall):
    book(easycall, "30", at=JANUARY.start)
    book(easycall, "30", at=FEBRUARY.start)
    for period in (JANUARY, FEBRUARY):
        invoice_of(easycall, period)
    payment = pay(easycall, "45", at=FEBRUARY.end + timedelta(days=1))
    payment.paid_with = "Visa 4242"
    text = words(payment)
    for part in ("Telefon & Söhne", "EasyCall Ltd", "Visa 4242", "45.00 USD", "30.00 USD", "15.00 USD", "000001"):
        assert part in text
    assert str(payment.pk) in text
    assert "Payment towards your invoices" in text


def test_the_date_is_that_of_the_customers_clock(easycall):
    payment = PaymentFactory(customer=easycall, user=None, state="succeeded", paid_at=AT)
    text = words(payment)
    assert "02/02/2026 21:30 (America/New_York)" in text
    assert "No invoice was open" in text


def test_the_balance_of_a_prepaid_customer_rises_by_the_amount_without_tax(lotus):
    payment = PaymentFactory(
        customer=lotus, user=None, state="succeeded", paid_at=AT, amount=Decimal(50), tax=Decimal("9.5")
    )
    text = words(payment)
    for part in ("your balance rises by this amount", "50.00", "9.50", "59.50"):
        assert part in text
    assert "invoice" not in text.lower()


def test_what_was_taken_back_stands_on_it(easycall):
    payment = PaymentFactory(customer=easycall, state="refunded", paid_at=AT, amount=Decimal(50), reversed=Decimal(20))
    text = words(payment)
    assert "TAKEN BACK IN PART" in text
    assert "−20.00 USD" in text


def test_what_has_not_come_has_no_receipt(easycall, as_alice):
    payment = PaymentFactory(customer=easycall, paid_at=None)
    with pytest.raises(ValueError, match="has not come"):
        receipt_pdf(payment, brand=BRAND)
    assert as_alice.get(f"/billing/payments/{payment.pk}/receipt/").status_code == 404


def test_the_page(easycall, as_alice, as_bob, as_charlie):
    payment = PaymentFactory(customer=easycall, state="succeeded", paid_at=AT)
    address = f"/billing/payments/{payment.pk}/receipt/"
    for client in (as_alice, as_bob):
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer["Content-Disposition"] == f'attachment; filename="receipt-{str(payment.pk)[:8]}.pdf"'
    assert {getattr(as_charlie, method)(address).status_code for method in ("get", "post", "options")} == {404}
    assert address in as_alice.get(f"/billing/payments/{payment.pk}/").content.decode()
