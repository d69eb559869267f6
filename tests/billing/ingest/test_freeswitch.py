from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from billing.ingest.freeswitch import read
from billing.ingest.records import CallRecord, Reject

NOON = "2026/3/2 12:00"
BERLIN = ZoneInfo("Europe/Berlin")
LINES = (Path(__file__).parent / "data" / "freeswitch.csv").read_bytes().splitlines(keepends=True)


def calls() -> list[CallRecord]:
    found = list(read(LINES, zone=BERLIN))
    assert all(isinstance(item, CallRecord) for item in found)
    return [item for item in found if isinstance(item, CallRecord)]


def test_a_repeated_uuid_is_one_call() -> None:
    found = [(call.external_id[-1], call.seconds, call.cause, call.failed, call.lines) for call in calls()]
    assert found == [
        ("1", 61, "NORMAL_CLEARING", False, (1,)),
        ("2", 20, "NORMAL_CLEARING", False, (2, 4, 6)),
        ("3", 0, "NO_USER_RESPONSE", True, (3,)),
        ("4", 60, "NORMAL_CLEARING", False, (5,)),
    ]


@pytest.mark.parametrize(
    ("answers", "billed", "causes", "winner"),
    [
        ((NOON, ""), (20, 0), ("USER_BUSY", "NORMAL_CLEARING"), 0),
        ((NOON, NOON), (20, 30), ("NORMAL_CLEARING", "USER_BUSY"), 1),
        ((NOON, NOON), (20, 20), ("NORMAL_CLEARING", "USER_BUSY"), 0),
        (("", ""), (0, 0), ("USER_BUSY", "NO_ANSWER"), 1),
    ],
)
def test_which_row_of_a_uuid_wins(
    answers: tuple[str, str], billed: tuple[int, int], causes: tuple[str, str], winner: int
) -> None:
    lines = [
        f"A,1,2,d,2026/3/2 12:00,{answer},2026/3/2 12:01,40,{bill},{cause},u-1".encode()
        for answer, bill, cause in zip(answers, billed, causes, strict=True)
    ]
    (call,) = read(lines, zone=BERLIN)
    assert isinstance(call, CallRecord)
    assert (call.cause, call.seconds, call.lines) == (causes[winner], billed[winner], (1, 2))


def test_times_without_seconds_leave_room_for_the_call() -> None:
    first, _, unanswered, quoted = calls()
    assert first.started_at == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    assert first.ended_at == datetime(2026, 3, 2, 11, 1, 1, tzinfo=UTC)
    assert unanswered.answered_at is None
    assert (quoted.cli_name, quoted.account) == ('Carl, "C"', "")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A,1,2,d,2026/3/2 12:00", "only 5 columns"),
        ("A,1,2,d,2026/3/2 12:00,,2026/3/2 12:01,x,0,C,u-1", "whole number"),
        ("A,1,2,d,2026/13/2 12:00,,2026/3/2 12:01,1,0,C,u-1", "does not exist"),
        ("A,1,2,d,2026/3/2 12:00,,2026/3/2 11:01,1,0,C,u-1", "ends before"),
        ("A,1,2,d,2026/3/2 12:00,,2026/3/2 12:01,1,5,C,u-1", "lasted only"),
        ("A,1,2,d,2026/3/2 12:00,,2026/3/2 12:01,1,0,C,", "uuid is missing"),
        (f"A,1,2,d,2026/3/2 12:00,,2026/3/2 12:01,1,0,C,{'u' * 300}", "uuid is longer"),
        ("A,1,2 or 3,d,2026/3/2 12:00,,2026/3/2 12:01,1,0,C,u-1", "anyone can dial"),
    ],
)
def test_bad_rows_are_rejected_with_their_reason(line: str, reason: str) -> None:
    rejected, *rest = read([line.encode(), *LINES], zone=BERLIN)
    assert isinstance(rejected, Reject)
    assert rejected.line == 1
    assert reason in rejected.reason
    assert len(rest) == 4
