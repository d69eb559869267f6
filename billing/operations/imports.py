"""Files of calls into the ledger, batch by batch: whatever stops it, the next run goes on where it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import Protocol

from django.utils.translation import gettext as _

from billing.ingest import asterisk, freeswitch, portal
from billing.ingest.records import CallRecord, Reject
from billing.models import Tariff
from billing.operations.calls import CallsOf, book_groups, reject_call, tariff_of
from billing.operations.priced_calls import book_priced
from selfcare.errors import Refused
from selfcare.models import Customer

BATCH = 10_000


class Reader(Protocol):
    """Reads the lines of a file; times without an offset are local in `zone`."""

    def __call__(self, lines: Iterable[bytes], *, zone: tzinfo) -> Iterator[CallRecord | Reject]: ...


READERS: Mapping[str, Reader] = {"asterisk": asterisk.read, "freeswitch": freeswitch.read, "portal": portal.read}
# Its lines may say whose call it was.
MANY_CUSTOMERS = "portal"


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
    customer: Customer | None,
    now: datetime,
    zone: tzinfo = UTC,
    dry_run: bool = False,
) -> Iterator[Step]:
    """Book the calls of a file, 10,000 at a time, and tell of each batch; those without a price are rated.

    Without `customer` each line names its own, which the portal's format can. A second run adds nothing, and one after
    a crash adds what was missing, since every call has its external id. Raises Refused before anything is read if the
    customer's tariff is missing, or if nobody says whose the calls are.
    """
    if customer is None and format != MANY_CUSTOMERS:
        raise Refused(_("Files of this format do not say whose calls they have: name the customer."))
    customers = _Customers(customer)
    items = READERS[format](lines, zone=zone)
    while batch := list(islice(items, BATCH)):
        unread = [item for item in batch if isinstance(item, Reject)]
        calls = [item for item in batch if isinstance(item, CallRecord)]
        priced, to_rate, refused = customers.sort(calls)
        # Two transactions: in one, the second would take external ids while the first has its totals locked.
        rated = book_groups(to_rate, source=format, now=now, dry_run=dry_run)
        final = book_priced(priced, source=format, now=now, dry_run=dry_run)
        rejects = sorted((*unread, *refused, *rated.rejects, *final.rejects), key=lambda one: one.line)
        yield Step(
            len(unread) + sum(len(call.lines) for call in calls),
            rated.inserted + final.inserted,
            rated.known + final.known,
            tuple(rejects),
        )


class _Customers:
    """Whose the calls of a file are; each customer and his tariff are read once."""

    def __init__(self, only: Customer | None) -> None:
        self._only = only
        self._customers: dict[int, Customer] = {only.pk: only} if only else {}
        self._tariffs: dict[int, Tariff | str] = {only.pk: tariff_of(only)} if only else {}

    def sort(self, calls: Sequence[CallRecord]) -> tuple[dict[int, list[CallRecord]], list[CallsOf], list[Reject]]:
        """Calls with a price by customer, calls to be rated, and those that are nobody's or cannot be rated."""
        priced: dict[int, list[CallRecord]] = {}
        to_rate: dict[int, list[CallRecord]] = {}
        rejects = []
        for call in calls:
            owner = self._owner(call)
            if isinstance(owner, str):
                rejects.append(reject_call(call, owner))
            else:
                (priced if call.priced else to_rate).setdefault(owner, []).append(call)
        self._read(to_rate)
        groups = []
        for pk, found in to_rate.items():
            tariff = self._tariffs[pk]
            if isinstance(tariff, str):
                rejects += [reject_call(call, tariff) for call in found]
            else:
                groups.append(CallsOf(self._customers[pk], tariff, found))
        return priced, groups, rejects

    def _owner(self, call: CallRecord) -> int | str:
        """The customer's key, or why there is none."""
        if self._only is None:
            return "the line names no customer" if call.customer is None else call.customer
        if call.customer not in (None, self._only.pk):
            return f"the line is of customer {call.customer}, the file of {self._only.pk}"
        return self._only.pk

    def _read(self, keys: Iterable[int]) -> None:
        """Read the tariffs of these customers, or why there is none."""
        missing = set(keys) - self._tariffs.keys()
        self._customers |= Customer.objects.in_bulk(missing)
        for pk in missing:
            try:
                found = self._customers.get(pk)
                self._tariffs[pk] = tariff_of(found) if found else f"there is no customer {pk}"
            except Refused as refusal:
                self._tariffs[pk] = str(refusal)
