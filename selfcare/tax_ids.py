"""Tax IDs: whether one can be right in its country, and what is wrong if it cannot.

The rules of each country (length, characters, check digits) are python-stdnum's. In the European Union the number is
the one for VAT (Council Directive 2006/112/EC, article 215: it begins with the letters of its country).
"""

from __future__ import annotations

import re
from types import ModuleType

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_countries import countries
from stdnum import exceptions, get_cc_module
from stdnum.eu.vat import MEMBER_STATES

MOST = 30
PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./&-]*\Z")
# What a country's tax office calls its numbers, in python-stdnum's words; the first one is the usual.
KINDS = ("vat", "tin")
MORE_KINDS = {"DE": ("vat", "stnr"), "UA": ("edrpou", "rntrc")}
PREFIX = {"GR": "EL"}
EXAMPLES = {
    "AT": "ATU13585627", "AU": "83 914 571 673", "BE": "BE0428759497", "BG": "BG175074752", "CA": "12302 6635",
    "CH": "CHE-107.787.577 MWST", "CZ": "CZ25123891", "DE": "DE136695976", "DK": "DK13585628", "ES": "ESB58378431",
    "FI": "FI20774740", "FR": "FR40303265045", "GB": "GB980780684", "GR": "EL094259216", "HU": "HU12892312",
    "IE": "IE6433435F", "IN": "27AAPFU0939F1ZV", "IT": "IT00743110157", "JP": "5835678256246", "LU": "LU15027442",
    "NL": "NL004495445B01", "NO": "995 525 828 MVA", "NZ": "49-091-850", "PL": "PL8567346215", "PT": "PT501964843",
    "RO": "RO18547290", "SE": "SE123456789701", "SI": "SI50223054", "SK": "SK2022749619", "US": "13-5550199",
}  # fmt: skip


def checked_tax_id(text: str, *, country: str) -> str:
    """The tax ID as it is kept: tidied, with its country's letters in the European Union; empty stays empty.

    `country` is an ISO 3166 code. Of a country whose rules nobody has written down, letters and digits will do. Raises
    ValidationError that says what is wrong.
    """
    text = " ".join(text.split()).upper()
    if not text:
        return ""
    if not country:
        raise ValidationError(_("Choose your country first: My Profile, General. Each country has its own tax IDs."))
    if len(text) > MOST or not PLAIN.match(text):
        raise ValidationError(with_example(_("A tax ID has letters and digits only, at most 30."), country))
    _refuse_other_country(text, country)
    kinds = _kinds(country)
    for kind in kinds:
        if kind.is_valid(text):
            return _prefixed(kind, text, country)
    if kinds:
        raise ValidationError(_what_is_wrong(kinds[0], text, country))
    return text


def _kinds(country: str) -> list[ModuleType]:
    names = MORE_KINDS.get(country, KINDS)
    found = (get_cc_module(country.lower(), name) for name in names)
    return [module for module in found if module is not None]


def _prefixed(kind: ModuleType, text: str, country: str) -> str:
    """A VAT number of the European Union with its letters; any other number as it was typed."""
    if country.lower() not in MEMBER_STATES or kind is not get_cc_module(country.lower(), "vat"):
        return text
    number = str(kind.validate(text))
    letters = PREFIX.get(country, country)
    return number if number.startswith(letters) else letters + number


def _refuse_other_country(text: str, country: str) -> None:
    """A number that is good in another country of the Union is best told apart by its letters."""
    other = {"EL": "GR"}.get(text[:2], text[:2])
    if other == country or other.lower() not in MEMBER_STATES:
        return
    if any(kind.is_valid(text) for kind in _kinds(other)) and not any(kind.is_valid(text) for kind in _kinds(country)):
        names = {"other": countries.name(other), "own": countries.name(country)}
        raise ValidationError(_("This is a tax ID of %(other)s, but your country is %(own)s.") % names)


def _what_is_wrong(kind: ModuleType, text: str, country: str) -> str:
    try:
        kind.validate(text)
    except exceptions.InvalidLength:
        words = _("A tax ID of %(country)s has another number of characters.")
    except exceptions.InvalidChecksum:
        words = _("The check digit does not fit: a character is wrong, or two are swapped.")
    except exceptions.ValidationError:
        words = _("This is no tax ID of %(country)s.")
    return with_example(words % {"country": countries.name(country)}, country)


def with_example(words: str, country: str) -> str:
    """The words and what a tax ID of the country looks like, where we know one."""
    example = EXAMPLES.get(country)
    return f"{words} {_('Example: %(example)s.') % {'example': example}}" if example else words
