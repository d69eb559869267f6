"""The next change: nothing changes before it, and it does change there; also when the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centrex.routing.schedule import is_active, next_change, parse
from tests.centrex.routing.schedule.samples import ZONES

NEW_YORK = ZoneInfo("America/New_York")
PERIODS = (
    "wd{mo-fr} hr{8-16}", "hr{20-7}", "hr{2}", "hr{1}", "hr{8} min{30-59}, hr{9-16}", "md{31}", "min{0-9}",
    "wk{1} wd{su}", "hr{0} min{0} sec{30-40}", "hr{23}, hr{0}", "yd{60}", "hr{2} min{30}",
)  # fmt: skip


def test_what_never_changes():
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert next_change(parse(""), now, NEW_YORK) is None
    assert next_change(parse("none"), now, NEW_YORK) is None
    assert next_change(parse("yr{2020}"), now, NEW_YORK) is None
    assert next_change(parse("hr{0-23}"), now, NEW_YORK) is None


@pytest.mark.parametrize(
    ("period", "now", "expected"),
    [
        # 8 March 2026: two o'clock does not come in New York, so the next is on the 9th.
        ("hr{2}", "2026-03-08T05:00", "2026-03-09T06:00"),
        # An interval that the gap swallows the start of begins after the gap.
        ("hr{2-3}", "2026-03-08T05:00", "2026-03-08T07:00"),
        # 1 November 2026: one o'clock comes twice and holds both times.
        ("hr{1}", "2026-11-01T04:00", "2026-11-01T05:00"),
        ("hr{1}", "2026-11-01T05:00", "2026-11-01T07:00"),
        # Half past one ends, and comes again.
        ("hr{1} min{30-44}", "2026-11-01T05:35", "2026-11-01T05:45"),
        ("hr{1} min{30-44}", "2026-11-01T05:45", "2026-11-01T06:30"),
        ("md{29} mo{feb}", "2096-03-01T12:00", "2104-02-29T05:00"),
    ],
)
def test_known_changes(period, now, expected):
    found = next_change(parse(period), datetime.fromisoformat(now).replace(tzinfo=UTC), NEW_YORK)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(PERIODS),
    st.sampled_from(ZONES),
    st.integers(0, 3 * 365 * 86400).map(lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.lists(st.floats(0, 1), min_size=30, max_size=30),
)
def test_it_is_the_first(period, zone, now, places):
    read, there = parse(period), ZoneInfo(zone)
    change = next_change(read, now, there)
    before = is_active(read, now.astimezone(there))
    assert is_active(read, change.astimezone(there)) != before
    last = change - timedelta(seconds=1)
    assert last < now or is_active(read, last.astimezone(there)) == before
    for place in places:
        between = now + (change - now) * place
        assert between >= change or is_active(read, between.astimezone(there)) == before
