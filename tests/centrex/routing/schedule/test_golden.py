"""Answers that Time::Period 1.25 gave, kept so that they hold without Perl; 2 March 2026 is a Monday."""

from datetime import datetime

import pytest

from centrex.routing.schedule import PeriodError, is_active, parse

MONDAY, TUESDAY, WEDNESDAY, FRIDAY, SATURDAY, SUNDAY = (f"2026-03-0{day}" for day in (2, 3, 4, 6, 7, 8))
NIGHTS = "hr{20-23} wd{mo-fr}, hr{0-7} wd{tu-sa}"
HALF_HOURS = "hr{8} min{30-59}, hr{9-16}, hr{17} min{0-44}"


@pytest.mark.parametrize(
    ("period", "moment", "holds"),
    [
        ("", f"{MONDAY} 00:00:00", True),
        ("none", f"{MONDAY} 00:00:00", False),
        ("  NONE ", f"{MONDAY} 00:00:00", False),
        ("hr{}", f"{MONDAY} 09:00:00", False),
        ("hr{8-17},", f"{MONDAY} 09:00:00", True),
        ("wd{mo-fr} hr{8-16}", f"{MONDAY} 16:59:59", True),
        ("wd{mo-fr} hr{8-16}", f"{MONDAY} 17:00:00", False),
        ("wd{mo-fr} hr{20-7}", f"{MONDAY} 20:00:00", True),
        ("wd{mo-fr} hr{20-7}", f"{FRIDAY} 23:00:00", True),
        ("wd{mo-fr} hr{20-7}", f"{SATURDAY} 03:00:00", False),
        ("wd{mo-fr} hr{20-7}", f"{MONDAY} 03:00:00", True),
        ("wd{mo-fr} hr{20-7}", f"{MONDAY} 07:59:00", True),
        (NIGHTS, f"{SATURDAY} 03:00:00", True),
        (NIGHTS, f"{MONDAY} 03:00:00", False),
        ("hr{8-17} min{30-59}", f"{MONDAY} 09:10:00", False),
        (HALF_HOURS, f"{MONDAY} 09:10:00", True),
        (HALF_HOURS, f"{MONDAY} 17:44:59", True),
        (HALF_HOURS, f"{MONDAY} 17:45:00", False),
        ("hr{12am}", f"{MONDAY} 00:30:00", True),
        ("hr{12noon}", f"{MONDAY} 12:00:00", True),
        ("hr{12pm-1pm}", f"{MONDAY} 13:59:00", True),
        ("hr{6pm-5am}", f"{MONDAY} 05:59:59", True),
        ("hr{6pm-5am}", f"{MONDAY} 06:00:00", False),
        ("mo{nov-feb}", "2026-01-15 12:00:00", True),
        ("md{25-5}", f"{MONDAY} 12:00:00", True),
        ("yd{366}", "2028-12-31 12:00:00", True),
        ("wd{su}", "2026-03-01 12:00:00", True),
        ("wd{1}", "2026-03-01 12:00:00", True),
        ("wd{sunday}", "2026-03-01 12:00:00", True),
        ("wk{1}", "2026-03-01 12:00:00", True),
        ("wk{1}", f"{SATURDAY} 12:00:00", True),
        ("wk{2}", f"{SUNDAY} 12:00:00", True),
        ("yr{2026}", f"{MONDAY} 12:00:00", True),
        ("yr{26}", f"{MONDAY} 12:00:00", True),
        ("yr{2027-2025}", f"{MONDAY} 12:00:00", True),
        ("wd{mo} wd{we}", f"{WEDNESDAY} 12:00:00", True),
        ("wd{mo} wd{we}", f"{TUESDAY} 12:00:00", False),
        ("WD {Mon Wed} HR {9am-4pm}", f"{WEDNESDAY} 16:30:00", True),
        ("hour{9} minute{0}", f"{MONDAY} 09:00:30", True),
        ("md{1} mo{jan}, md{24-26} mo{dec}", "2026-12-27 12:00:00", False),
    ],
)
def test_golden(period, moment, holds):
    assert is_active(parse(period), datetime.fromisoformat(moment)) is holds


@pytest.mark.parametrize(
    ("period", "code", "position"),
    [
        ("garbage", "braces", 0),
        ("hr{25}", "bounds", 3),
        ("hr{8-}", "range", 3),
        ("wd{mo", "braces", 0),
        ("mn{0}", "scale", 0),
        ("hr{13pm}", "bounds", 3),
        ("hr{9} , wd{mo xx}", "value", 14),
        ("hr{8 - 25}", "bounds", 7),
        (", hr{9}", "empty", 0),
    ],
)
def test_a_mistake_has_a_place(period, code, position):
    with pytest.raises(PeriodError) as caught:
        parse(period)
    assert (caught.value.code, caught.value.position) == (code, position)
