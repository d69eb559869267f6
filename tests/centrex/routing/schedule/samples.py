"""Random periods, right and wrong ones, and what Time::Period says of them."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterable
from pathlib import Path

from centrex.routing.schedule.notation import BOUNDS, MONTHS, WEEKDAYS

ORACLE = Path(__file__).with_name("oracle.pl")
ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Pacific/Apia",
)
NAMES = {
    "yr": ("yr", "year"), "mo": ("mo", "month"), "wk": ("wk", "week"), "yd": ("yd", "yday"), "md": ("md", "mday"),
    "wd": ("wd", "wday"), "hr": ("hr", "hour"), "min": ("min", "minute"), "sec": ("sec", "second"),
}  # fmt: skip
HOURS = ("12am", "1am", "9am", "11am", "12noon", "12pm", "1pm", "11pm")
# What can stand in the place of something right.
MISTAKES = (
    "", "garbage", "hr{25}", "hr{8-}", "wd{mo", "mn{0}", "hr{13pm}", "md{0}", "wk{7}", "hr{8}}", "{8}", "mo{13}",
    "min{60}", "hr{-}", "hr{8--9}", "yr{1969}", "wd{xx}", "hr{11noon}", "sec{1.5}", "hr{8-9-10}", "hr8",
)  # fmt: skip


def any_case(chance: random.Random, text: str) -> str:
    return chance.choice((text, text.upper(), text.title()))


def value(chance: random.Random, scale: str) -> str:
    if scale == "yr":
        return str(chance.choice((chance.randint(2020, 2032), chance.randint(20, 32))))
    if scale == "mo" and chance.random() < 0.5:
        return any_case(chance, chance.choice((*MONTHS, "january", "septober")))
    if scale == "wd" and chance.random() < 0.5:
        return any_case(chance, chance.choice((*WEEKDAYS, "monday", "thurs")))
    if scale == "hr" and chance.random() < 0.3:
        return chance.choice(HOURS)
    number = str(chance.randint(*BOUNDS[scale]))
    return number.zfill(2) if chance.random() < 0.2 else number


def ranges(chance: random.Random, scale: str) -> str:
    texts = []
    for _count in range(chance.choice((0, 1, 1, 1, 2, 3))):
        hyphen = chance.choice(("-", "-", " - ", "- "))
        ends = [value(chance, scale) for _end in range(chance.choice((1, 2, 2)))]
        texts.append(hyphen.join(ends))
    return f"{chance.choice(('', ' '))}{chance.choice((' ', '  ')).join(texts)}{chance.choice(('', ' '))}"


def part(chance: random.Random) -> str:
    scales = chance.choices(list(NAMES), weights=(1, 3, 1, 1, 3, 5, 6, 3, 1), k=chance.randint(1, 4))
    written = (f"{any_case(chance, chance.choice(NAMES[scale]))}{chance.choice(('', ' '))}{{{ranges(chance, scale)}}}"
               for scale in scales)  # fmt: skip
    return chance.choice(("", " ")).join(written)


def period(chance: random.Random) -> str:
    """A right one, or, one time in six, one with a mistake somewhere."""
    parts = [part(chance) for _count in range(chance.choice((1, 1, 2, 3)))]
    if chance.random() < 1 / 6:
        parts[chance.randrange(len(parts))] = chance.choice(MISTAKES)
    return chance.choice((",", ", ", " , ")).join(parts)


def answers(questions: Iterable[tuple[int, str]], zone: str) -> list[int]:
    """What Time::Period says of each (seconds since 1970, period) in a time zone."""
    text = "".join(f"{epoch}\t{asked}\n" for epoch, asked in questions)
    run = subprocess.run(  # noqa: S603  # our own script
        ["/usr/bin/env", "perl", str(ORACLE)],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": zone, "PATH": os.environ["PATH"]},
        timeout=120,
    )
    return [int(line) for line in run.stdout.split()]
