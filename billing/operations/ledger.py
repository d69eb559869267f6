"""The only way into the ledger: rows go in once, in bulk, and never change.

Locks are taken in one order by everybody - external ids, then whatever `finish` locks, daily totals, accounts, each
sorted by key - so that parallel batches wait for each other and cannot deadlock.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import StringIO
from operator import attrgetter
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _

from selfcare.errors import Refused

log = structlog.get_logger(__name__)

FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
MONTHS_AHEAD = 2
NAMESPACED = re.compile(r"[a-z][a-z0-9_]*:.+", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One transaction to book: `amount` in the customer's currency, positive raises what he owes.

    `external_id` is namespaced (`asterisk:...`, `payment:<uuid>`) and the same for the same event for ever;
    `quantity` and `charged_quantity` count the service's unit, `rate` is a price a minute. Times are aware. For the
    explanation of the price: `terms_id` names a RateTerms, `pieces` is as billing.rating.pieces writes it.
    """

    started_at: datetime
    customer_id: int
    service_id: int
    amount: Decimal
    external_id: str
    ended_at: datetime | None = None
    line_id: int | None = None
    failed: bool = False
    quantity: Decimal = Decimal(0)
    charged_quantity: Decimal = Decimal(0)
    rate: Decimal | None = None
    connect_fee: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    cli: str = ""
    cld: str = ""
    country: str = ""
    destination: str = ""
    description: str = ""
    cause: str = ""
    call_id: str = ""
    terms_id: UUID | None = None
    pieces: str = ""


COLUMNS = tuple(field.name for field in fields(LedgerRow))
CELLS = attrgetter(*COLUMNS)
TEXTS = ("external_id", "cli", "cld", "country", "destination", "description", "cause", "call_id")
# An empty cell is NULL, but in a column of text it is the empty text.
COPY = f"COPY billing_xdr ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({', '.join(TEXTS)}))"
CLAIM = """
INSERT INTO billing_xdrkey (external_id)
SELECT id FROM {ids} AS offered (id) ORDER BY id COLLATE "C"
ON CONFLICT DO NOTHING RETURNING external_id
"""
CLAIM_THESE = CLAIM.format(ids="unnest(%s::text[])")
# Of lines with the same id the first counts; rows go in by time, so that those of a page lie together.
BOOK_TABLE = f"""
WITH claimed AS ({CLAIM.format(ids="(SELECT external_id FROM {table})")})
INSERT INTO billing_xdr ({", ".join(COLUMNS)})
SELECT {", ".join(COLUMNS)} FROM (
    SELECT DISTINCT ON (external_id) {{table}}.* FROM {{table}} JOIN claimed USING (external_id)
    ORDER BY external_id, file_line
) AS fresh ORDER BY started_at, external_id
"""  # noqa: S608  # our own constants
CHECK_TABLE = """
SELECT count(*), count(*) FILTER (WHERE external_id !~ '^[a-z][a-z0-9_]*:.'),
    count(*) FILTER (WHERE started_at < %s OR started_at >= %s)
FROM {table}
"""


@dataclass(frozen=True, slots=True)
class Posted:
    """How many rows went in, and how many the ledger had already."""

    inserted: int
    known: int


Finish = Callable[[Sequence[LedgerRow]], Sequence[LedgerRow]]


def post_rows(rows: Iterable[LedgerRow], *, now: datetime, finish: Finish | None = None) -> Posted:
    """Book the rows that the ledger does not have yet, all or none; the same external id is one row for ever.

    `finish` gets the new rows inside the transaction and returns them as they are to be booked (a discount whose
    counter must count each call once). Totals and balances follow by trigger. Raises Refused for a date outside
    2000 .. two months ahead of `now`, ValueError for an external id without namespace or a time without zone.
    """
    offered = 0
    by_id: dict[str, LedgerRow] = {}
    first, end = bookable(now)
    for row in rows:
        offered += 1
        _check(row, first, end)
        by_id.setdefault(row.external_id, row)
    if not by_id:
        return Posted(0, 0)
    make_missing_months({row.started_at for row in by_id.values()})
    with transaction.atomic():
        new = [by_id[external_id] for external_id in _claim(by_id)]
        new.sort(key=lambda row: (row.started_at, row.external_id))
        if new:
            _copy(finish(new) if finish else new)
    return Posted(len(new), offered - len(new))


def post_table(table: str, *, now: datetime) -> Posted:
    """Book the rows of a temporary table that the ledger does not have yet, as `post_rows` does, without seeing them.

    The table has the fields of LedgerRow as columns and `file_line`, by which of rows with the same external id the
    first counts. To be called in the transaction in which the table was made, after `make_missing_months`. Raises
    ValueError for a row that `post_rows` would not take.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHECK_TABLE.format(table=table), bookable(now))
        offered, nameless, far_away = cursor.fetchone()
        if nameless or far_away:
            raise ValueError(f"{nameless} rows without namespace, {far_away} of a date that is too far away")
        cursor.execute(BOOK_TABLE.format(table=table))
        inserted: int = cursor.rowcount
    return Posted(inserted, offered - inserted)


def may_book(started_at: datetime, *, now: datetime) -> bool:
    """Whether the ledger takes a transaction of this moment."""
    first, end = bookable(now)
    return first <= started_at < end


def bookable(now: datetime) -> tuple[datetime, datetime]:
    """The span that the ledger takes: from the beginning of 2000 to the end of the month two ahead."""
    return FIRST_MOMENT, datetime.combine(_month(now, MONTHS_AHEAD + 1), time(), tzinfo=UTC)


def make_months(*, now: datetime) -> int:
    """Make the partitions of last month to three months ahead; returns the rows that no partition was made for."""
    _make({_month(now, step) for step in range(-1, 4)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT 1 FROM billing_xdr_rest LIMIT 1000) AS stray")
        stray: int = cursor.fetchone()[0]
    if stray:
        log.warning("ledger_rows_without_month", rows=stray, table="billing_xdr_rest")
    return stray


def make_missing_months(moments: Iterable[datetime]) -> None:
    """Make the partitions that these moments need.

    A caller with a transaction of his own calls this before it: making a partition locks the whole ledger.
    """
    _make({day.replace(day=1) for day in {moment.astimezone(UTC).date() for moment in moments}})


def _make(months: Collection[date]) -> None:
    names = {month: f"billing_xdr_{month:%Y%m}" for month in sorted(months)}
    with transaction.atomic(), connection.cursor() as cursor:
        # Asking first keeps the lock of billing_make_month away from everyday posts.
        cursor.execute(
            "SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", [[*names.values()]]
        )
        missing = {name for (name,) in cursor.fetchall()}
        for month, name in names.items():
            if name in missing:
                cursor.execute("SELECT billing_make_month(%s)", [month])


def _check(row: LedgerRow, first: datetime, end: datetime) -> None:
    if not NAMESPACED.fullmatch(row.external_id):
        raise ValueError(f"an external id is namespaced like payment:1, not {row.external_id!r}")
    if row.started_at.tzinfo is None:
        raise ValueError("the time of a transaction carries a time zone")
    if not first <= row.started_at < end:
        raise Refused(
            _("A transaction of %(day)s cannot be booked: the date is too far away.")
            % {"day": f"{row.started_at:%Y-%m-%d}"}
        )


def _claim(external_ids: Iterable[str]) -> set[str]:
    """Take the external ids that nobody has; waits for those that another transaction is just taking."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_THESE, [list(external_ids)])
        return {external_id for (external_id,) in cursor.fetchall()}


def _copy(rows: Sequence[LedgerRow]) -> None:
    buffer = StringIO()
    csv.writer(buffer).writerows(map(CELLS, rows))
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(COPY, buffer)


def _month(now: datetime, step: int) -> date:
    first = now.astimezone(UTC).date().replace(day=1)
    years, month = divmod(first.month - 1 + step, 12)
    return date(first.year + years, month + 1, 1)
