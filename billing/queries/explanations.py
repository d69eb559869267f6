"""Why a booked call costs what it costs, from what was kept beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from billing.models import DiscountPlan, RateTerms, Xdr
from billing.queries.tariffs import pure_rate
from billing.rating.explain import Booked, Explanation, explain
from billing.rating.pieces import BookedPiece, read_pieces


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation with the terms it rests on, and the plans in it by id; a deleted plan is not there."""

    explanation: Explanation
    terms: RateTerms
    plans: dict[int, DiscountPlan]


def explained(row: Xdr) -> Explained | None:
    """The explanation of a row; None where its terms were not kept or do not add up to it."""
    terms = RateTerms.objects.filter(pk=row.terms_id).first() if row.terms_id else None
    if terms is None or row.quantity != int(row.quantity):
        return None
    try:
        pieces = read_pieces(row.pieces)
    except ValueError:
        return None
    booked = Booked(
        seconds=int(row.quantity),
        charged_seconds=int(row.charged_quantity),
        amount=row.amount,
        discount=row.discount,
        tax=row.tax,
    )
    found = explain(booked, rate=pure_rate(terms), on_net=not terms.prefix, pieces=pieces)
    return Explained(found, terms, plans_in(pieces)) if found else None


def plans_in(pieces: Collection[BookedPiece]) -> dict[int, DiscountPlan]:
    """The discount plans that gave something to these pieces, by id."""
    ids = {share.plan for piece in pieces for share in piece.shares}
    return DiscountPlan.objects.select_related("service").in_bulk(ids) if ids else {}
