"""Circles of huntgroups."""

import pytest

from centrex.routing.nesting import find_circle, inside


@pytest.mark.parametrize(
    ("includes", "circle"),
    [
        ({}, []),
        ({1: [2], 2: [3]}, []),
        ({1: [2, 3], 2: [4], 3: [4]}, []),  # twice the same group is no circle
        ({1: [1]}, [1, 1]),
        ({1: [2], 2: [1]}, [1, 2, 1]),
        ({1: [2], 2: [3], 3: [4], 4: [1]}, [1, 2, 3, 4, 1]),
        ({1: [2, 5], 2: [3], 3: [1], 5: [1]}, [1, 5, 1]),  # the shortest
        ({1: [2], 2: [3], 3: [2]}, []),  # somebody else's circle: it ends, too
    ],
)
def test_find_circle(includes, circle):
    assert find_circle(1, includes) == circle


def test_a_long_chain_needs_no_deep_recursion():
    chain = {n: [n + 1] for n in range(1, 5000)}
    assert find_circle(1, chain) == []
    assert len(find_circle(1, chain | {5000: [1]})) == 5001


@pytest.mark.parametrize(
    ("includes", "groups"),
    [
        ({}, [1]),
        ({1: [2, 3], 2: [4], 3: [4]}, [1, 2, 3, 4]),
        ({1: [2, 2]}, [1, 2]),
        ({2: [1]}, [1]),
        ({1: [2], 2: [1]}, [1, 2]),
    ],
)
def test_what_is_inside_a_group(includes, groups):
    assert inside(1, includes) == groups
