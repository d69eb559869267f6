"""Which ledger rows an invoice has: every row on one invoice at most, and on none too few."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies

from billing.coverage import Cover, uncovered
from tests.billing.rating.many import many

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: int) -> datetime:
    return START + timedelta(days=day)


def has(cover: Cover, day: int, row: int) -> bool:
    return cover.start <= at(day) < cover.end and cover.after < row <= cover.last


@strategies.composite
def covers(draw):
    first = draw(strategies.integers(-3, 12))
    after = draw(strategies.integers(0, 12))
    return Cover(at(first), at(first + draw(strategies.integers(1, 6))), after, after + draw(strategies.integers(1, 8)))


@many
@given(strategies.lists(covers(), max_size=6), strategies.integers(1, 10), strategies.integers(0, 15))
def test_what_nobody_has_is_found_once(known, length, last):
    found = uncovered(known, start=at(0), end=at(length), last=last)
    for day in range(-4, 16):
        for row in range(1, 22):
            inside = 0 <= day < length and row <= last
            free = inside and not any(has(cover, day, row) for cover in known)
            assert sum(has(cover, day, row) for cover in found) == free, (day, row)


def test_as_few_parts_as_possible():
    known = [Cover(at(0), at(3), 0, 10), Cover(at(3), at(6), 0, 10)]
    assert uncovered(known, start=at(0), end=at(6), last=12) == [Cover(at(0), at(6), 10, 12)]
