"""Which rows of a deck a tariff can keep, and why not the others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from billing.ingest.records import Reject
from billing.models import Tariff
from billing.money import round_to
from billing.rating.deck import rates_of
from billing.rating.deck_cells import DeckReject, RateRow
from billing.rating.tariff import Rate, TimeSlot

PRICE_DIGITS, FEE_DIGITS = 6, 5
HIGHEST_PRICE = Decimal(999_999)
NAME_LENGTH = 100
Cells = tuple[object, ...]
Key = tuple[str, TimeSlot]


def usable(
    items: Iterable[RateRow | DeckReject], *, tariff: Tariff, effective: datetime
) -> tuple[list[Cells], list[Reject]]:
    """The rates as rows for the database, and the rows of the deck that the tariff cannot keep."""
    rows: list[RateRow] = []
    rejects: list[Reject] = []
    taken: set[Key] = set()
    for item in items:
        reason = item.reason if isinstance(item, DeckReject) else _objection(item, tariff, taken)
        if isinstance(item, DeckReject):
            rejects.append(Reject(item.line, reason, item.text))
        elif reason:
            rejects.append(_reject(item, reason))
        else:
            taken.update((prefix, item.time_slot) for prefix in item.prefixes)
            rows.append(item)
    kept, unfinished = _finished(rows, taken)
    rejects = sorted([*rejects, *unfinished], key=lambda reject: reject.line)
    return [_cells(rate, effective) for row in kept for rate in rates_of(row)], rejects


def _objection(row: RateRow, tariff: Tariff, taken: set[Key]) -> str:
    if row.time_slot is TimeSlot.OFF_PEAK and not tariff.off_peak_hours:
        return "The tariff has no off-peak hours yet."
    if row.time_slot is TimeSlot.SECOND_OFF_PEAK and not tariff.second_off_peak_hours:
        return "The tariff has no 2nd off-peak hours yet."
    if max(row.price, row.price_next or row.price, row.connect_fee, row.minimum_charge) > HIGHEST_PRICE:
        return f"The price is above {HIGHEST_PRICE}."
    twice = next((prefix for prefix in row.prefixes if (prefix, row.time_slot) in taken), None)
    return f"The prefix {twice} has a price already; import a later price by a file of its own." if twice else ""


def _finished(rows: Iterable[RateRow], taken: set[Key]) -> tuple[list[RateRow], list[Reject]]:
    """The rows whose prefixes have a price at every hour; a call at an hour without one could not be charged."""
    kept: list[RateRow] = []
    rejects: list[Reject] = []
    for row in rows:
        gap = next((prefix for prefix in row.prefixes if not _is_whole(prefix, taken)), None)
        if gap is None:
            kept.append(row)
        else:
            rejects.append(_reject(row, f"The prefix {gap} has no price for the other hours of the day."))
    return kept, rejects


def _is_whole(prefix: str, taken: set[Key]) -> bool:
    return (prefix, TimeSlot.FLAT) in taken or {(prefix, TimeSlot.PEAK), (prefix, TimeSlot.OFF_PEAK)} <= taken


def _reject(row: RateRow, reason: str) -> Reject:
    return Reject(row.line, reason, row.destination)


def _cells(rate: Rate, effective: datetime) -> Cells:
    return (
        rate.prefix,
        rate.time_slot.value,
        rate.destination[:NAME_LENGTH],
        rate.country,
        round_to(rate.connect_fee, FEE_DIGITS),
        rate.free_seconds,
        rate.first_interval,
        rate.next_interval,
        round_to(rate.price_first, PRICE_DIGITS),
        round_to(rate.price_next, PRICE_DIGITS),
        round_to(rate.minimum_charge, FEE_DIGITS),
        rate.effective_from or effective,
        rate.effective_to,
    )
