import json
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rating.discount import Threshold
from billing.rating.pieces import BookedPiece, Share, left_in_step, read_pieces, write_pieces
from tests.billing.rating.many import many

PLAN = (Threshold(D(100), D(100)), Threshold(D(200), D(50)))


@pytest.mark.parametrize(("position", "left"), [(0, 100), (60, 40), (100, 0), (101, 99), (200, 0), (201, 0)])
def test_what_is_left_of_a_step(position: int, left: int) -> None:
    assert left_in_step(D(position), PLAN) == left


def test_a_step_without_end_has_no_rest() -> None:
    assert left_in_step(D(500), (*PLAN, Threshold(None, D(5)))) is None


def test_a_charge_without_discount_keeps_nothing() -> None:
    assert write_pieces([]) == ""
    assert write_pieces([BookedPiece(D(60), D(0), D("0.6"), D(0), ())]) == ""
    assert read_pieces(None) == ()


def test_what_is_kept_is_short() -> None:
    piece = BookedPiece(D("60.000"), D("100.00"), D("0.60000"), D("0.60000"), (Share(7, D(100), D(30)),))
    assert write_pieces([piece]) == '[["60","100","0.6","0.6",[[7,"100","30"]]]]'


numbers = st.decimals(0, 10**9, places=5)
shares = st.builds(Share, st.integers(1, 10**9), numbers, st.none() | numbers)
pieces = st.builds(BookedPiece, numbers, numbers, numbers, numbers, st.lists(shares, max_size=3).map(tuple))


@many
@given(st.lists(pieces, max_size=5))
def test_what_is_written_is_read(written: list[BookedPiece]) -> None:
    kept = write_pieces(written)
    assert list(read_pieces(json.loads(kept) if kept else None)) == (written if kept else [])


@pytest.mark.parametrize(
    "odd",
    [[1], [["1", "2"]], [["1", "x", "1", "1", []]], [[1, "1", "1", "1", []]], [["1", "1", "1", "1", {}]],
     [["1", "1", "1", "1", [["a", "1", None]]]], [["1", "1", "1", "1", ["a"]]]],
)  # fmt: skip
def test_anything_else_is_a_value_error(odd: list[list[object]]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_pieces(odd)
