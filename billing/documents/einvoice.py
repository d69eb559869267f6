"""An invoice as data for bookkeeping programs: EN 16931 in the syntax Cross Industry Invoice, as Factur-X embeds it.

Amounts go in as text, exactly as they are printed. The keys are the business terms of EN 16931-1 (BT) and its groups
(BG); the package factur-x puts them in place and checks the result with the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import facturx
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from stdnum import iban

from billing.models import InvoiceLine, Service
from billing.money import minor_digits, round_money
from billing.queries.invoice_documents import InvoiceDocument
from selfcare import formats
from selfcare.models import NoTax

INVOICE, CREDIT_NOTE = "380", "381"  # UNTDID 1001
SEPA_TRANSFER, TRANSFER, OTHER_MEANS = "58", "30", "1"  # UNTDID 4461
STANDARD = "S"  # UNTDID 5305: taxed at a rate; the others are those of NoTax
BY_MAIL = "EM"  # the scheme of an electronic address that is one of e-mail
ONE = "C62"  # UN/ECE Recommendation 20
UNITS = {Service.Unit.SECONDS: "SEC", Service.Unit.MEGABYTES: "4L", Service.Unit.MONTHS: "MON"}
MOST_DIGITS = 2  # BR-DEC: no amount has more decimals
ADDRESS_LINES = ("addr_l1", "addr_l2", "addr_l3")
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotPossible(Exception):
    """There can be no e-invoice; `reasons` are sentences for staff."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


def einvoice_xml(document: InvoiceDocument) -> bytes:
    """The XML of an invoice or credit note, valid by the schema; raises NotPossible."""
    with override(settings.LANGUAGE_CODE):  # staff read it, whatever the customer's language
        reasons = list(_what_is_missing(document))
    if reasons:
        raise NotPossible(reasons)
    try:
        xml: bytes = facturx.generate_cii_xml(_terms(document), level="en16931", check_xsd=True, check_schematron=False)
    except Exception as error:  # the package raises bare ones; an invoice without XML is better than none
        raise NotPossible([_("The e-invoice did not pass the check: %(error)s") % {"error": error}]) from error
    return xml


def _what_is_missing(document: InvoiceDocument) -> Iterator[str]:
    """What the standard asks for and is not there, with the place where a bookkeeper enters it."""
    invoice = document.invoice
    if invoice.is_statement:
        yield _("A statement for prepaid service is not an invoice.")
        return
    if invoice.voided_at is not None:
        yield _("The invoice was void before its PDF was made.")
        return
    if minor_digits(invoice.currency) > MOST_DIGITS:
        yield _("%(currency)s has 3 decimals; e-invoices take at most 2.") % {"currency": invoice.currency}
    if not invoice.seller.get("country"):
        yield _("Brand: the country is missing.")
    if not invoice.buyer.get("country"):
        yield _("Customer: the country is missing.")
    yield from _missing_for_tax(document)


def _missing_for_tax(document: InvoiceDocument) -> Iterator[str]:
    """What the way in which the invoice is taxed asks for (BR-S, BR-E, BR-Z, BR-AE, BR-G, BR-O; BR-CO-26)."""
    seller, category = document.invoice.seller, _category(document)
    if not category:
        yield _("Customer: the tax rate is 0, and nothing says why (“if the rate is 0, why”; or under Brand).")
    if category != NoTax.OUTSIDE and not seller.get("tax_id"):
        yield _("Brand: the tax ID is missing.")
    elif (category == NoTax.OUTSIDE or not _vat_id(seller)) and not seller.get("registration"):
        yield _("Brand: the company registration is missing; only a VAT number can take its place.")
    elif category == NoTax.EXPORT and not _vat_id(seller):
        yield _("Brand: an export free of tax needs a VAT number that begins with the letters of its country.")
    if category == NoTax.REVERSE_CHARGE and not _vat_id(document.invoice.buyer):
        yield _("Customer: reverse charge needs a VAT number that begins with the letters of its country.")


def _category(document: InvoiceDocument) -> str:
    """How the invoice is taxed; empty where nobody has said why it is not."""
    return STANDARD if document.invoice.tax_rate else str(document.invoice.buyer.get("no_tax", ""))


def _vat_id(party: dict[str, Any]) -> str:
    """The party's tax ID if it is one for VAT: with the letters of its country in front (BR-CO-09)."""
    tax_id, country = str(party.get("tax_id") or ""), str(party.get("country") or "")
    letters = ("EL",) if country == "GR" else (country, "XI") if country == "GB" else (country,)
    return tax_id if country and tax_id.startswith(letters) else ""


def _terms(document: InvoiceDocument) -> dict[str, Any]:
    invoice = document.invoice
    terms = {
        "BT-1": invoice.number,
        "BT-2": document.issued_on,
        "BT-3": CREDIT_NOTE if document.is_credit_note else INVOICE,
        "BT-5": invoice.currency,
        "BT-72": document.last_day,
        "BT-73": document.first_day,
        "BT-74": document.last_day,
        "BG-1": [{"BT-22": note} for note in _notes(document)],
        "BG-3": [{"BT-25": document.corrects}] if document.corrects else [],
        "BG-4": _seller(document),
        "BG-7": _buyer(document),
        "BG-23": [_tax(document)],
        "BG-25": [_line(document, line) for line in document.lines] or [_nothing(document)],
    }
    return terms | _sums(document) | _payment(document)


def _sums(document: InvoiceDocument) -> dict[str, str]:
    """The amounts; what earlier invoices lack is no part of this one (BT-115 is its total less what was prepaid)."""
    invoice = document.invoice
    net = _amount(document, invoice.net)
    sums = {"BT-106": net, "BT-109": net, "BT-110": _amount(document, invoice.tax)}
    sums |= {"BT-112": _amount(document, invoice.total), "BT-115": _amount(document, document.due_of_this)}
    return sums | ({"BT-113": _amount(document, document.paid_ahead)} if document.paid_ahead else {})


def _payment(document: InvoiceDocument) -> dict[str, Any]:
    """Until when and how it is paid, where something is to be paid."""
    seller = document.invoice.seller
    if document.due_of_this <= 0 or document.is_credit_note:
        return {}
    terms: dict[str, Any] = {"BT-9": document.invoice.due_date, "BT-83": document.invoice.number}
    account = str(seller.get("iban") or "").replace(" ", "").upper()
    if account and iban.is_valid(account):
        means = SEPA_TRANSFER if document.invoice.currency == "EUR" else TRANSFER
        bic = str(seller.get("bic") or "").replace(" ", "").upper()
        return (
            terms
            | {"BT-81": means, "BT-84": account, "BT-85": xml_text(seller["name"])}
            | ({"BT-86": bic} if bic else {})
        )
    details = xml_text(" ".join(str(seller.get("bank_details") or "").split()))
    return terms | ({"BT-81": OTHER_MEANS, "BT-82": details} if details else {})


def _tax(document: InvoiceDocument) -> dict[str, str]:
    invoice, category = document.invoice, _category(document)
    tax = {"BT-116": _amount(document, invoice.net), "BT-117": _amount(document, invoice.tax), "BT-118": category}
    if category != NoTax.OUTSIDE:
        tax["BT-119"] = _plain(invoice.tax_rate)
    words = invoice.buyer.get("no_tax_words")
    return tax | ({"BT-120": xml_text(words)} if category != STANDARD and words else {})


def _line(document: InvoiceDocument, line: InvoiceLine) -> dict[str, Any]:
    """A line with its quantity; the price is that of the whole quantity (BT-149), as calls have many prices."""
    quantity = line.quantity if line.unit != Service.Unit.NONE and line.quantity > 0 else Decimal(1)
    net = document.sign * line.net
    terms = {
        "BT-126": str(line.position),
        "BT-153": xml_text(line.description),
        "BT-129": _plain(quantity.copy_sign(net) if net else quantity),
        "BT-130": UNITS.get(Service.Unit(line.unit), ONE) if quantity == line.quantity else ONE,
        "BT-146": _amount(document, abs(line.net), signed=False),
        "BT-131": _amount(document, line.net),
        "BT-151": _category(document),
    }
    if quantity != 1:
        terms["BT-149"] = _plain(quantity)
    if line.transactions:
        terms["BT-154"] = f"{_('Transactions')}: {line.transactions}"
    return terms | _line_rate(document)


def _nothing(document: InvoiceDocument) -> dict[str, Any]:
    """The line of an invoice without one: the standard asks for at least one (BR-16)."""
    line = {"BT-126": "1", "BT-153": _("Nothing was charged in this period."), "BT-129": "1", "BT-130": ONE}
    nought = _amount(document, Decimal(0))
    return line | {"BT-146": nought, "BT-131": nought, "BT-151": _category(document)} | _line_rate(document)


def _line_rate(document: InvoiceDocument) -> dict[str, str]:
    """Its tax rate; what is not subject to VAT has none (BR-O-05)."""
    return {} if _category(document) == NoTax.OUTSIDE else {"BT-152": _plain(document.invoice.tax_rate)}


def _seller(document: InvoiceDocument) -> dict[str, Any]:
    seller = document.invoice.seller
    lines = [line for line in map(xml_text, str(seller.get("address") or "").splitlines()) if line]
    contact = {"name": seller["name"], "phone": seller.get("support_phone"), "email": seller.get("support_email")}
    party = {
        "name": xml_text(seller["name"]),
        "country_code": seller["country"],
        "legal_identifier": xml_text(seller.get("registration")),
        "contacts": [{key: xml_text(value) for key, value in contact.items() if value}],
        **_in_lines(lines),
        **_reachable(seller.get("support_email")),
    }
    if _category(document) == NoTax.OUTSIDE:
        return party  # no VAT number stands on what VAT does not concern (BR-O-02)
    return party | ({"vat_identifier": _vat_id(seller)} if _vat_id(seller) else {"tax_identifier": seller["tax_id"]})


def _buyer(document: InvoiceDocument) -> dict[str, Any]:
    buyer = document.invoice.buyer
    postal = buyer.get("postal") or {}
    own = [postal.get("address_line_1"), postal.get("address_line_2")]
    lines = own if postal else list(buyer.get("address_lines", []))
    party = {
        "name": xml_text(buyer["name"]),
        "identifiers": {None: str(buyer["id"])},
        "country_code": buyer["country"],
        "city": xml_text(postal.get("city")),
        "postcode": xml_text(postal.get("postal_code")),
        "country_subdivision": xml_text(postal.get("province")),
        "contacts": [{"name": xml_text(buyer["contact_person"])}] if buyer.get("contact_person") else [],
        **_in_lines([line for line in map(xml_text, lines) if line]),
        **_reachable(buyer.get("email")),
    }
    vat_id = _vat_id(buyer) if _category(document) != NoTax.OUTSIDE else ""
    return party | ({"vat_identifier": vat_id} if vat_id else {})


def _in_lines(lines: list[str]) -> dict[str, str]:
    """The three lines of an address; what is more stands in the last one."""
    kept = [*lines[:2], ", ".join(lines[2:])]
    return {key: line for key, line in zip(ADDRESS_LINES, kept, strict=False) if line}


def _reachable(address: Any) -> dict[str, str]:
    return {"einvoicing_addr": xml_text(address), "einvoicing_addr_schemeid": BY_MAIL} if address else {}


def _notes(document: InvoiceDocument) -> Iterator[str]:
    """What the invoice prints beside its own amounts."""
    invoice = document.invoice
    if invoice.previous_unpaid:
        amount = formats.money(invoice.previous_unpaid, invoice.currency)
        yield _("Unpaid from earlier invoices, not part of this one: %(amount)s") % {"amount": amount}


def _amount(document: InvoiceDocument, amount: Decimal, *, signed: bool = True) -> str:
    """An amount with the digits of its currency; those of a credit note are above zero."""
    return str(round_money(document.sign * amount if signed else amount, document.invoice.currency))


def _plain(number: Decimal) -> str:
    """A number without exponent and without zeros at its end."""
    return f"{number.normalize():f}"


def xml_text(value: Any) -> str:
    """Text without what XML cannot hold, and without space around it."""
    return NOT_IN_XML.sub("", str(value or "")).strip()
