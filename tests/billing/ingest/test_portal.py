from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from billing.ingest.portal import read
from billing.ingest.records import CallRecord, Reject

LINES = (Path(__file__).parent / "data" / "portal.csv").read_bytes().splitlines(keepends=True)


def read_all(lines: list[bytes]) -> list[CallRecord | Reject]:
    return list(read(lines, zone=UTC))


@pytest.mark.parametrize("lines", [LINES, LINES[1:], [b"\xef\xbb\xbf" + LINES[0], *LINES[1:]]])
def test_calls_are_read_with_or_without_version_line(lines: list[bytes]) -> None:
    rated, failed, priced = read_all(lines)
    assert isinstance(rated, CallRecord)
    assert isinstance(failed, CallRecord)
    assert isinstance(priced, CallRecord)
    assert rated.started_at == rated.answered_at == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert rated.ended_at == datetime(2026, 3, 2, 11, 1, 1, tzinfo=UTC)
    assert (rated.external_id, rated.account, rated.cli, rated.cld) == ("a-1", "1001", "4930400", "4930401")
    assert (rated.amount, failed.failed, failed.cause, failed.answered_at) == (None, True, "USER_BUSY", None)
    assert (priced.amount, priced.currency, priced.service) == (Decimal("0.12345"), "EUR", "voice")


def test_another_version_is_refused_line_by_line() -> None:
    found = read_all([b"#selfcare-xdr v2\n", *LINES[1:]])
    assert [item.line for item in found if isinstance(item, Reject)] == [1, 2, 3, 4, 5]
    assert all(isinstance(item, Reject) and "not of version 1" in item.reason for item in found)


def test_a_missing_or_doubtful_header_refuses_every_line() -> None:
    for header, reason in (
        (b"external_id,account,started_at,seconds,cli\n", "lacks the columns cld"),
        (b"external_id,account,started_at,seconds,cli,cld,cld\n", "cld twice"),
    ):
        found = read_all([header, *LINES[2:]])
        assert len(found) == 4
        assert all(isinstance(item, Reject) and reason in item.reason for item in found)


HEADER = b"external_id,account,started_at,seconds,cli,cld,amount,currency,customer"
GOOD = ["a-1", "1001", "2026-03-02T11:00:00Z", "30", "1", "2", "", "", ""]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (0, "", "external id is missing"),
        (1, " ", "account is missing"),
        (2, "2026-03-02T11:00:00", "no offset"),
        (2, "2026-03-02T11:00:00+99:99", "does not exist"),
        (3, "-30", "negative"),
        (3, "30.5", "whole number"),
        (5, "", "called number is missing"),
        (6, "-0.10", "zero or more"),
        (6, "1e3", "zero or more"),
        (6, "0.10", "currency"),
        (7, "EUR,", "10 columns"),
        (8, "Acme", "not a customer's number"),
        (8, "-1", "not a customer's number"),
    ],
)
def test_bad_rows_are_rejected_with_their_reason(column: int, value: str, reason: str) -> None:
    bad = [*GOOD[:column], value, *GOOD[column + 1 :]]
    rejected, good = read_all([HEADER, ",".join(bad).encode(), ",".join(GOOD).encode()])
    assert isinstance(rejected, Reject)
    assert rejected.line == 2
    assert reason in rejected.reason
    assert isinstance(good, CallRecord)


def test_a_line_may_name_its_customer_and_the_destination() -> None:
    header = HEADER + b",country,destination"
    named, silent = read_all(
        [header, b"a,1,2026-03-02T11:00:00Z,30,1,2,0.1,EUR, 17 ,DE,Germany", ",".join([*GOOD, "", ""]).encode()]
    )
    assert isinstance(named, CallRecord)
    assert isinstance(silent, CallRecord)
    assert (named.customer, named.country, named.destination, named.priced) == (17, "DE", "Germany", True)
    assert (silent.customer, silent.country, silent.destination, silent.priced) == (None, "", "", False)
