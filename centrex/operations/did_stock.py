"""New numbers for the stock, from a CSV file: every line is good, or none is taken."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Did
from selfcare.errors import Refused

NEEDED = ("number", "country", "city", "activation", "monthly")
CURRENCY = "currency"
BATCH = 2_000


@dataclass(frozen=True, slots=True)
class StockError:
    """Why a line (counted from 1, the header) cannot be taken."""

    line: int
    reason: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(reason)s") % {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many numbers went into the stock; none when there are `errors`."""

    added: int
    errors: tuple[StockError, ...]


@dataclass(slots=True)
class _Reading:
    """The lines read so far."""

    numbers: dict[str, tuple[int, Did]]
    errors: list[StockError]


@transaction.atomic
def import_stock(lines: Iterable[str], *, currency: str) -> Imported:
    """Add the numbers of a CSV file with a header (number,country,city,activation,monthly and perhaps currency).

    A number is E.164 with or without the plus, a country its ISO 3166 code, a fee has a decimal point. `currency` is
    that of lines that name none. All lines or none go in. Refused for a file without these columns.
    """
    reading = _Reading({}, [])
    for place, cells in _rows(lines):
        _read(reading, place, cells, currency)
    known = set(Did.objects.filter(number__in=reading.numbers).values_list("number", flat=True))
    twice = [StockError(reading.numbers[number][0], _("%s is in the stock already.") % number) for number in known]
    errors = sorted([*reading.errors, *twice], key=lambda error: error.line)
    if errors:
        return Imported(0, tuple(errors))
    Did.objects.bulk_create((did for _place, did in reading.numbers.values()), batch_size=BATCH)
    return Imported(len(reading.numbers), ())


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(lines, restval="", restkey="")
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or []]
    missing = [name for name in NEEDED if name not in reader.fieldnames]
    if missing:
        raise Refused(_("The first line names the columns; these are missing: %s.") % ", ".join(missing))
    for cells in reader:
        yield reader.line_num, cells


def _read(reading: _Reading, place: int, cells: Mapping[str, str], currency: str) -> None:
    """Take one line, or note what is wrong with it."""
    try:
        did = _number(cells, currency)
    except ValidationError as error:
        reading.errors += [StockError(place, reason) for reason in _reasons(error)]
        return
    if did.number in reading.numbers:
        first, _did = reading.numbers[did.number]
        reason = _("%(number)s stands in line %(line)s already.") % {"number": did.number, "line": first}
        reading.errors.append(StockError(place, reason))
        return
    reading.numbers[did.number] = place, did


def _number(cells: Mapping[str, str], currency: str) -> Did:
    did = Did(
        number=cells["number"].strip().removeprefix("+"),
        country=cells["country"].strip().upper(),
        city=cells["city"].strip(),
        currency=cells.get(CURRENCY, "").strip().upper() or currency,
        activation_fee=_fee(cells, "activation"),
        monthly_fee=_fee(cells, "monthly"),
    )
    did.clean_fields()
    digits = get_currency_precision(did.currency)
    if any(fee != round(fee, digits) for fee in (did.activation_fee, did.monthly_fee)):
        facts = {"currency": did.currency, "digits": digits}
        raise ValidationError(_("a fee in %(currency)s has at most %(digits)s decimals") % facts)
    return did


def _fee(cells: Mapping[str, str], name: str) -> Decimal:
    text = cells[name].strip()
    try:
        fee = Decimal(text)
    except InvalidOperation:
        fee = Decimal("NaN")
    if not fee.is_finite():
        raise ValidationError({name: _("“%s” is no amount.") % text})
    return fee


def _reasons(error: ValidationError) -> list[str]:
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [f"{field}: {message}" for field, messages in error.message_dict.items() for message in messages]
