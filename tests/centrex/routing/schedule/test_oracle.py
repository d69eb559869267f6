"""Our evaluator against the Perl module that defined the notation; `make oracle` asks 20,000 questions."""

import os
import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from centrex.routing.schedule import PeriodError, is_active, parse
from tests.centrex.routing.schedule.samples import ZONES, answers, period
from tests.tools import require

COUNT = int(os.environ.get("ORACLE_PERIODS", "2000"))
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2020, 2033))


@pytest.fixture(scope="module", autouse=True)
def time_period():
    require("Time::Period")


@pytest.mark.parametrize("zone", ZONES)
def test_every_answer_is_the_same(zone):
    chance = random.Random(f"{zone} 1.25")  # a seed, not a secret
    asked = [(chance.randint(FIRST, LAST), period(chance)) for _count in range(COUNT // len(ZONES) + 1)]
    theirs = answers(asked, zone)
    ours = [answer(epoch, text, zone) for epoch, text in asked]
    # Perl stops at the first part that holds, so it may say yes to a text that has a mistake further on.
    differ = [
        (text, datetime.fromtimestamp(epoch, ZoneInfo(zone)), their, our)
        for (epoch, text), their, our in zip(asked, theirs, ours, strict=True)
        if their != our and not (our == -1 and their == 1 and mistake_is_later(epoch, text, zone))
    ]
    assert differ == []
    assert {-1, 0, 1} <= set(theirs)


def answer(epoch: int, text: str, zone: str) -> int:
    try:
        return int(is_active(parse(text), datetime.fromtimestamp(epoch, ZoneInfo(zone))))
    except PeriodError:
        return -1


def mistake_is_later(epoch: int, text: str, zone: str) -> bool:
    """Whether an earlier part of the text holds by itself."""
    parts = text.split(",")
    return any(answer(epoch, ",".join(parts[:count]), zone) == 1 for count in range(1, len(parts)))
