"""Rate decks: rows of a price list (CSV, or a spreadsheet's) into rates, whatever its columns are called.

Columns are found by their names; the header is the first row that names a price and a prefix or destination.
Rows with a prefix are taken as they are. Rows with a name only are resolved by `billing.rating.prefixes`,
which needs the whole deck at once (whether a country's mobiles are priced apart), so the deck is kept in
memory. Prices are per minute. Dates are YYYY-MM-DD, with a time if wanted; others are rejected as ambiguous.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from .deck_cells import BadCell, DeckReject, RateRow, find_columns, read_csv_rows, read_row
from .numbering import region_of
from .prefixes import Destination, Scope, Unresolved, read_name, resolve
from .tariff import Rate

_NO_HEADER = "No header row with a price and a prefix or destination has been found before this row."


@dataclass(frozen=True, slots=True)
class _Named:
    row: RateRow
    meant: Destination


def read_csv(lines: Iterable[bytes], *, zone: tzinfo) -> Iterator[RateRow | DeckReject]:
    """Read a deck in CSV (comma, semicolon or tab; UTF-8); see `read_rows`."""
    yield from read_rows(read_csv_rows(lines), zone=zone)


def read_rows(rows: Iterable[Sequence[object]], *, zone: tzinfo) -> Iterator[RateRow | DeckReject]:
    """Read a deck's rows (cells as text, numbers, dates or None): rates and rejects in order of their lines.

    `zone`: of the effective dates. Empty rows are skipped; rows are numbered from 1. Never raises for what a
    cell contains. Each prefix, time slot and effective date gets one price: a later row that repeats one is
    rejected.
    """
    found = list(_resolve_all(_read_all(rows, zone)))
    found.sort(key=lambda item: item.line)
    taken: dict[tuple[object, ...], int] = {}
    for item in found:
        yield item if isinstance(item, DeckReject) else _claim(item, taken)


def rates_of(row: RateRow) -> Iterator[Rate]:
    """Make the rates of a row, one a prefix."""
    for prefix in row.prefixes:
        yield Rate(
            prefix=prefix,
            destination=row.destination,
            country=row.country or region_of(prefix),
            price_first=row.price,
            price_next=row.price if row.price_next is None else row.price_next,
            connect_fee=row.connect_fee,
            free_seconds=row.free_seconds,
            first_interval=row.first_interval,
            next_interval=row.next_interval,
            minimum_charge=row.minimum_charge,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            time_slot=row.time_slot,
        )


def _read_all(rows: Iterable[Sequence[object]], zone: tzinfo) -> Iterator[RateRow | DeckReject]:
    columns: dict[str, int] = {}
    for line, cells in enumerate(rows, start=1):
        texts = ["" if cell is None else str(cell).strip() for cell in cells]
        if not any(texts):
            continue
        if not columns:
            columns = find_columns(texts)
            if not columns:
                yield DeckReject(line, _NO_HEADER, _text(texts))
            continue
        try:
            yield read_row(line, columns, cells, zone)
        except BadCell as error:
            yield DeckReject(line, str(error), _text(texts))


def _resolve_all(rows: Iterable[RateRow | DeckReject]) -> Iterator[RateRow | DeckReject]:
    named: list[_Named] = []
    for row in rows:
        if isinstance(row, DeckReject) or row.prefixes:
            yield row
            continue
        meant = read_name(row.destination)
        if isinstance(meant, Unresolved):
            yield DeckReject(row.line, meant.reason, row.destination)
        else:
            named.append(_Named(row, meant))
    yield from _resolve_named(named)


def _resolve_named(named: Sequence[_Named]) -> Iterator[RateRow | DeckReject]:
    mobiles = {one.meant.region for one in named if one.meant.scope in (Scope.MOBILE, Scope.OPERATOR)}
    apart = {
        scope: tuple({prefix for one in named if one.meant.scope is scope for prefix in one.meant.prefixes})
        for scope in (Scope.PLACE, Scope.CITY)
    }
    for one in named:
        prefixes = resolve(one.meant, mobiles_apart=one.meant.region in mobiles)
        if isinstance(prefixes, Unresolved):
            yield DeckReject(one.row.line, prefixes.reason, one.row.destination)
            continue
        # A place with a price of its own keeps all its numbers, even where the country's prefix is longer;
        # a city keeps its landlines.
        if one.meant.scope not in apart:
            prefixes = _without(prefixes, apart[Scope.PLACE])
        if one.meant.scope in (Scope.COUNTRY, Scope.LANDLINE):
            prefixes = _without(prefixes, apart[Scope.CITY])
        yield replace(one.row, prefixes=prefixes, country=one.meant.region)


def _without(prefixes: tuple[str, ...], taken: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(prefix for prefix in prefixes if not prefix.startswith(taken))


def _claim(row: RateRow, taken: dict[tuple[object, ...], int]) -> RateRow | DeckReject:
    keys = [(prefix, row.time_slot, row.effective_from) for prefix in row.prefixes]
    for key in keys:
        if key in taken:
            reason = f"The prefix {key[0]} has a price already, in line {taken[key]}."
            return DeckReject(row.line, reason, row.destination)
    taken.update(dict.fromkeys(keys, row.line))
    return row


def _text(texts: Sequence[str]) -> str:
    return ", ".join(texts)[:200]
