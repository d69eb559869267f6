"""FreeSWITCH mod_cdr_csv files, in the layout of its "example" template.

Columns: caller_id_name, caller_id_number, destination_number, context, start_stamp, answer_stamp, end_stamp,
duration, billsec, hangup_cause, uuid [, bleg_uuid, accountcode, read_codec, write_codec, ...]

Rules: an empty answer time is an unanswered call of 0 s, whatever else the row says. A uuid that comes again
is the same call posted again: of its rows the answered one wins, then the one with most billable seconds,
then one that ended with NORMAL_CLEARING, then the last. Times are local in the zone of the switch and may
lack seconds; the end is then moved to where the billable seconds fit.

As a repeated uuid may come at the very end, one record a call is kept in memory; rejects are yielded at once,
calls at the end in the order of their first lines.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta, tzinfo

from .fields import (
    Unreadable,
    check_billable,
    clean,
    place_span,
    place_within,
    read_id,
    read_number,
    read_seconds,
    read_time,
    split_line,
)
from .records import CallRecord, Reject, reject

_NORMAL = "NORMAL_CLEARING"
_LEAST_COLUMNS = 11
_ACCOUNT = 12


def read(lines: Iterable[bytes], *, zone: tzinfo) -> Iterator[CallRecord | Reject]:
    """Read a FreeSWITCH CDR file; never raises for what a line contains."""
    calls: dict[str, CallRecord] = {}
    for line, raw in enumerate(lines, start=1):
        try:
            fields = split_line(raw)
            if fields:
                record = _read_row(line, fields, zone)
                known = calls.get(record.external_id)
                calls[record.external_id] = _merge(known, record) if known else record
        except Unreadable as error:
            yield reject(line, str(error), raw)
    yield from calls.values()


def _read_row(line: int, fields: list[str], zone: tzinfo) -> CallRecord:
    if len(fields) < _LEAST_COLUMNS:
        raise Unreadable(f"The line has only {len(fields)} columns; a call record has at least 11.")
    name, cli, cld, _context, start, answer, end, lasted, billed, cause, uuid = fields[:_LEAST_COLUMNS]
    duration = read_seconds(lasted, "duration")
    billsec = read_seconds(billed, "billable duration")
    check_billable(billsec, duration)
    span = place_span(read_time(start, "start time"), read_time(end, "end time"), zone=zone, duration=duration)
    answered_at = place_within(read_time(answer, "answer time"), span, zone=zone) if answer.strip() else None
    seconds = billsec if answered_at else 0
    return CallRecord(
        external_id=read_id(uuid, "uuid"),
        started_at=span[0],
        answered_at=answered_at,
        ended_at=max(span[1], (answered_at or span[0]) + timedelta(seconds=seconds)),
        seconds=seconds,
        cli=read_number(cli, "caller's number"),
        cld=read_number(cld, "called number"),
        cli_name=clean(name),
        account=clean(fields[_ACCOUNT]) if len(fields) > _ACCOUNT else "",
        disposition="ANSWERED" if answered_at else "NO ANSWER",
        cause=clean(cause),
        failed=answered_at is None,
        lines=(line,),
    )


def _merge(known: CallRecord, again: CallRecord) -> CallRecord:
    winner = max(known, again, key=_worth) if _worth(known) != _worth(again) else again
    return replace(winner, lines=known.lines + again.lines)


def _worth(record: CallRecord) -> tuple[bool, int, bool]:
    return (not record.failed, record.seconds, record.cause == _NORMAL)
