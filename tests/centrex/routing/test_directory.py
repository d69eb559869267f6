"""Dial by name: which keys find whom, and what is read out."""

import pytest

from centrex.routing.directory import MOST_OFFERED, Person, find, first_keys, letters_of, offer
from tests.centrex.routing.engine.table import shows


def names(digits, *people, by="last"):
    return [person.name for person in find([Person(str(n), name) for n, name in enumerate(people)], digits, by=by)]


@pytest.mark.parametrize(
    ("digits", "name"),
    [
        ("667", "Alice Morgan"),
        ("6674", "Alice Morgan"),
        ("667426", "Alice Morgan"),
        ("667", "Morgan, Alice"),
        ("235", "Bell, Ann Mary"),
        ("685", "Jürgen Müller"),
        ("683", "Jürgen Müller"),
        ("685", "Ju\u0308rgen Mu\u0308ller"),
        ("683", "Ju\u0308rgen Mu\u0308ller"),
        ("476", "Anna Groß"),
        ("356", "Emil Élôn"),
        ("532", "Łukasz Łęcki"),
        ("677", "Søren Ørsted"),
        ("637", "Søren Ørsted"),
        ("264", "Bo Ångström"),
        ("226", "Bo Ångström"),
        ("367", "Ana Đorđević"),
        ("843", "Jón Þeyr"),
        ("663", "Dan O'Neill"),
        ("736", "Jean-Luc Renoir"),
        ("54", "Li"),
        ("54", "Jet Li"),
        ("793", "Wyatt Qyd"),
        ("999", "Ann Zyx"),
    ],
)
def test_who_is_found(digits, name):
    assert names(digits, name, "Xerxes Aaa") == [name]


@pytest.mark.parametrize(
    ("digits", "name"),
    [
        ("66", "Alice Morgan"),  # too few
        ("", "Alice Morgan"),
        ("668", "Alice Morgan"),
        ("254", "Alice Morgan"),  # her first name
        ("5422", "Jet Li"),
        ("222", "Мария Иванова"),
        ("1", "Alice Morgan"),
        ("000", ""),
    ],
)
def test_who_is_not_found(digits, name):
    assert names(digits, name) == []


@shows("Search by", "AutoAttendant.search_by", page="centrex:line-attendant")
@pytest.mark.parametrize(("by", "digits"), [("first", "254"), ("both", "254"), ("both", "667")])
def test_the_part_of_the_name_that_is_keyed(by, digits):
    assert names(digits, "Alice Morgan", by=by) == ["Alice Morgan"]
    assert names("667", "Alice Morgan", by="first") == []


def test_a_single_word_is_both_names():
    assert names("732", "Reception", by="first") == names("732", "Reception") == ["Reception"]


def test_matches_come_in_the_order_of_last_names():
    assert names("726", "Zoe Sandberg", "Ann Pano", "Bob Sandberg", "Cy Ramos") == [
        "Ann Pano", "Cy Ramos", "Bob Sandberg", "Zoe Sandberg",
    ]  # fmt: skip


def test_what_is_read_out():
    people = [Person(str(n), f"Ann Miller {n}") for n in range(12)]
    some = offer(people[:3], confirm=True)
    assert [(key, person.number) for key, person in some.choices] == [("1", "0"), ("2", "1"), ("3", "2")]
    assert (some.confirm, some.more, some.rings) == (False, False, None)
    many = offer(people, confirm=True)
    assert (len(many.choices), many.more) == (MOST_OFFERED, True)
    assert offer([], confirm=True).choices == ()


@shows("Ask before it rings", "AutoAttendant.confirm", page="centrex:line-attendant")
@pytest.mark.parametrize(("confirm", "rings"), [(True, None), (False, Person("1", "Li"))])
def test_a_single_match_is_asked_about_or_rings(confirm, rings):
    found = offer([Person("1", "Li")], confirm=confirm)
    assert (found.confirm, found.rings) == (confirm, rings)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Groß", "GROSS"),
        ("Æsop", "AESOP"),
        ("Œuvre", "OEUVRE"),
        ("ﬁ", "FI"),
        ("Ħal", "HAL"),
        ("Şık", "SIK"),
        ("李", ""),
    ],
)
def test_plain_letters(name, letters):
    assert letters_of(name) == letters


@pytest.mark.parametrize(("by", "keys"), [("last", "667"), ("first", "254"), ("both", "667")])
def test_what_to_key_for_somebody(by, keys):
    assert first_keys(Person("1", "Alice Morgan"), by) == keys
