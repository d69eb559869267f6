"""The log of calls: the ledger's calls of a time, by line, number and what became of them.

Always the calls of one customer in one time, paged by key: no search reads further than that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from billing.models import Service, Xdr
from billing.queries.keyset import Cursor, KeysetPage, Sort, page_of
from billing.queries.xdrs import Wanted, name_lines, recordings_of, service_totals
from centrex.models import CallRecording, Line
from centrex.queries.names import is_own, name_of
from selfcare.export import second_of
from selfcare.models import Customer, User

INCOMING, OUTGOING, INTERNAL = "in", "out", "internal"
# The switch starts a recording within a call, so a day around the time holds all that belong to it.
AROUND = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCalls:
    """Which calls: started in [start, end), over one line, with one of `parts` (digits) in the number of either side
    or one of `numbers` as the whole of it, recorded, missed."""

    start: datetime
    end: datetime
    line: Line | None = None
    parts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    recorded: bool = False
    missed: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the daily totals know how many there are."""
        return not (self.line or self.parts or self.numbers or self.recorded or self.missed)


def calls(customer: Customer | None, wanted: WantedCalls) -> QuerySet[Xdr]:
    """The calls themselves with `direction` (INCOMING, OUTGOING, INTERNAL), newest first."""
    rows = _matching(customer, wanted).filter(started_at__gte=wanted.start, started_at__lt=wanted.end)
    return rows.order_by("-started_at", "-id")


def calls_page(
    customer: Customer | None, wanted: WantedCalls, *, user: User, descending: bool, cursor: str, size: int
) -> KeysetPage:
    """One page by date; `recording` of each row is what `user` may hear of it, in whatever state, or None."""
    order = Sort("started_at", descending)
    page = page_of(
        _matching(customer, wanted),
        start=wanted.start,
        end=wanted.end,
        sort=order,
        cursor=Cursor.read(cursor, order) if cursor else None,
        size=size,
        total=how_many(customer, wanted) if wanted.is_whole else None,
    )
    name_lines(page.rows)
    recordings = recordings_of(customer, page.rows, user=user, playable=False)
    for row in page.rows:
        row.recording = recordings.get(row.call_id)
    return page


def how_many(customer: Customer | None, wanted: WantedCalls) -> int:
    """The number of all calls of a time, from the daily totals."""
    whole = Wanted(start=wanted.start, end=wanted.end, service_id=Service.CALLS, failed=True)
    return sum(total.transactions for total in service_totals(customer, whole))


def with_direction(rows: QuerySet[Xdr], customer: Customer | None) -> QuerySet[Xdr]:
    """The rows with `direction`; what we called ourselves and rang ourselves is internal."""
    direction = Case(
        When(description=Xdr.INCOMING, then=Value(INCOMING)),
        When(description=Xdr.INTERNAL, then=Value(INTERNAL)),
        When(is_own(customer, "cld"), then=Value(INTERNAL)),
        default=Value(OUTGOING),
        output_field=CharField(),
    )
    return rows.annotate(direction=direction)


def call_columns(
    rows: QuerySet[Xdr], customer: Customer, zone: ZoneInfo, text: Callable[[str], Any], *, with_charge: bool
) -> tuple[QuerySet[Xdr], dict[str, Any]]:
    """The rows with what a file of calls needs besides, and its columns by their heads; `text` makes text safe.

    Times are local in `zone`, which has a column of its own, and have their offset if PostgreSQL writes them; numbers
    are E.164 without plus, `duration` is in seconds.
    """
    recorded = CallRecording.for_customer(customer).exclude(call_id="").filter(call_id=OuterRef("call_id"))
    rows = rows.annotate(
        cli_name=name_of(customer, "cli"), cld_name=name_of(customer, "cld"), recorded=Exists(recorded)
    )
    columns = {
        "account_id": text("line__account_id"),
        "direction": F("direction"),
        "cli": text("cli"),
        "cli_name": text("cli_name"),
        "cld": text("cld"),
        "cld_name": text("cld_name"),
        "country": text("country"),
        "area": text("destination"),
        "connect_time": second_of("started_at"),
        "disconnect_time": second_of("ended_at"),
        "timezone": Value(str(zone), output_field=TextField()),
        "duration": F("quantity"),
        "failed": Cast("failed", IntegerField()),
        "disconnect_cause": text("cause"),
        "recorded": Cast("recorded", IntegerField()),
        "call_id": text("call_id"),
    }
    if with_charge:
        columns |= {"charged_amount": F("amount"), "currency": Value(customer.currency, output_field=TextField())}
    return rows, columns


def _matching(customer: Customer | None, wanted: WantedCalls) -> QuerySet[Xdr]:
    rows: QuerySet[Xdr] = Xdr.for_customer(customer).filter(service_id=Service.CALLS)
    rows = with_direction(rows, customer)
    if wanted.line is not None:
        rows = rows.filter(line=wanted.line)
    if wanted.parts or wanted.numbers:
        rows = rows.filter(_either_side(wanted))
    if wanted.recorded:
        made = CallRecording.for_customer(customer).exclude(call_id="")
        made = made.filter(started_at__gte=wanted.start - AROUND, started_at__lt=wanted.end + AROUND)
        rows = rows.filter(call_id__in=made.values("call_id"))
    if wanted.missed:
        rows = rows.filter(Q(description__in=(Xdr.INCOMING, Xdr.INTERNAL)) | is_own(customer, "cld"), failed=True)
    return rows


def _either_side(wanted: WantedCalls) -> Q:
    condition = Q(cli__in=wanted.numbers) | Q(cld__in=wanted.numbers)
    for part in wanted.parts:
        condition |= Q(cli__contains=part) | Q(cld__contains=part)
    return condition
