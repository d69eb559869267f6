"""Custom rules: the same answers as a full engine of regular expressions, and none of its dangers."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from centrex.routing.dialing.substitution.engine import TooMuchWork
from centrex.routing.dialing.substitution.mistakes import Fault, Mistake
from centrex.routing.dialing.substitution.rule import LONGEST_RULE, MOST_SUBSTITUTIONS, substitute


@pytest.mark.parametrize(
    ("rule", "number", "result"),
    [
        ("", "0301", "0301"),
        ("s/^0//", "0301", "301"),
        ("s/^0//;", "301", "301"),
        ("  s/^00// ;\n s/^0/49/ ; ", "0301", "49301"),
        ("s/^00//; s/^0/49/", "0049301", "49301"),
        ("s/1/2/", "1131", "2131"),
        ("s/1/2/g", "1131", "2232"),
        ("s/^(\\d{3})(\\d+)$/$2$1/", "1234567", "4567123"),
        ("s/^(\\d)(\\d)/${2}0\\1/", "12", "201"),
        ("s/2+/<$&>/".replace("<", "#").replace(">", "*"), "1223", "1#22*3"),
        ("s/^(?:0|9)?1/5/", "01", "5"),
        ("s/^(0|00)1/$1/", "001", "00"),
        ("s/[2-4]|[^0-8]//g", "1234569", "156"),
        ("s/\\D//g", "*12#", "12"),
        ("s/\\*(.)/$1/", "1*2", "12"),
        ("s!^0!/!".replace("!/!", "!7!"), "01", "71"),
        ("s,1\\,,2,".replace("\\,", "{2}"), "311", "32"),
        ("s/1{2,}?/5/", "1111", "511"),
        ("s/1{0,2}$/5/", "111", "15"),
        ("s/(1)|2/[$1]/".replace("[", "*").replace("]", "#"), "2", "*#"),
        ("s/$/0/", "12", "120"),
        ("s/^/+49/", "12", "+4912"),
    ],
)
def test_substitutions(rule, number, result):
    assert substitute(rule, number) == result


@pytest.mark.parametrize(
    ("rule", "fault", "position"),
    [
        ("s/1/2/;" * (MOST_SUBSTITUTIONS + 1), Fault.TOO_MANY, 7 * MOST_SUBSTITUTIONS),
        ("s/1/2/;" + " " * LONGEST_RULE, Fault.TOO_LONG, LONGEST_RULE),
        ("0 -> 49", Fault.NO_SUBSTITUTION, 0),
        ("s/1/2/; tr/1/2/", Fault.NO_SUBSTITUTION, 8),
        ("s", Fault.NO_SUBSTITUTION, 0),
        ("s{1}{2}", Fault.NO_SUBSTITUTION, 0),
        ("s/1/2", Fault.NOT_CLOSED, 3),
        ("s/1", Fault.NOT_CLOSED, 1),
        ("s/1\\/2/", Fault.NOT_CLOSED, 6),
        ("s/1/2/e", Fault.FLAG, 6),
        ("s/1/2/ge", Fault.FLAG, 7),
        ("s/1/2/ s/3/4/", Fault.SEMICOLON, 7),
        ("s/(1)/$2/", Fault.NO_SUCH_GROUP, 6),
        ("s/(1)/$10/", Fault.NO_SUCH_GROUP, 6),
        ("s/1/$0/", Fault.NO_SUCH_GROUP, 4),
        ("s/1/a/", Fault.CHARACTER, 4),
        ("s/1/$x/", Fault.CHARACTER, 4),
        ("s/a/1/", Fault.CHARACTER, 2),
        ("s/1 2/1/", Fault.CHARACTER, 3),
        ("s/[a-z]/1/", Fault.CHARACTER, 3),
        ("s/[]/1/", Fault.CHARACTER, 2),
        ("s/\\./1/", Fault.CHARACTER, 2),
        ("s/\\w/1/", Fault.NOT_SUPPORTED, 2),
        ("s/(1)\\1/1/", Fault.NOT_SUPPORTED, 5),
        ("s/1(?=2)/1/", Fault.NOT_SUPPORTED, 3),
        ("s/(?{ die })/1/", Fault.NOT_SUPPORTED, 2),
        ("s/(*FAIL)/1/", Fault.NOT_SUPPORTED, 2),
        ("s/1++/1/", Fault.NOT_SUPPORTED, 4),
        ("s/1\\", Fault.NOT_CLOSED, 1),
        ("s/+1/1/", Fault.NOTHING_TO_REPEAT, 2),
        ("s/1|*/1/", Fault.NOTHING_TO_REPEAT, 4),
        ("s/^*/1/", Fault.NOTHING_TO_REPEAT, 3),
        ("s/1(1*)*/1/", Fault.REPEATS_EMPTY, 3),
        ("s/(1|)+/1/", Fault.REPEATS_EMPTY, 2),
        ("s/1*/2/g", Fault.REPEATS_EMPTY, 2),
        ("s/1{}/1/", Fault.BAD_COUNT, 3),
        ("s/1{3,2}/1/", Fault.BAD_COUNT, 3),
        ("s/1{99}/1/", Fault.BAD_COUNT, 3),
        ("s/1{2/1/", Fault.BAD_COUNT, 3),
        ("s/(1/2/", Fault.BRACKET, 2),
        ("s/1)/2/", Fault.BRACKET, 3),
        ("s/[1/2/", Fault.BRACKET, 2),
        ("s/[9-2]/1/", Fault.BAD_RANGE, 3),
        ("s/[1-]/1/", Fault.BAD_RANGE, 3),
        ("s/" + "(" * 21 + "1" + ")" * 21 + "/1/", Fault.TOO_DEEP, 22),
        ("s/((1{64}){64}){64}/1/", Fault.TOO_BIG, 2),
    ],
)
def test_mistakes_have_their_place(rule, fault, position):
    with pytest.raises(Mistake) as told:
        substitute(rule, "1")
    assert (told.value.fault, told.value.position) == (fault, position)


def test_every_fault_can_happen():
    marks = [mark for mark in test_mistakes_have_their_place.pytestmark if mark.name == "parametrize"]
    assert {fault for _rule, fault, _position in marks[0].args[1]} == set(Fault)


CATASTROPHES = [
    "s/(1+)+$/2/",
    "s/(1|1)+$/2/",
    "s/(1|11)+$/2/",
    "s/(.*.*.*.*.*.*.*.*.*)3/2/",
    "s/^(1{1,9}){1,6}$/3/",
    "s/(\\d+)(\\d+)(\\d+)(\\d+)(\\d+)(\\d+)$/3$6/",
    "s/" + "1?" * 100 + "1" * 60 + "/3/",
]


@pytest.mark.parametrize("rule", CATASTROPHES)
def test_no_pattern_hangs(rule):
    """An engine that goes back would need longer than the universe is old for some of these."""
    number = "1" * 63 + "2"
    begin = time.process_time()
    for _time in range(10):
        substitute(rule, number)
    assert (time.process_time() - begin) / 10 < 0.05


def test_work_is_bounded():
    heavy = "s/1{0,64}1{0,64}1{0,64}1{64}3|0/1/;"
    begin = time.process_time()
    with pytest.raises(TooMuchWork):
        substitute(heavy * 25, "1" * 64)
    assert time.process_time() - begin < 2
    with pytest.raises(TooMuchWork):
        substitute("s/(.*)/$1$1/;" * 7, "12")


ATOMS = some.sampled_from(["1", "2", "0", ".", "\\d", "[12]", "[^1]", "^", "$"])
COUNTS = some.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{2,}", "*?", "+?", "??", "{0,2}?"])
PATTERNS = some.recursive(
    ATOMS,
    lambda inner: some.one_of(
        some.tuples(inner, inner).map("".join),
        some.tuples(inner, inner).map("({0[0]}|{0[1]})".format),
        some.tuples(inner, inner).map("(?:{0[0]}|{0[1]}|)".format),
        some.tuples(inner, COUNTS).map("({0[0]}){0[1]}".format),
    ),
    max_leaves=8,
)


@settings(max_examples=1500, deadline=None)
@given(PATTERNS, some.text("012", max_size=9), some.booleans())
def test_the_same_as_a_full_engine(pattern, number, everywhere):
    known = re.compile(pattern)
    groups = range(known.groups + 1)
    ours = "".join("*$&" if group == 0 else f"#${{{group}}}" for group in groups)
    theirs = "".join("*\\g<0>" if group == 0 else f"#\\g<{group}>" for group in groups)
    try:
        result = substitute(f"s/{pattern}/{ours}/{'g' if everywhere else ''}", number)
    except (Mistake, TooMuchWork):
        return  # repeats what can be empty, or grows: refused, and tested above
    assert result == known.sub(theirs, number, count=0 if everywhere else 1)
