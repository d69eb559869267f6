"""The bench itself: what counts as met, what it prints, and that its calls and its load are what they should be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.bench import result
from tests.bench.data import NOW, by_day
from tests.bench.load import is_whole, rate
from tests.bench.measure import Memory, at_least, at_most, in_turn, times_as_long

FAST = at_least("E1", "Download", [0.9, 1.0, 9.0], "times the speed", 0.95)
SLOW = at_most("", "Page", [3], "s", 2)


def test_the_median_counts():
    assert FAST.value == 1
    assert FAST.met
    assert not SLOW.met
    assert at_most("", "Page", [2], "s", 2).met


def test_the_table_says_what_was_missed():
    lines = result.table([FAST, SLOW]).splitlines()
    assert lines[1].split() == [
        "E1",
        "met",
        "1.00",
        "0.90",
        "–",
        "9.00",
        "≥",
        "0.95",
        "Download",
        "(times",
        "the",
        "speed)",
    ]
    assert lines[2].split() == ["MISSED", "3.00", "≤", "2", "Page", "(s)"]
    assert lines[3] == "1 of 2 met"


def test_the_file_has_the_same(tmp_path):
    result.write([FAST, SLOW], tmp_path / "bench.json", rows=10, took=90, broken=["pages"])
    kept = json.loads((tmp_path / "bench.json").read_text())
    assert (kept["rows"], kept["minutes"], kept["broken"]) == (10, 1.5, ["pages"])
    assert [(each["id"], each["measured"], each["met"]) for each in kept["figures"]] == [
        ("E1", 1, True),
        ("", 3, False),
    ]
    assert kept["figures"][0]["wanted"] == "at least"


def test_both_have_their_turn_and_the_ratio_is_of_their_times():
    turns = []
    spent = {"ours": 2.0, "other": 6.0}

    def taken(act):
        act()
        return spent[turns[-1]]

    ours, other = (lambda name=name: turns.append(name) for name in spent)
    assert in_turn(ours, other, rounds=3, taken=taken) == [3, 3, 3]
    assert turns == ["ours", "other", "other", "ours", "ours", "other", "other", "ours"]
    assert times_as_long(ours, other, rounds=1, taken=taken) == [1 / 3]


def test_memory_is_seen():
    used = Memory()
    if not used.known:
        pytest.skip("only Linux tells")
    kept = bytearray(b"x") * 40_000_000
    assert 30 < used.growth < 80
    assert kept


def test_calls_are_more_at_noon_and_keep_their_order_and_day():
    moments = [NOW + timedelta(minutes=10 * n) for n in range(2 * 144)]
    moved = [by_day(moment) for moment in moments]
    assert moved == sorted(moved)
    assert [one.date() for one in moved] == [one.date() for one in moments]
    hours = [one.hour for one in moved]
    assert hours.count(12) > 3 * hours.count(0) > 0


class Answering(BaseHTTPRequestHandler):
    """Says as many letters as the path asks for, and 500 to anything else."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        wanted = self.path.removeprefix("/")
        self.send_response(200 if wanted.isdecimal() else 500)
        body = b"x" * int(wanted) if wanted.isdecimal() else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given: object) -> None:
        """Nothing."""


class Patient(ThreadingHTTPServer):
    """Says nothing of a load that leaves in the middle of an answer, as it does when its time is over."""

    daemon_threads, block_on_close = True, False

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with Patient(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever).start()
        yield server
        server.shutdown()


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


@pytest.mark.parametrize("size", [0, 5, 200_000])
def test_the_load_counts_whole_answers(server, size):
    assert rate(*server.server_address, request(f"/{size}"), connections=2, lasting=0.2) > 0


def test_the_load_takes_no_error_for_an_answer(server):
    with pytest.raises(SystemExit, match=r"HTTP/1\.1 500"):
        rate(*server.server_address, request("/broken"), connections=1, lasting=0.2)


@pytest.mark.parametrize(
    ("heard", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Le", False),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nab", False),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc", True),
    ],
)
def test_an_answer_is_whole_with_all_its_body(heard, whole):
    assert is_whole(bytearray(heard)) is whole
