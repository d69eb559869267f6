"""The parts of a charge and what each volume discount took off them, kept with the ledger row for "why this price".

In the ledger a charge's pieces are a short JSON list, one `[units, percent, full amount, discount, [[plan, percent,
left], ...]]` a piece, numbers as text; a charge without discount has none.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .discount import Threshold

Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Share:
    """What one discount plan (by its id) gave to a piece: its percent, and the volume left in its step afterwards.

    `left` counts the plan's unit; None: the step has no end.
    """

    plan: int
    percent: Decimal
    left: Decimal | None


@dataclass(frozen=True, slots=True)
class BookedPiece:
    """So many units with one discount: `discount` (5 decimals) came off `full_amount`; no shares, no discount."""

    units: Decimal
    percent: Decimal
    full_amount: Decimal
    discount: Decimal
    shares: tuple[Share, ...]


def left_in_step(position: Decimal, thresholds: Sequence[Threshold]) -> Decimal | None:
    """The volume left in the step that ends at or holds `position`; None for a step without end, 0 beyond all."""
    for threshold in thresholds:
        if threshold.upto is None:
            return None
        if position <= threshold.upto:
            return threshold.upto - position
    return Decimal(0)


def write_pieces(pieces: Iterable[BookedPiece]) -> str:
    """The pieces as the ledger keeps them; empty text if no plan had a share in any."""
    kept = list(pieces)
    if not any(piece.shares for piece in kept):
        return ""
    return json.dumps([_cells(piece) for piece in kept], separators=(",", ":"))


def read_pieces(kept: Iterable[Cells] | None) -> tuple[BookedPiece, ...]:
    """The pieces of a ledger row's list, or none. Raises ValueError for what `write_pieces` has not written."""
    try:
        return tuple(_piece(cells) for cells in kept or ())
    except (ArithmeticError, TypeError) as error:
        raise ValueError("these are no pieces of a charge") from error


def _cells(piece: BookedPiece) -> list[object]:
    shares = [[share.plan, _plain(share.percent), _plain(share.left)] for share in piece.shares]
    return [*map(_plain, (piece.units, piece.percent, piece.full_amount, piece.discount)), shares]


def _piece(cells: Cells) -> BookedPiece:
    units, percent, full_amount, discount, shares = cells
    return BookedPiece(
        units=_decimal(units),
        percent=_decimal(percent),
        full_amount=_decimal(full_amount),
        discount=_decimal(discount),
        shares=tuple(_share(share) for share in _list(shares)),
    )


def _share(cells: object) -> Share:
    plan, percent, left = _list(cells)
    if not isinstance(plan, int):
        raise TypeError("a plan is named by its id")
    return Share(plan, _decimal(percent), None if left is None else _decimal(left))


def _list(cells: object) -> list[object]:
    if not isinstance(cells, list):
        raise TypeError("not a list")
    return cells


def _decimal(cell: object) -> Decimal:
    if not isinstance(cell, str):
        raise TypeError("a number is kept as text")
    return Decimal(cell)


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number.normalize(), "f")
