"""The XML of an invoice: valid by schema and business rules whatever is on the invoice, and with its amounts."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from billing.documents.einvoice import NotPossible, einvoice_xml
from tests.billing.documents.made import USUAL, document, documents
from tests.billing.einvoices import broken_rules, text, texts
from tests.billing.rating.many import many

US = {"country": "US", "tax_id": "13-5550199", "registration": "Delaware 1234", "iban": ""}
KINDS = {
    "taxed": {},
    "paid in part": {"paid": "5.00"},
    "paid in full": {"paid": "20.67"},
    "with debts from before": {"previous": "99.99"},
    "nothing charged": {"lines": ()},
    "below zero": {"lines": (("-40", "0", "none"),)},
    "a rate with three decimals": {"rate": "6.875"},
    "yen": {"lines": (("101", "60", "seconds"),), "rate": "10", "currency": "JPY"},
    "francs": {"currency": "CHF"},
    "reverse charge": {"rate": "0", "buyer": {"no_tax": "AE", "no_tax_words": "Reverse charge"}},
    "exempt": {"rate": "0", "buyer": {"no_tax": "E", "no_tax_words": "Small business"}},
    "taxed at nothing": {"rate": "0", "buyer": {"no_tax": "Z"}},
    "export": {"rate": "0", "buyer": {"no_tax": "G", "no_tax_words": "Export", "country": "US", "tax_id": "1"}},
    "not subject to VAT": {"rate": "0", "buyer": {"no_tax": "O", "no_tax_words": "Not subject to VAT"}},
    "outside the Union": {"currency": "USD", "rate": "8.875", "seller": US, "buyer": {"country": "US", "tax_id": "2"}},
    "Greece": {"seller": {"country": "GR", "tax_id": "EL094259216"}},
    "credit note": {"lines": (("-9.87", "60", "seconds"), ("-1", "0", "none")), "corrects": "000016"},
    "no account": {"seller": {"iban": "", "bank_details": ""}},
    "an account that is none": {"seller": {"iban": "DE00"}},
    "little known of the customer": {"buyer": {"postal": {}, "address_lines": [], "email": "", "contact_person": ""}},
    "odd characters": {"buyer": {"name": "株式会社 \x0b\ufffe <!DOCTYPE x> ]]> &xxe; Ünïcode"}},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_valid(kind):
    assert broken_rules(einvoice_xml(document(**KINDS[kind]))) == []


def test_the_check_finds_what_is_wrong():
    """The control: without it a check that checks nothing would pass as well."""
    xml = einvoice_xml(document())
    wrong = xml.replace(b"<ram:GrandTotalAmount>20.67<", b"<ram:GrandTotalAmount>20.68<")
    assert wrong != xml
    assert any("BR-CO-15" in rule for rule in broken_rules(wrong))
    with pytest.raises(Exception, match="not valid"):
        broken_rules(xml.replace(b"ram:LineID>", b"ram:Line>"))


@settings(many, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_any_invoice_is_valid_and_has_its_amounts(found):
    xml = einvoice_xml(found)
    assert broken_rules(xml) == []
    invoice, sign = found.invoice, found.sign
    assert Decimal(text(xml, "GrandTotalAmount")) == sign * invoice.total
    assert Decimal(text(xml, "TaxTotalAmount")) == sign * invoice.tax
    assert Decimal(text(xml, "TaxBasisTotalAmount")) == sign * invoice.net
    assert Decimal(text(xml, "DuePayableAmount")) == sign * (invoice.total - found.paid_ahead)
    assert sum(map(Decimal, texts(xml, "LineTotalAmount"))) == 2 * sign * invoice.net, "each line, and their sum"


def test_quantities_and_prices_of_lines_make_their_amounts():
    xml = einvoice_xml(document((("9.87", "1234.567", "seconds"), ("-2.50", "10", "messages"))))
    assert texts(xml, "BilledQuantity") == ["1234.567", "-10"]
    assert texts(xml, "BasisQuantity") == ["1234.567", "10"]
    assert texts(xml, "ChargeAmount") == ["9.87", "2.50"]


def test_debts_from_before_are_no_part_of_the_invoice():
    xml = einvoice_xml(document(previous="99.99", paid="5.00"))
    assert (text(xml, "TotalPrepaidAmount"), text(xml, "DuePayableAmount")) == ("5.00", "15.67")
    assert "99.99 EUR" in text(xml, "Content")


def test_a_credit_note_says_what_it_corrects_in_amounts_above_zero():
    xml = einvoice_xml(document(**KINDS["credit note"]))
    assert b"<ram:TypeCode>381</ram:TypeCode>" in xml
    assert (text(xml, "GrandTotalAmount"), texts(xml, "IssuerAssignedID")) == ("12.94", ["000016"])


def test_names_are_text_and_nothing_else():
    xml = einvoice_xml(document(buyer={"name": "<!ENTITY x SYSTEM 'file:///etc/passwd'> &x;\x0b"}))
    assert "<!ENTITY x SYSTEM 'file:///etc/passwd'> &x;" in texts(xml, "Name")
    assert b"<!ENTITY" not in xml


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"currency": "BHD"}, "3 decimals"),
        ({"seller": {"country": ""}}, "Brand: the country"),
        ({"buyer": {"country": ""}}, "Customer: the country"),
        ({"seller": {"tax_id": ""}}, "Brand: the tax ID"),
        ({"seller": US | {"registration": ""}}, "company registration"),
        ({"rate": "0"}, "nothing says why"),
        ({"rate": "0", "buyer": {"no_tax": "AE", "tax_id": ""}}, "reverse charge needs"),
        ({"rate": "0", "buyer": {"no_tax": "O"}, "seller": {"registration": ""}}, "company registration"),
        ({"rate": "0", "buyer": {"no_tax": "G"}, "seller": {"tax_id": "123"}}, "export free of tax"),
        ({"is_statement": True}, "not an invoice"),
        ({"voided_at": document().invoice.issued_at}, "void"),
    ],
)
def test_what_is_missing_is_said(given, words):
    with pytest.raises(NotPossible, match=words):
        einvoice_xml(document(USUAL, **given))


def test_an_invoice_of_before_there_were_these_fields_says_what_is_missing():
    found = document()
    found.invoice.seller, found.invoice.buyer = {}, {}
    with pytest.raises(NotPossible, match="Brand: the country"):
        einvoice_xml(found)
