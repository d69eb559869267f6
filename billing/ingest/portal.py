"""The portal's own file of calls, version 1: CSV in UTF-8 with a header row; see docs/xdr-formats.md.

The first line may be `#selfcare-xdr v1`; another version is refused with all that follows. The header row
names the columns in any order: external_id, account, started_at, seconds, cli, cld, and if wanted cause,
service, amount, currency, customer, country, destination; columns by other names are left alone.
`started_at` is ISO 8601 with offset and means the moment charging starts; 0 seconds is a failed call. Reads
as a stream: nothing is kept, and an external id that comes twice is for the ledger to find.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, timedelta, tzinfo
from decimal import Decimal

from .fields import Unreadable, clean, read_id, read_number, read_seconds, read_time, split_line
from .records import CallRecord, Reject, reject

VERSION_LINE = "#selfcare-xdr v1"
REQUIRED = ("external_id", "account", "started_at", "seconds", "cli", "cld")
OPTIONAL = ("cause", "service", "amount", "currency", "customer", "country", "destination")

_CUSTOMER = re.compile(r"\d{1,18}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,5})?", re.ASCII)


def read(lines: Iterable[bytes], *, zone: tzinfo) -> Iterator[CallRecord | Reject]:
    """Read a file in the portal's format; never raises for what a line contains.

    `zone` is there because every reader takes it; this format carries an offset with each time.
    """
    del zone
    columns: list[str] = []
    refusal = ""
    for line, raw in enumerate(lines, start=1):
        try:
            fields = split_line(raw)
            if not fields or (line == 1 and fields == [VERSION_LINE]):
                continue
            if refusal:
                raise Unreadable(refusal)
            if columns:
                yield _read_row(line, columns, fields)
            else:
                columns, refusal = _read_header(fields)
                if refusal:
                    raise Unreadable(refusal)
        except Unreadable as error:
            yield reject(line, str(error), raw)


def _read_header(fields: list[str]) -> tuple[list[str], str]:
    """Return the column names, and why nothing after them can be read ("" if it can)."""
    if fields[0].startswith("#selfcare-xdr"):
        return [], f"The file is not of version 1: its first line should be {VERSION_LINE!r} or the header."
    columns = [clean(field).lower() for field in fields]
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        return [], f"The header row is missing or lacks the columns {', '.join(missing)}."
    twice = [name for name in REQUIRED + OPTIONAL if columns.count(name) > 1]
    if twice:
        return [], f"The header row names the columns {', '.join(twice)} twice."
    return columns, ""


def _read_row(line: int, columns: list[str], fields: list[str]) -> CallRecord:
    if len(fields) != len(columns):
        raise Unreadable(f"The line has {len(fields)} columns, the header {len(columns)}.")
    row = dict(zip(columns, fields, strict=True))
    started = read_time(row["started_at"], "start time")
    if started.tzinfo is None:
        raise Unreadable("The start time has no offset from UTC (such as Z or +01:00).")
    started_at = started.astimezone(UTC)
    seconds = read_seconds(row["seconds"], "duration")
    cld = read_number(row["cld"], "called number")
    if not cld:
        raise Unreadable("The called number is missing.")
    amount, currency = _read_amount(row)
    return CallRecord(
        external_id=read_id(row["external_id"], "external id"),
        started_at=started_at,
        answered_at=started_at if seconds else None,
        ended_at=started_at + timedelta(seconds=seconds),
        seconds=seconds,
        cli=read_number(row["cli"], "caller's number"),
        cld=cld,
        cli_name="",
        account=read_id(row["account"], "account"),
        disposition="ANSWERED" if seconds else "NO ANSWER",
        cause=clean(row.get("cause", "")),
        failed=not seconds,
        lines=(line,),
        service=clean(row.get("service", "")),
        amount=amount,
        currency=currency,
        customer=_read_customer(row.get("customer", "")),
        country=clean(row.get("country", "")),
        destination=clean(row.get("destination", "")),
    )


def _read_customer(text: str) -> int | None:
    stripped = text.strip()
    if stripped and not _CUSTOMER.fullmatch(stripped):
        raise Unreadable(f"The customer {clean(stripped, 30)!r} is not a customer's number in the portal.")
    return int(stripped) if stripped else None


def _read_amount(row: Mapping[str, str]) -> tuple[Decimal | None, str]:
    amount, currency = row.get("amount", "").strip(), row.get("currency", "").strip()
    if not amount:
        return None, ""
    if not _AMOUNT.fullmatch(amount):
        raise Unreadable(f"The amount {clean(amount, 30)!r} is not a number like 0.12345 of zero or more.")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise Unreadable("An amount needs a currency of three capital letters, such as EUR.")
    return Decimal(amount), currency
