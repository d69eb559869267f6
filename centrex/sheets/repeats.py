"""Entries of a calendar that repeat (RFC 5545, 3.3.10): the days on which they begin, within a bound.

python-dateutil evaluates the rule; Celery and holidays bring it along anyway, and it is what most calendar
libraries stand on. What it could only answer after a long search is refused here first.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time

from dateutil.rrule import rrulestr

YEARS_AHEAD = 2
LONGEST_RULE = 200
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "WKST"}
FREQUENCIES = {"WEEKLY", "MONTHLY", "YEARLY"}
LEAP_YEAR = 2024


class OddRule(Exception):
    """A rule that is none, repeats too often, or names no day that exists."""


def repeated(start: date, rule: str, *, today: date) -> list[date]:
    """The days on which an entry begins that begins on `start` and repeats by `rule`, an RRULE's value.

    From the first day of the year of `today` to the end of the second year after it. OddRule where it cannot be told.
    """
    parts = parts_of(rule)
    until = parts.pop("UNTIL", "")
    last = date(today.year + YEARS_AHEAD, 12, 31)
    if until:
        last = min(last, last_day(until))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    first = max(start, date(today.year, 1, 1))
    if first > last:
        return []
    try:
        found = rrulestr(text, dtstart=datetime.combine(start, time())).between(
            datetime.combine(first, time()), datetime.combine(last, time()), inc=True
        )
    except (ValueError, OverflowError) as error:
        raise OddRule from error
    return [each.date() for each in found]


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule by name; OddRule for what this does not read."""
    pairs = [part.partition("=") for part in rule.upper().strip().strip(";").split(";")]
    parts = {name: value for name, _equals, value in pairs}
    if len(rule) > LONGEST_RULE or not parts.keys() <= PARTS or parts.get("FREQ") not in FREQUENCIES:
        raise OddRule
    if not re.fullmatch(r"[1-9]|[1-4]\d|5[0-2]", parts.get("INTERVAL", "1")):
        raise OddRule
    if not names_a_day(parts):
        raise OddRule
    return parts


def names_a_day(parts: dict[str, str]) -> bool:
    """Whether some month has the days that the rule names: the search for a 30th of February would take an age."""
    days = numbers(parts.get("BYMONTHDAY", "1"))
    months = numbers(parts.get("BYMONTH", "1"))
    real = [month for month in months if 1 <= month <= 12]
    ordinals = [int(each) for each in re.findall(r"([+-]?\d+)[A-Z]{2}", parts.get("BYDAY", ""))]
    return (
        any(0 < abs(day) <= monthrange(LEAP_YEAR, month)[1] for day in days for month in real)
        and all(0 < abs(each) <= 5 for each in ordinals)
        and not ("BYMONTHDAY" in parts and ("BYDAY" in parts or parts.get("INTERVAL", "1") != "1"))
    )


def numbers(text: str) -> list[int]:
    """The numbers of a list; what is none is left out, and the evaluation refuses it."""
    return [int(each) for each in text.split(",") if re.fullmatch(r"[+-]?\d{1,2}", each, re.ASCII)]


def last_day(until: str) -> date:
    """The day of an UNTIL, which may carry a time."""
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?", until, re.ASCII)
    if match is None:
        raise OddRule
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise OddRule from error
