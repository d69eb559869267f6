"""Whatever bytes come, reading never raises and no line is lost."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.ingest import asterisk, freeswitch, portal
from billing.ingest.fields import clean
from billing.ingest.records import CallRecord, Reject

Reader = Callable[..., Iterator[CallRecord | Reject]]
DATA = Path(__file__).parent / "data"
SAMPLES = {path.name: path.read_bytes().splitlines(keepends=True) for path in DATA.glob("*.csv")}
READERS = [
    (asterisk.read, "asterisk-groups.csv"),
    (asterisk.read, "asterisk-custom.csv"),
    (freeswitch.read, "freeswitch.csv"),
    (portal.read, "portal.csv"),
]
zones = st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia")])


def accounted(read: Reader, lines: Iterable[bytes], zone: tzinfo) -> list[int]:
    found: list[int] = []
    for item in read(lines, zone=zone):
        found += [item.line] if isinstance(item, Reject) else item.lines
    return sorted(found)


def telling(lines: list[bytes]) -> list[int]:
    """Return the numbers of the lines that are not blank."""
    decoded = [line.decode("utf-8", "replace").removeprefix("\ufeff") for line in lines]
    return [number for number, line in enumerate(decoded, start=1) if line.strip()]


@pytest.mark.parametrize("read", [asterisk.read, freeswitch.read])
@given(lines=st.lists(st.binary(max_size=200), max_size=8), zone=zones)
def test_any_bytes(read: Reader, lines: list[bytes], zone: tzinfo) -> None:
    assert accounted(read, lines, zone) == telling(lines)


@given(lines=st.lists(st.binary(max_size=200), max_size=8))
def test_any_bytes_after_a_header(lines: list[bytes]) -> None:
    header = b"external_id,account,started_at,seconds,cli,cld"
    found = accounted(portal.read, [header, *lines], UTC)
    assert found == [number for number in telling([header, *lines]) if number > 1]


@st.composite
def damaged(draw: st.DrawFn, lines: list[bytes]) -> list[bytes]:
    """Good lines with a few stretches of bytes overwritten."""
    result = list(lines)
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(result) - 1))
        line = result[index]
        at = draw(st.integers(0, len(line)))
        result[index] = line[:at] + draw(st.binary(max_size=6)) + line[at + draw(st.integers(0, 8)) :]
    return result


@pytest.mark.parametrize(("read", "name"), READERS)
@settings(max_examples=150)
@given(data=st.data(), zone=zones)
def test_damaged_files(read: Reader, name: str, data: st.DataObject, zone: tzinfo) -> None:
    lines = data.draw(damaged(SAMPLES[name]))
    expected = set(telling(lines))
    found = accounted(read, lines, zone)
    assert len(found) == len(set(found))
    # The portal's version line and header are read, but are no calls.
    assert expected - set(found) <= ({1, 2} if read is portal.read else set())
    assert set(found) <= expected


@given(st.text() | st.text("a \t\u200f", min_size=190, max_size=210))
def test_cleaned_text_is_one_harmless_line(text: str) -> None:
    cleaned = clean(text)
    assert not set(cleaned) & set("\r\n\t\0\x1b\u200f\u202e\u2066\u2028")
    assert clean(cleaned) == cleaned
