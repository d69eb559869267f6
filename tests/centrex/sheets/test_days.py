"""Lists of days as files: calendars and tables, all of them or nothing."""

from datetime import date

import pytest

from centrex.sheets import days
from centrex.sheets.days import MAX_DAYS, MAX_FILE, Mistake, NamedDay, NoDays

TODAY = date(2026, 11, 23)

CHRISTMAS = date(2026, 12, 25)


def read_days(content: bytes) -> list[NamedDay]:
    return days.read_days(content, today=TODAY)


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{body}END:VCALENDAR\r\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        b"2026-12-25,Christmas",
        b"date,name\n2026-12-25,Christmas\n",
        "\ufeffDatum;Name\r\n25.12.2026;Christmas\r\n".encode(),
        b"2026-12-25\tChristmas",
        calendar("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261226\r\nSUMMARY:Christmas"),
        calendar("SUMMARY;LANGUAGE=en:Christ\r\n mas\r\nDTSTART:20261225"),
        calendar(
            'DTSTART;X-A="b:c;d";VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nBEGIN:VALARM\r\nSUMMARY:No\r\nEND:VALARM'
        ),
    ],
)
def test_one_day_in_each_way_to_write_it(content):
    assert read_days(content) == [NamedDay(CHRISTMAS, "Christmas")]


def test_several_days_each_once_in_their_order():
    found = read_days(
        calendar("DTSTART:20261226\r\nDTEND:20261229\r\nSUMMARY:Between\\, the years", "DTSTART:20261225")
    )
    assert [each.day.day for each in found] == [25, 26, 27, 28]
    assert found[1].name == "Between, the years"
    assert len(read_days(b"2026-12-25,a\n2026-12-25,b")) == 1


@pytest.mark.parametrize(
    ("content", "mistake", "place"),
    [
        (b"", Mistake.UNREADABLE, None),
        (b"\0\0\0", Mistake.UNREADABLE, None),
        (b"date,name\n", Mistake.EMPTY, None),
        (calendar(), Mistake.EMPTY, None),
        (b"x" * (MAX_FILE + 1), Mistake.TOO_LARGE, None),
        (b"2026-12-25,a\n2026-02-30,b", Mistake.NO_DATE, 2),
        (b"date,name\n12/25/2026,b", Mistake.NO_DATE, 2),
        (b"2026-12-25,a\n1026-12-25,b", Mistake.NO_DATE, 2),
        (calendar("DTSTART:20261225T090000Z\r\nSUMMARY:a"), Mistake.WITH_TIME, 4),
        (calendar("DTSTART:20261399"), Mistake.NO_DATE, 4),
        (calendar("SUMMARY:a"), Mistake.NO_DATE, 3),
        (calendar("DTSTART:20261225\r\nRDATE:20271225"), Mistake.REPEATS, 5),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=DAILY"), Mistake.REPEATS, 3),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=SECONDLY"), Mistake.REPEATS, 3),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYHOUR=1"), Mistake.REPEATS, 3),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), Mistake.REPEATS, 3),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=MONTHLY;BYDAY=6MO"), Mistake.REPEATS, 3),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;INTERVAL=0"), Mistake.REPEATS, 3),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;UNTIL=soon"), Mistake.REPEATS, 3),
        (calendar("DTSTART:20261225\r\nRRULE:nonsense"), Mistake.REPEATS, 3),
        (calendar("DTSTART:20261225\r\nRRULE:FREQ=YEARLY\r\nRRULE:FREQ=WEEKLY"), Mistake.REPEATS, 6),
        (calendar(*["DTSTART:20261225\r\nRRULE:FREQ=YEARLY"] * 201), Mistake.TOO_MANY, None),
        (calendar("DTSTART:20261225\r\nDTEND:20271225"), Mistake.TOO_LONG, 3),
        (
            calendar(*(f"DTSTART:20{26 + n}0101\r\nDTEND:20{26 + n}0201" for n in range(MAX_DAYS // 31 + 1))),
            Mistake.TOO_MANY,
            None,
        ),
    ],
)
def test_anything_else_is_refused_as_a_whole(content, mistake, place):
    with pytest.raises(NoDays) as refused:
        read_days(content)
    assert (refused.value.mistake, refused.value.place) == (mistake, place)


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("DTSTART:20001225\r\nRRULE:FREQ=YEARLY", ["2026-12-25", "2027-12-25", "2028-12-25"]),
        ("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;COUNT=2", ["2026-12-25", "2027-12-25"]),
        ("DTSTART:20261225\r\nRRULE:FREQ=YEARLY;UNTIL=20271231T000000Z", ["2026-12-25", "2027-12-25"]),
        # Thanksgiving: the fourth Thursday of November.
        ("DTSTART:20201126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2026-11-26", "2027-11-25", "2028-11-23"]),
        ("DTSTART:20261201\r\nRRULE:FREQ=WEEKLY;UNTIL=20261220", ["2026-12-01", "2026-12-08", "2026-12-15"]),
        ("DTSTART:20261031\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["2026-10-31", "2026-11-30", "2026-12-31"]),
        (
            "DTSTART:20261224\r\nDTEND:20261226\r\nRRULE:FREQ=YEARLY;COUNT=2",
            ["2026-12-24", "2026-12-25", "2027-12-24", "2027-12-25"],
        ),
        ("DTSTART:20261225\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20271225", ["2026-12-25", "2028-12-25"]),
        ("DTSTART:20240229\r\nRRULE:FREQ=YEARLY", ["2028-02-29"]),
    ],
)
def test_what_repeats_is_taken_for_this_year_and_the_two_after_it(event, found):
    assert [f"{each.day}" for each in read_days(calendar(event))] == found


def test_what_is_over_adds_no_day():
    old = "DTSTART:20101225\r\nRRULE:FREQ=YEARLY;UNTIL=20151231"
    assert [each.day for each in read_days(calendar(old, "DTSTART:20261225"))] == [CHRISTMAS]
