"""Invoices for papers, made in memory: nothing is stored."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies

from billing.models import Invoice, InvoiceLine
from billing.money import TaxedAmount, minor_digits, round_money
from billing.queries.invoice_documents import InvoiceDocument

SELLER = {
    "name": "Telefon & Söhne <GmbH>",
    "address": "Weg 1\nHinterhaus\n10115 Berlin\nDeutschland",
    "tax_id": "DE136695976",
    "registration": "HRB 12345",
    "country": "DE",
    "support_email": "office@example.com",
    "support_phone": "+49 30 1234567",
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "bank_details": "Bank in Köln",
}
BUYER = {
    "id": 7,
    "name": "Customer B.V.",
    "address_lines": ["Keizersgracht 1", "1015 CN Amsterdam", "Netherlands"],
    "contact_person": "Anna de Vries",
    "tax_id": "NL004495445B01",
    "email": "anna@example.com",
    "country": "NL",
    "postal": {"address_line_1": "Keizersgracht 1", "city": "Amsterdam", "province": "", "postal_code": "1015 CN"},
    "no_tax": "",
    "no_tax_words": "",
}
USUAL = (("9.87", "1234.567", "seconds"), ("10", "1", "months"), ("-2.50", "0", "none"), ("0", "12", "messages"))
Line = tuple[Any, Any, str]


def document(
    lines: tuple[Line, ...] | list[Line] = USUAL,
    *,
    rate: Any = "19",
    currency: str = "EUR",
    seller: dict[str, Any] | None = None,
    buyer: dict[str, Any] | None = None,
    paid: Any = "0",
    previous: Any = "0",
    corrects: str = "",
    **more: Any,
) -> InvoiceDocument:
    """The invoice of January 2026 with such lines: net amount, quantity, unit."""
    nets = [round_money(Decimal(net), currency) for net, _quantity, _unit in lines]
    taxed = TaxedAmount.from_net(sum(nets, Decimal(0)), rate=Decimal(rate), currency=currency)
    invoice = Invoice(
        pk=1,
        number="000017",
        issued_at=datetime(2026, 2, 1, tzinfo=UTC),
        period_start=datetime(2026, 1, 1, tzinfo=UTC),
        period_end=datetime(2026, 2, 1, tzinfo=UTC),
        due_date=date(2026, 2, 15),
        time_zone="UTC",
        currency=currency,
        net=taxed.net,
        tax=taxed.tax,
        total=taxed.gross,
        previous_unpaid=Decimal(previous),
        tax_rate=Decimal(rate),
        seller=SELLER | (seller or {}),
        buyer=BUYER | (buyer or {}),
        **more,
    )
    rows = tuple(
        InvoiceLine(
            invoice=invoice,
            position=place,
            description=f"Service {place}",
            transactions=3,
            quantity=Decimal(quantity),
            unit=unit,
            net=net,
        )
        for place, (net, (_net, quantity, unit)) in enumerate(zip(nets, lines, strict=True), start=1)
    )
    days = (date(2026, 2, 1), date(2026, 1, 1), date(2026, 1, 31))
    return InvoiceDocument(invoice, rows, *days, paid_ahead=Decimal(paid), corrects=corrects)


@strategies.composite
def documents(draw: Any, odd: bool = True) -> InvoiceDocument:
    """Any invoice that can be an e-invoice; with `odd` names of any characters, which no reader of PDFs gives back."""
    text = any_text if odd else plain_text
    currency = draw(strategies.sampled_from(["EUR", "USD", "JPY", "CHF"]))
    digits = minor_digits(currency)
    amount = strategies.decimals(-9999, 99999, places=digits)
    quantity = strategies.decimals(0, 10**7, places=3)
    unit = strategies.sampled_from(["seconds", "months", "messages", "megabytes", "none"])
    lines = draw(strategies.lists(strategies.tuples(amount, quantity, unit), max_size=9))
    taxed = draw(strategies.booleans())
    # BR-CO-17 takes a rate below 0.5 % for none; no country has one.
    rate = draw(strategies.decimals("0.5", 40, places=3)) if taxed else Decimal(0)
    no_tax = "" if taxed else draw(strategies.sampled_from(["E", "Z", "AE", "G", "O"]))
    words = "" if no_tax in ("", "Z") else draw(text())
    seller = {"name": draw(text()), "address": draw(text()), "bank_details": draw(text())}
    seller |= {"iban": draw(strategies.sampled_from(["", SELLER["iban"], "nonsense"]))}
    buyer = {"name": draw(text()), "no_tax": no_tax, "no_tax_words": words, "contact_person": draw(text())}
    found = document(lines, rate=rate, currency=currency, seller=seller, buyer=buyer, previous=draw(previous(digits)))
    if found.invoice.total > 0 and draw(strategies.booleans()):
        share = draw(strategies.sampled_from(["0.5", "1"]))
        paid = round_money(found.invoice.total * Decimal(share), currency)
        return document(lines, rate=rate, currency=currency, seller=seller, buyer=buyer, paid=paid)
    if found.invoice.total < 0 and all(Decimal(net) <= 0 for net, *_rest in lines) and draw(strategies.booleans()):
        return document(lines, rate=rate, currency=currency, seller=seller, buyer=buyer, corrects="000016")
    return found


def plain_text() -> Any:
    return strategies.text("abcdefghijklmnop -", max_size=20).map(lambda words: f"A{words}")


def any_text() -> Any:
    """Names with anything in them that PostgreSQL would keep, and a letter, so that something is left."""
    return strategies.text(strategies.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20).map(
        lambda words: f"A{words}"
    )


def previous(digits: int) -> Any:
    return strategies.sampled_from([Decimal(0), Decimal(1).scaleb(-digits), Decimal(250)])
