"""Asterisk CDR files: Master.csv of cdr_csv, and the file cdr_custom.conf.sample makes.

Layout, recognised line by line by where the disposition stands:

- cdr_csv: accountcode, src, dst, dcontext, clid, channel, dstchannel, lastapp, lastdata, start, answer, end,
  duration, billsec, disposition, amaflags [, uniqueid] [, userfield] [, peeraccount, linkedid, sequence]
- cdr_custom: clid, src, dst, dcontext, channel, dstchannel, lastapp, lastdata, start, answer, end, duration,
  billsec, disposition, amaflags [, accountcode, uniqueid, userfield, sequence]

Grouping, as one call is written as many rows (legs), which may lie far apart:

1. Rows with the same linkedid are one call; without it, rows with the same uniqueid; without either, a row
   stands alone. A value that does not look like Asterisk's ids (system name, seconds, counter) is not one.
2. The first leg is that of the channel the call began with (its uniqueid is the linkedid), else one that is
   no Local channel, else the one that started first, then the lowest sequence. Caller, called number, name
   and account are the first leg's: they say who called and what was dialled first.
3. A leg is answered if its disposition is ANSWERED and it has an answer time. "NO ANSWER" with billable
   seconds is not: the dialplan itself had picked up before it dialled.
4. Of the answered legs those count that dialled a real channel. If none has billable seconds, those through
   Local channels count (both halves of an optimised Local channel end with 0 s when the real one takes
   over); then those that dialled nobody (voicemail, an announcement). A Hangup row that dialled nobody
   counts only in a call that dialled nobody at all.
5. The billable seconds are the billsec of the counted leg; legs one after another (a transferred call) add
   up, legs at the same time are one conversation seen twice and the earliest counts.
6. If nobody answered, the group is one failed call of 0 s.

Times are local in the zone of the switch. The legs of the whole file are kept in memory, a few hundred bytes
each; rejects are yielded at once, calls at the end in the order of their first lines.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from .fields import (
    Unreadable,
    check_billable,
    clean,
    place_span,
    place_within,
    read_number,
    read_seconds,
    read_time,
    split_line,
)
from .records import CallRecord, Reject, reject

# How long it rang or why it did not, the most telling first: one busy phone in a ring group is no busy group.
_FAILURES = ("NO ANSWER", "BUSY", "CONGESTION", "FAILED")
_DISPOSITIONS = {*_FAILURES, "ANSWERED", "UNKNOWN"}
_COMMON = ("lastapp", "lastdata", "start", "answer", "end", "duration", "billsec", "disposition", "amaflags")
_CDR_CSV = ("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", *_COMMON)
_CDR_CUSTOM = ("clid", "src", "dst", "dcontext", "channel", "dstchannel", *_COMMON)
_CUSTOM_TAIL = ("accountcode", "uniqueid", "userfield", "sequence")
_NEW_COLUMNS = ("peeraccount", "linkedid", "sequence")
_CSV_TAILS = {
    0: (),
    1: ("uniqueid",),  # or userfield: rule 1 keeps what is no id from being taken for one
    2: ("uniqueid", "userfield"),
    3: _NEW_COLUMNS,
    4: ("uniqueid", *_NEW_COLUMNS),
    5: ("uniqueid", "userfield", *_NEW_COLUMNS),
}
_UNIQUE_ID = re.compile(r"(?:.+-)?\d{9,11}\.\d+", re.ASCII)
_CLID = re.compile(r'"?(?P<name>[^<]*?)"?\s*<[^<>]*>')
_CHANNEL = re.compile(r"[^/]+/(?P<peer>[^@]+?)(?:@.*)?-[0-9a-f]{6,}(?:;[12])?")


@dataclass(frozen=True, slots=True)
class _Leg:
    line: int
    call_id: str
    begins_call: bool
    sequence: int
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    billsec: int
    src: str
    dst: str
    name: str
    account: str
    local: bool
    dialled: bool
    hangup: bool
    disposition: str


def read(lines: Iterable[bytes], *, zone: tzinfo) -> Iterator[CallRecord | Reject]:
    """Read an Asterisk CDR file; never raises for what a line contains."""
    calls: dict[str, list[_Leg]] = {}
    for line, raw in enumerate(lines, start=1):
        try:
            fields = split_line(raw)
            if fields:
                leg = _read_leg(line, _name_columns(fields), zone)
                calls.setdefault(leg.call_id, []).append(leg)
        except Unreadable as error:
            yield reject(line, str(error), raw)
    for legs in calls.values():
        yield _make_call(legs)


def _name_columns(fields: list[str]) -> Mapping[str, str]:
    disposition = {index: fields[index].strip().upper() for index in (13, 14) if index < len(fields)}
    if disposition.get(14) in _DISPOSITIONS and len(fields) >= len(_CDR_CSV):
        extra = len(fields) - len(_CDR_CSV)
        if extra not in _CSV_TAILS:
            raise Unreadable(f"The line has {len(fields)} columns; Master.csv has 16 to 21.")
        return dict(zip(_CDR_CSV + _CSV_TAILS[extra], fields, strict=True))
    if disposition.get(13) in _DISPOSITIONS and len(fields) >= len(_CDR_CUSTOM):
        if len(fields) > len(_CDR_CUSTOM) + len(_CUSTOM_TAIL):
            raise Unreadable(f"The line has {len(fields)} columns; cdr_custom has 15 to 19.")
        return dict(zip(_CDR_CUSTOM + _CUSTOM_TAIL, fields, strict=False))
    if len(fields) < len(_CDR_CUSTOM):
        raise Unreadable(f"The line has only {len(fields)} columns; a call record has at least 15.")
    raise Unreadable("The line fits neither layout of Asterisk: there is no disposition where it should be.")


def _read_leg(line: int, row: Mapping[str, str], zone: tzinfo) -> _Leg:
    duration = read_seconds(row["duration"], "duration")
    billsec = read_seconds(row["billsec"], "billable duration")
    check_billable(billsec, duration)
    span = place_span(
        read_time(row["start"], "start time"), read_time(row["end"], "end time"), zone=zone, duration=duration
    )
    linked, unique = _valid_id(row.get("linkedid", "")), _valid_id(row.get("uniqueid", ""))
    channel, dialled = clean(row["channel"]), clean(row["dstchannel"])
    return _Leg(
        line=line,
        call_id=linked or unique or f"{channel}@{span[0].isoformat()}",
        begins_call=not linked or unique == linked,
        sequence=_read_sequence(row.get("sequence", "")),
        started_at=span[0],
        answered_at=_read_answer(row["answer"], span, zone),
        ended_at=span[1],
        billsec=billsec,
        src=read_number(row["src"], "caller's number"),
        dst=read_number(row["dst"], "called number"),
        name=_read_name(row["clid"]),
        account=clean(row.get("accountcode", "")) or _peer(channel),
        local=channel.startswith("Local/") or dialled.startswith("Local/"),
        dialled=bool(dialled),
        hangup=row["lastapp"].strip().lower() == "hangup",
        disposition=row["disposition"].strip().upper(),
    )


def _valid_id(text: str) -> str:
    found = clean(text)
    return found if _UNIQUE_ID.fullmatch(found) else ""


def _read_sequence(text: str) -> int:
    stripped = text.strip()
    return int(stripped) if re.fullmatch(r"\d{1,12}", stripped, re.ASCII) else 0


def _read_answer(text: str, span: tuple[datetime, datetime], zone: tzinfo) -> datetime | None:
    if not text.strip() or text.startswith("0000-00-00"):
        return None
    return place_within(read_time(text, "answer time"), span, zone=zone)


def _read_name(clid: str) -> str:
    text = clean(clid)
    match = _CLID.fullmatch(text)
    return match["name"].strip() if match else text


def _peer(channel: str) -> str:
    match = _CHANNEL.fullmatch(channel)
    return match["peer"] if match else ""


def _make_call(legs: list[_Leg]) -> CallRecord:
    first = min(legs, key=lambda leg: (not leg.begins_call, leg.local, leg.started_at, leg.sequence, leg.line))
    talk = _consecutive(_counted_legs(legs))
    return CallRecord(
        external_id=first.call_id,
        started_at=min(leg.started_at for leg in legs),
        answered_at=talk[0].answered_at if talk else None,
        ended_at=max(leg.ended_at for leg in talk or legs),
        seconds=sum(leg.billsec for leg in talk),
        cli=first.src,
        cld=first.dst,
        cli_name=first.name,
        account=first.account,
        disposition="ANSWERED" if talk else _failure(legs),
        cause="",
        failed=not talk,
        lines=tuple(leg.line for leg in legs),
    )


def _counted_legs(legs: list[_Leg]) -> list[_Leg]:
    """Return the answered legs that stand for the conversation (rule 4), or none."""
    answered = [leg for leg in legs if leg.disposition == "ANSWERED" and leg.answered_at is not None]
    anybody_dialled = any(leg.dialled for leg in legs)
    kinds = [
        [leg for leg in answered if leg.dialled and not leg.local],
        [leg for leg in answered if leg.dialled and leg.local],
        [leg for leg in answered if not leg.dialled and not (leg.hangup and anybody_dialled)],
    ]
    found = [kind for kind in kinds if kind]
    billable = [kind for kind in found if any(leg.billsec for leg in kind)]
    return (billable or found or [[]])[0]


def _consecutive(legs: list[_Leg]) -> list[_Leg]:
    """Return the legs in order of answering without those that overlap an earlier one (rule 5)."""
    kept: list[_Leg] = []
    for leg in sorted(legs, key=lambda leg: (leg.answered_at or leg.started_at, -leg.billsec, leg.line)):
        if not kept or (leg.answered_at or leg.started_at) >= kept[-1].ended_at:
            kept.append(leg)
    return kept


def _failure(legs: list[_Leg]) -> str:
    seen = {leg.disposition for leg in legs}
    return next((word for word in _FAILURES if word in seen), "NO ANSWER")
