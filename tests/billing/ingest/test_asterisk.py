from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from billing.ingest.asterisk import read
from billing.ingest.records import CallRecord, Reject

DATA = Path(__file__).parent / "data"
BERLIN = ZoneInfo("Europe/Berlin")


def calls(lines: Iterable[bytes]) -> list[CallRecord]:
    found = list(read(lines, zone=BERLIN))
    assert not [item for item in found if isinstance(item, Reject)]
    return [item for item in found if isinstance(item, CallRecord)]


def calls_in(name: str) -> list[CallRecord]:
    return calls((DATA / name).read_bytes().splitlines(keepends=True))


def test_each_group_of_rows_is_one_call() -> None:
    found = [
        (call.cli, call.cld, call.seconds, call.disposition, call.failed, call.lines)
        for call in calls_in("asterisk-groups.csv")
    ]
    assert found == [
        ("4930100", "200", 41, "ANSWERED", False, (1, 10)),  # the phone that answered, ten lines on
        ("4930101", "201", 27, "ANSWERED", False, (2,)),  # an announcement
        ("4930102", "200", 0, "NO ANSWER", True, (3, 4)),  # picked up by the dialplan, by nobody else
        ("4930103", "200", 17, "ANSWERED", False, (5, 6, 7, 8)),  # through Local channels
        ("4930104", "200", 30, "ANSWERED", False, (9,)),
        ("4930105", "200", 90, "ANSWERED", False, (11, 12)),  # transferred
        ("4930106", "200", 0, "BUSY", True, (13,)),
        ("4930107", "200", 25, "ANSWERED", False, (14, 15)),  # voicemail
        ("4930108", "200", 40, "ANSWERED", False, (16, 17)),  # one talk, written twice
    ]


def test_times_run_from_the_first_leg_to_the_end_of_the_talk() -> None:
    call = calls_in("asterisk-groups.csv")[3]
    assert call.external_id == "1772450000.10"
    assert call.started_at == datetime(2026, 3, 2, 11, 4, 0, tzinfo=UTC)
    assert call.answered_at == datetime(2026, 3, 2, 11, 4, 6, tzinfo=UTC)
    assert call.ended_at == datetime(2026, 3, 2, 11, 4, 23, tzinfo=UTC)


def test_the_account_is_the_code_else_the_peer_of_the_first_leg() -> None:
    found = calls_in("asterisk-groups.csv")
    assert (found[3].account, found[4].account) == ("acme", "trunk")
    assert [call.account for call in calls_in("asterisk-custom.csv")] == ["anna", "acme", "anna"]


def test_broken_bytes_and_direction_marks_in_names_stop_nothing() -> None:
    assert calls_in("asterisk-groups.csv")[4].cli_name == "Mül\ufffd"
    assert calls_in("asterisk-custom.csv")[1].cli_name == "Ben evil"


def test_the_layout_with_clid_first_is_recognised() -> None:
    found = [(call.cli, call.cld, call.seconds, call.failed) for call in calls_in("asterisk-custom.csv")]
    assert found == [
        ("anna", "4930200", 60, False),
        ("ben", "4930201", 0, True),
        ("anna", "4930202", 10, False),
    ]


def test_both_layouts_may_stand_in_one_file() -> None:
    names = ("asterisk-groups.csv", "asterisk-custom.csv")
    lines = [line for name in names for line in (DATA / name).read_bytes().splitlines(keepends=True)]
    assert len(calls(lines)) == 12


ROW = (
    '"","100","200","in","""A"" <100>","SIP/a-00000001","SIP/b-00000002","Dial","x",'
    '"{start}","{answer}","{end}",'
    '{duration},{billsec},"{disposition}","DOCUMENTATION"{tail}'
)
GOOD = {
    "start": "2026-03-02 12:00:00",
    "answer": "2026-03-02 12:00:05",
    "end": "2026-03-02 12:00:25",
    "duration": "25",
    "billsec": "20",
    "disposition": "ANSWERED",
    "tail": "",
}


def row(**changes: str) -> bytes:
    return ROW.format(**(GOOD | changes)).encode()


@pytest.mark.parametrize(
    ("tail", "external_id"),
    [
        ("", "SIP/a-00000001@2026-03-02T11:00:00+00:00"),
        (',"1772450000.1"', "1772450000.1"),
        (',"a user field"', "SIP/a-00000001@2026-03-02T11:00:00+00:00"),
        (',"1772450000.1","a user field"', "1772450000.1"),
        (',"","1772450000.1",7', "1772450000.1"),
        (',"1772450000.2","","1772450000.1",7', "1772450000.1"),
        (',"1772450000.2","","","1772450000.1",7', "1772450000.1"),
    ],
)
def test_optional_columns_are_found(tail: str, external_id: str) -> None:
    assert calls([row(tail=tail)])[0].external_id == external_id


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"billsec": "-1"}, "negative"),
        ({"billsec": "abc"}, "whole number"),
        ({"billsec": "27"}, "lasted only"),
        ({"duration": "99999999", "billsec": "0"}, "longer than any call"),
        ({"duration": "500", "billsec": "0"}, "between start and end"),
        ({"start": "9999-12-31 23:59:59"}, "9999"),
        ({"start": "2026-02-30 12:00:00"}, "does not exist"),
        ({"start": "yesterday"}, "not a date"),
        ({"end": "2026-03-02 11:00:00"}, "ends before"),
        ({"answer": "2026-03-02 13:00:00"}, "answered before it starts or after"),
        ({"disposition": "MAYBE"}, "neither layout"),
        ({"tail": "," * 9}, "25 columns"),
        ({"tail": ',"open'}, "quoting"),
        ({"tail": ",\0"}, "NUL"),
        ({"tail": "," + "x" * 65_536}, "longer than"),
    ],
)
def test_a_bad_row_is_rejected_with_its_reason_and_reading_goes_on(changes: dict[str, str], reason: str) -> None:
    found = list(read([row(tail=',"1772450000.1"'), row(**changes), row(tail=',"1772450000.2"')], zone=BERLIN))
    rejected, *rest = found
    assert isinstance(rejected, Reject)
    assert rejected.line == 2
    assert reason in rejected.reason
    assert len(rejected.text) <= 200
    assert [item.external_id for item in rest if isinstance(item, CallRecord)] == [
        "1772450000.1",
        "1772450000.2",
    ]


def test_a_short_row_is_rejected() -> None:
    (rejected,) = read([b'"","100","200"\n'], zone=BERLIN)
    assert isinstance(rejected, Reject)
    assert "only 3 columns" in rejected.reason


def test_an_impossible_number_is_rejected() -> None:
    (rejected,) = read([row().replace(b'"200"', b'"' + b"4" * 40 + b'"')], zone=BERLIN)
    assert isinstance(rejected, Reject)
    assert "40 digits" in rejected.reason


@pytest.mark.parametrize(
    ("start", "end", "duration", "started"),
    [
        # On 25 October 2026 Berlin has 02:00-03:00 twice.
        ("2026-10-25 02:50:00", "2026-10-25 02:10:00", "1200", "2026-10-25T00:50:00+00:00"),
        ("2026-10-25 02:50:00", "2026-10-25 02:55:00", "300", "2026-10-25T00:50:00+00:00"),
        ("2026-10-25 02:50:00", "2026-10-25 03:10:00", "1200", "2026-10-25T01:50:00+00:00"),
    ],
)
def test_calls_in_the_hour_that_comes_twice_keep_their_length(
    start: str, end: str, duration: str, started: str
) -> None:
    changes = {"start": start, "answer": "", "end": end, "duration": duration, "billsec": "0"}
    (call,) = calls([row(disposition="NO ANSWER", **changes)])
    assert call.started_at.isoformat() == started
    assert (call.ended_at - call.started_at).total_seconds() == int(duration)
