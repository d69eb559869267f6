"""How times, money and numbers are written for the person who reads them.

The middleware enters `reading_as` for each request; tasks and documents enter it themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

import phonenumbers
import ua_parser
from babel.core import Locale, UnknownLocaleError
from babel.numbers import NumberPattern, format_decimal, get_currency_precision, parse_pattern
from django.utils import timezone, translation
from django.utils.formats import date_format

# Date and time, with seconds where they matter; strftime, because these do not follow the language.
PATTERNS = {
    "iso": ("%Y-%m-%d", "%H:%M"),
    "europe": ("%d.%m.%Y", "%H:%M"),
    "uk": ("%d/%m/%Y", "%H:%M"),
    "us": ("%m/%d/%Y", "%I:%M %p"),
}
_pattern: ContextVar[str] = ContextVar("date_pattern", default="language")
CHARGE_DIGITS = 5


@contextmanager
def reading_as(*, zone, pattern: str, language: str | None = None) -> Iterator[None]:
    """Write times in `zone` by the user's `pattern` (a key of PATTERNS, or "language")."""
    token = _pattern.set(pattern)
    try:
        with timezone.override(zone), translation.override(language or translation.get_language()):
            yield
    finally:
        _pattern.reset(token)


@lru_cache(maxsize=2_000)
def _short_date(value: date, language: str | None) -> str:
    """A date as the active language, which must be `language`, writes it; looking that up takes long."""
    return date_format(value, "SHORT_DATE_FORMAT")


def day(value: date | datetime | None) -> str:
    """A date; a datetime is brought to the reader's time zone first."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    pattern = PATTERNS.get(_pattern.get())
    return value.strftime(pattern[0]) if pattern else _short_date(value, translation.get_language())


def moment(value: datetime | None, *, seconds: bool = False) -> str:
    """Date and time in the reader's time zone."""
    if value is None:
        return ""
    value = timezone.localtime(value)
    name = _pattern.get()
    written = value.strftime(_moment_pattern(name, seconds))
    return written if name in PATTERNS else f"{_short_date(value.date(), translation.get_language())} {written}"


@cache
def _moment_pattern(name: str, seconds: bool) -> str:
    """Date and time; where the language writes the date, the time alone."""
    day_pattern, time_pattern = PATTERNS.get(name, PATTERNS["iso"])
    if seconds:
        time_pattern = time_pattern.replace("%M", "%M:%S")
    return f"{day_pattern} {time_pattern}" if name in PATTERNS else time_pattern


def locale() -> Locale:
    """Babel's locale for the active language."""
    return _locale(_language())


def _language() -> str:
    return translation.get_language() or "en"


@lru_cache(maxsize=100)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"), sep="_")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=100)
def _money_pattern(places: int) -> NumberPattern:
    """Babel's reading of a pattern takes longer than its use."""
    return parse_pattern("#,##0" + ("." + "0" * places if places else ""))


@lru_cache(maxsize=20_000)
def _money(amount: Decimal, currency: str, language: str, digits: int | None) -> str:
    places = get_currency_precision(currency) if digits is None else digits
    rounded = Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0  # + 0: there is no -0.00
    number = _money_pattern(places).apply(rounded, _locale(language))
    return f"{number} {currency}"


def money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency's own number of digits and the ISO code: 1,234.50 USD."""
    return "" if amount is None else _money(amount, currency, _language(), None)


def charge(amount: Decimal | None, currency: str) -> str:
    """An xDR's amount with its 5 decimals."""
    return "" if amount is None else _money(amount, currency, _language(), CHARGE_DIGITS)


def price(amount: Decimal | None, currency: str) -> str:
    """A price a minute: 5 decimals, and the 6th where it has one."""
    if amount is None:
        return ""
    exact = round(amount, CHARGE_DIGITS) == amount
    return _money(amount, currency, _language(), CHARGE_DIGITS if exact else CHARGE_DIGITS + 1)


def number(value: Decimal | int | None) -> str:
    """A number grouped as the language has it, without trailing zeros."""
    return "" if value is None else format_decimal(value, locale=locale())


def duration(seconds: Decimal | int | None) -> str:
    """Seconds as m:ss, and h:mm:ss from an hour on."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@lru_cache(maxsize=1_000)
def browser(user_agent: str) -> str:
    """What a browser calls itself, in the words of a person: "Firefox 140, Windows"."""
    found = ua_parser.parse(user_agent[:500])
    program = f"{found.user_agent.family} {found.user_agent.major or ''}".strip() if found.user_agent else ""
    return ", ".join(filter(None, [program, found.os.family if found.os else ""])) or user_agent[:40]


@lru_cache(maxsize=20_000)
def phone(value: str) -> str:
    """A telephone number grouped as its country writes it; extensions and odd ones stay as they are."""
    digits = value.removeprefix("+")
    if not digits.isdigit() or len(digits) < 8:
        return value
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return value
    if not phonenumbers.is_possible_number(parsed):
        return value
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
