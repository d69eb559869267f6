"""Files of calls into the ledger, batch by batch: whatever stops it, the next run goes on where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice
from typing import Protocol

from billing.ingest import asterisk, freeswitch, portal
from billing.ingest.records import CallRecord, Reject
from billing.operations.calls import book_calls, tariff_of
from selfcare.models import Customer

BATCH = 5_000


class Reader(Protocol):
    """Reads the lines of a file; times without an offset are local in `zone`."""

    def __call__(self, lines: Iterable[bytes], *, zone: tzinfo) -> Iterator[CallRecord | Reject]: ...


READERS: Mapping[str, Reader] = {"asterisk": asterisk.read, "freeswitch": freeswitch.read, "portal": portal.read}


@dataclass(frozen=True, slots=True)
class Step:
    """One batch done: lines of the file behind it, calls new and known, and what was rejected."""

    lines: int
    inserted: int
    known: int
    rejects: tuple[Reject, ...]


def import_calls(
    lines: Iterable[bytes],
    *,
    format: str,
    customer: Customer,
    zone: tzinfo,
    now: datetime,
    dry_run: bool = False,
) -> Iterator[Step]:
    """Rate and book the calls of a file, 5,000 in a transaction, and tell of each batch.

    A second run adds nothing, and one after a crash adds what was missing, since every call has its external id.
    Raises Refused if the customer's tariff is missing, before anything is read.
    """
    tariff = tariff_of(customer)
    items = READERS[format](lines, zone=zone)
    while batch := list(islice(items, BATCH)):
        unread = [item for item in batch if isinstance(item, Reject)]
        calls = [item for item in batch if isinstance(item, CallRecord)]
        booked = book_calls(calls, customer=customer, tariff=tariff, source=format, now=now, dry_run=dry_run)
        yield Step(_lines_of(unread, calls), booked.inserted, booked.known, (*unread, *booked.rejects))


def _lines_of(unread: Sequence[Reject], calls: Sequence[CallRecord]) -> int:
    return len(unread) + sum(len(call.lines) for call in calls)
