"""What differs, what Excel did, and lists in one cell: values in, values out."""

import pytest

from centrex.routing.prefix_free import Codes
from centrex.sheets.difference import Value, Wanted, difference
from centrex.sheets.mangling import is_shortened, undone
from centrex.sheets.members import Entry, NotUnderstood, entries, written

WORDS = {"delay": ["nach {} Sek.", "after {} sec"], "time": ["für {} Sek."], "through": ["mit Weiterleitung"]}


def value(meaning):
    return Value(meaning, str(meaning))


def test_added_changed_missing_unchanged():
    current = {n: {"number": value(n), "name": value("x")} for n in (1, 2, 3)}
    wanted = [
        Wanted(2, 2, {"number": value(2), "name": value("y")}),
        Wanted(3, 1, {"number": Value(1, "one")}),
        Wanted(4, None, {"number": value(4)}),
    ]
    found = difference(current, wanted)
    assert [(each.place, each.key, each.cells) for each in found.changed] == [
        (2, 2, {"name": (value("x"), value("y"))})
    ]
    assert [each.place for each in found.added] == [4]
    assert (found.missing, found.unchanged, found.changes) == ((3,), 1, 2)


@pytest.mark.parametrize(
    ("text", "current", "length", "meant"),
    [
        ("201.0", "", None, "201"),
        ("201,00", "", None, "201"),
        ("12", "012", 3, "012"),
        ("12", "012", None, "12"),
        ("12", "112", 3, "12"),
        ("4.93023E+11", "493023125020", None, "493023125020"),
        ("4,93023e+11", "493023125020", None, "493023125020"),
        ("4.93023E+11", "493024125020", None, "4.93023E+11"),
        ("4.93023E+11", "", None, "4.93023E+11"),
        ("Anna", "201", 3, "Anna"),
    ],
)
def test_what_excel_did_is_undone_only_where_that_is_certain(text, current, length, meant):
    assert undone(text, current, length=length) == meant


def test_lost_digits_are_seen():
    assert is_shortened("1.21255E+10")
    assert not is_shortened("12125550100")


def test_members_are_read_as_they_are_written():
    members = [Entry("201"), Entry("012", {"delay": 5, "time": 20}), Entry("88", {"through": None})]
    text = written(members, WORDS)
    assert text == "201; 012 (nach 5 Sek., für 20 Sek.); 88 (mit Weiterleitung)"
    assert list(entries(text, WORDS)) == members


def test_members_as_people_write_them():
    found = list(entries(" 201 ,202(AFTER 5)\n\n203 (nach 7 s; mit  weiterleitung);", WORDS))
    assert found == [Entry("201"), Entry("202", {"delay": 5}), Entry("203", {"delay": 7, "through": None})]


@pytest.mark.parametrize(
    "text", ["201 (", "(after 5 sec)", "201 (soon)", "201 (5)", "201)", "201 (a (b))", "201 (x) y"]
)
def test_a_list_that_is_not_understood(text):
    with pytest.raises(NotUnderstood):
        list(entries(text, WORDS))


@pytest.mark.parametrize(
    ("codes", "code", "clash"),
    [
        (["201", "202"], "201", None),
        (["201", "201"], "201", "201"),
        (["20", "201"], "201", "20"),
        (["20", "201"], "20", "201"),
        (["20", "21", "201"], "21", None),
        (["2", "3", "312"], "3", "312"),
        (["*33", "33"], "33", None),
    ],
)
def test_codes_in_each_others_way(codes, code, clash):
    assert Codes(codes).clash(code) == clash
