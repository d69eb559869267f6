"""A batch of priced calls: copied into a staging table, judged, claimed and booked in one transaction."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from django.db import connection, transaction

from billing.ingest.records import CallRecord, Reject
from billing.models import Service, Xdr
from billing.operations.calls import SERVICES, Booked, reject_call
from billing.operations.ledger import LedgerRow, bookable, make_missing_months, may_book, post_table
from billing.operations.priced_calls import sql
from billing.operations.spending import tell_of_calls
from billing.operations.spending.calls import FRESH
from billing.rating.dialled import to_e164
from centrex.operations.usage import mark_lines_used
from selfcare.models import Customer

CallsByCustomer = Mapping[int, Sequence[CallRecord]]


def book_priced(calls: CallsByCustomer, *, source: str, now: datetime, dry_run: bool = False) -> Booked:
    """Book calls that say what they cost, by the customer's number; `source` names the format in their external ids.

    The amount is final: no rate is looked up and no volume discount comes off or is used. A call is rejected if there
    is no such customer or service, if its date cannot be booked, or if it is in another currency than the customer's.
    All new calls of the batch go in, or none; `dry_run` undoes them.
    """
    records = {record.lines[0]: record for found in calls.values() for record in found}
    if not records:
        return Booked(0, 0, ())
    if not dry_run:
        make_missing_months({each.started_at for each in records.values() if may_book(each.started_at, now=now)})
    with transaction.atomic():
        _stage(calls)
        rejects = _judge(records, source=source, now=now)
        posted = post_table("billing_judged", now=now)
        _tell_of_calls(now)
        _mark_lines()
        transaction.set_rollback(dry_run)
    return Booked(posted.inserted, posted.known, rejects)


def _stage(calls: CallsByCustomer) -> None:
    buffer = StringIO()
    csv.writer(buffer).writerows(_cells(calls))
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(sql.STAGE)
        cursor.copy_expert(sql.COPY, buffer)
        cursor.execute(sql.ANALYZE)


def _cells(calls: CallsByCustomer) -> Iterator[tuple[object, ...]]:
    """What `sql.COLUMNS` says; which numbers are E.164 depends on the country in which they were dialled."""
    countries = dict(Customer.objects.filter(pk__in=calls).values_list("pk", "country"))
    for customer, records in calls.items():
        country = str(countries.get(customer) or "")
        for record in records:
            cli, cld, account = record.ends
            yield (
                *(record.lines[0], record.external_id, customer, account, cli, cld),
                *(to_e164(account, country), to_e164(cli, country), to_e164(cld, country)),
                *(record.started_at, record.seconds, record.cause, record.service),
                *(record.amount, record.currency, record.country, record.destination),
            )


def _judge(records: Mapping[int, CallRecord], *, source: str, now: datetime) -> tuple[Reject, ...]:
    """Make rows of what was staged; what cannot be booked is taken out and returned with the reason."""
    first, end = bookable(now)
    values: dict[str, Any] = {
        "services": [*SERVICES],
        "service_ids": [*SERVICES.values()],
        "source": source,
        "incoming": Xdr.INCOMING,
        "first": first,
        "end": end,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.JUDGE, values)
        cursor.execute(sql.REFUSED)
        rejects = tuple(reject_call(records[line], reason) for line, reason in cursor.fetchall())
        cursor.execute(sql.DROP_REFUSED)
    return rejects


def _tell_of_calls(now: datetime) -> None:
    """Notices about single calls; of one that the ledger had already the notice is there, and is not given twice."""
    with connection.cursor() as cursor:
        cursor.execute(sql.WORTH_TELLING, (Service.CALLS, now - FRESH))
        names = [column.name for column in cursor.description]
        rows = [LedgerRow(**dict(zip(names, cells, strict=True))) for cells in cursor.fetchall()]
    tell_of_calls(rows=rows, now=now)


def _mark_lines() -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.LAST_CALLS)
        last_calls = dict(cursor.fetchall())
        cursor.execute(sql.DROP)
    mark_lines_used(last_calls)
