"""Whom a huntgroup rings, in which order, and when."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centrex.routing.hunting import Inclusion, Member, flatten, in_order_of_ringing, timetable

ANNA, BERT, CLEO, DORA = (Member(extension) for extension in (201, 202, 203, 204))
GROUPS = st.integers(1, 6)
MEMBERS = st.builds(Member, st.integers(201, 208), ignore_forwarding=st.booleans())
CONTENTS = st.dictionaries(GROUPS, st.lists(MEMBERS, max_size=4))
INSIDE = st.dictionaries(GROUPS, st.lists(st.builds(Inclusion, GROUPS, st.booleans()), max_size=3))


def told(members) -> list[int]:
    return [member.extension for member in members]


@pytest.mark.parametrize(
    ("members", "includes", "rung"),
    [
        ({}, {}, []),
        ({1: [BERT, ANNA]}, {}, [202, 201]),
        ({1: [ANNA], 2: [BERT]}, {1: [2]}, [201, 202]),
        ({2: [BERT], 3: [CLEO]}, {1: [3, 2]}, [203, 202]),
        ({1: [ANNA], 2: [BERT], 3: [CLEO], 4: [DORA]}, {1: [2, 4], 2: [3]}, [201, 202, 203, 204]),  # depth first
        ({1: [ANNA, BERT], 2: [BERT, CLEO, ANNA]}, {1: [2]}, [201, 202, 203]),  # each once, where it came first
        ({1: [ANNA], 2: [BERT]}, {1: [2], 2: [1]}, [201, 202]),  # a circle ends
        ({2: [BERT]}, {1: [1, 2]}, [202]),
        ({}, {1: [2], 2: [3]}, []),  # only empty groups
        ({7: [ANNA]}, {1: [2]}, []),  # somebody else's group
    ],
)
def test_flatten(members, includes, rung):
    inclusions = {group: [Inclusion(inner) for inner in inside] for group, inside in includes.items()}
    assert told(flatten(1, members, inclusions)) == rung


@pytest.mark.parametrize(
    ("member", "first", "second", "ignores"),
    [(False, False, False, False), (True, False, False, True), (False, True, False, True), (False, False, True, True)],
)
def test_forwarding_is_ignored_when_anything_on_the_way_says_so(member, first, second, ignores):
    members = {3: [Member(201, ignore_forwarding=member)]}
    rung = flatten(1, members, {1: [Inclusion(2, first)], 2: [Inclusion(3, second)]})
    assert [each.ignore_forwarding for each in rung] == [ignores]


def plainly(group, members, includes, seen) -> list[int]:
    """The same by recursion, as one would tell it."""
    if group in seen:
        return []
    seen.add(group)
    own = told(members.get(group, []))
    return own + [each for inner in includes.get(group, []) for each in plainly(inner.group, members, includes, seen)]


@given(CONTENTS, INSIDE, GROUPS)
def test_every_extension_that_can_be_reached_rings_once_and_in_order(members, includes, group):
    rung = told(flatten(group, members, includes))
    assert rung == list(dict.fromkeys(plainly(group, members, includes, set())))
    assert len(rung) == len(set(rung))


@given(CONTENTS, INSIDE, GROUPS)
def test_a_groups_own_extensions_come_first_and_as_they_are(members, includes, group):
    own = {member.extension: member for member in reversed(members.get(group, []))}
    assert {each.extension: each for each in flatten(group, members, includes)[: len(own)]} == own


def test_a_long_chain_needs_no_deep_recursion():
    chain = {n: [Inclusion(n + 1)] for n in range(1, 5000)}
    assert told(flatten(1, {5000: [ANNA]}, chain)) == [201]


def used(day) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_used", "rung"),
    [
        ({201: used(3), 202: used(1), 203: used(2)}, [202, 203, 201]),  # the longest unused first
        ({201: used(3), 203: used(2)}, [202, 203, 201]),  # never used comes before all
        ({}, [201, 202, 203]),
        ({201: used(1), 202: used(1), 203: used(1)}, [201, 202, 203]),  # equals as they stand
        ({204: used(1), 201: used(2)}, [202, 203, 201]),
    ],
)
def test_least_used_begins_with_the_phone_that_has_been_quiet_longest(last_used, rung):
    assert told(in_order_of_ringing([ANNA, BERT, CLEO], "least_used", last_used=last_used)) == rung


@pytest.mark.parametrize("sequence", ["order", "simultaneous"])
def test_order_and_simultaneous_keep_the_list(sequence):
    assert in_order_of_ringing([CLEO, ANNA, BERT], sequence, seed=3, last_used={201: used(1)}) == [CLEO, ANNA, BERT]


def test_random_mixes_anew_for_each_call_and_the_same_for_the_same_seed():
    members = [ANNA, BERT, CLEO, DORA]
    mixed = [tuple(told(in_order_of_ringing(members, "random", seed=seed))) for seed in range(200)]
    assert len(set(mixed)) == 24
    assert mixed == [tuple(told(in_order_of_ringing(members, "random", seed=seed))) for seed in range(200)]
    assert {first for first, *_rest in mixed} == {201, 202, 203, 204}
    assert members == [ANNA, BERT, CLEO, DORA]


@pytest.mark.parametrize(
    ("sequence", "members", "times"),
    [
        ("order", [], []),
        ("order", [Member(1, 0, 20), Member(2, 5, 10), Member(3)], [(0, 20), (25, 35), (35, None)]),
        ("order", [Member(1), Member(2, 5, 10)], [(0, None), (None, None)]),
        ("random", [Member(1, 3, 20), Member(2)], [(3, 23), (23, None)]),
        ("least_used", [Member(1, 0, 20), Member(2, 0, 20)], [(0, 20), (20, 40)]),
        ("simultaneous", [Member(1, 0, 20), Member(2, 5, 10), Member(3, 9)], [(0, 20), (5, 15), (9, None)]),
        ("simultaneous", [Member(1), Member(2)], [(0, None), (0, None)]),
    ],
)
def test_timetable(sequence, members, times):
    rings = timetable(members, sequence)
    assert [(ring.start, ring.end) for ring in rings] == times
    assert [ring.member for ring in rings] == members
