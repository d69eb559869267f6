"""The new prices begin where the old ones end, and old ones are kept for old calls."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from io import StringIO
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from billing.ingest.records import Reject
from billing.models import Tariff, TimeSlot
from billing.operations.rates import sql
from billing.operations.rates.usable import usable
from billing.rating.deck_cells import DeckReject, RateRow
from selfcare.errors import Refused


class Kind(StrEnum):
    """How a price of the deck stands to the tariff's."""

    NEW = "new"
    RAISED = "raised"
    LOWERED = "lowered"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Difference:
    """One price that applying the deck changes: prices a minute of the next intervals, None where there is none."""

    kind: Kind
    prefix: str
    time_slot: str
    destination: str
    old: Decimal | None
    new: Decimal | None
    starts: datetime

    @property
    def percent(self) -> Decimal | None:
        """How much higher (or, below 0, lower) the new price is; None from nothing or from 0."""
        return (self.new - self.old) / self.old * 100 if self.old and self.new is not None else None

    @property
    def slot(self) -> str:
        """The time slot in words."""
        return str(TimeSlot(self.time_slot).label)


@dataclass(frozen=True, slots=True)
class RateChanges:
    """How a deck differs from the tariff, in prices; `kept` are those it does not name but that stay as they are."""

    differences: tuple[Difference, ...]
    unchanged: int
    kept: int
    rejects: tuple[Reject, ...]

    def of(self, *kinds: Kind) -> list[Difference]:
        """The differences of these kinds."""
        return [one for one in self.differences if one.kind in kinds]

    @property
    def added(self) -> int:
        """Prices of prefixes or time slots that had none."""
        return len(self.of(Kind.NEW))

    @property
    def changed(self) -> int:
        """Prices that take the place of others."""
        return len(self.of(Kind.RAISED, Kind.LOWERED, Kind.CHANGED))

    @property
    def removed(self) -> int:
        """Prices that end without another."""
        return len(self.of(Kind.ENDED))

    @property
    def digest(self) -> str:
        """The same for the same difference: whether what somebody has seen is what would be done now."""
        seen = (self.differences, self.kept, [(reject.line, reject.reason) for reject in self.rejects])
        return sha256(repr(seen).encode()).hexdigest()


def find_or_make_tariff(name: str, *, currency: str | None) -> Tariff:
    """The tariff of that name; a new one needs a `currency`, and an old one keeps its own (Refused otherwise)."""
    tariff = Tariff.objects.filter(name=name).first()
    if tariff is None:
        if not currency:
            raise Refused(_("There is no tariff %(name)s yet: name its currency.") % {"name": name})
        tariff = Tariff(name=name, currency=currency)
        tariff.full_clean()
        tariff.save()
    elif currency and currency != tariff.currency:
        raise Refused(
            _("The tariff %(name)s is in %(currency)s.") % {"name": name, "currency": tariff.currency},
        )
    return tariff


def replace_rates(
    items: Iterable[RateRow | DeckReject],
    *,
    tariff: Tariff,
    effective: datetime,
    dry_run: bool = False,
    seen: str | None = None,
) -> RateChanges:
    """Bring a tariff to the prices of a deck, each from its own date or from `effective` on, all or nothing.

    The rate of a prefix and time slot that was in force ends when the new one begins; an unchanged one goes on.
    Prefixes that the deck does not name end at `effective`, but only if no row was rejected: a call must not fall to a
    shorter prefix because of a typing error. Other time slots of a prefix that it names end with its new prices.
    `dry_run` changes nothing and tells what would change. So does a difference whose digest is not `seen`, if that is
    given.
    """
    rows, rejects = usable(items, tariff=tariff, effective=effective)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM billing_tariff WHERE id = %s FOR UPDATE", [tariff.pk])
        cursor.execute("SET LOCAL statement_timeout = 0")
        where: dict[str, int | datetime] = {"tariff": tariff.pk, "at": effective}
        _stage(cursor, rows, where)
        gone, kept = _gone(cursor, where, keep_unnamed=bool(rejects))
        changes = _changes(cursor, gone, kept, rejects)
        if not dry_run and seen in (None, changes.digest):
            _apply(cursor, gone, where)
    return changes


def _stage(cursor: Any, rows: Iterable[Sequence[object]], where: dict[str, int | datetime]) -> None:
    buffer = StringIO()
    csv.writer(buffer).writerows(rows)
    buffer.seek(0)
    cursor.execute(sql.STAGE)
    cursor.copy_expert(sql.COPY, buffer)
    cursor.execute("ANALYZE billing_rate_deck")
    cursor.execute(sql.COMPARE, where)


def _gone(cursor: Any, where: dict[str, int | datetime], *, keep_unnamed: bool) -> tuple[list[Any], int]:
    """The rates that end without another, and the number of those that the deck does not name but that are kept."""
    cursor.execute(sql.GONE, where)
    found = cursor.fetchall()
    ending = [row for row in found if row[-2] or not keep_unnamed]
    return ending, len(found) - len(ending)


def _changes(cursor: Any, gone: Iterable[Any], kept: int, rejects: Iterable[Reject]) -> RateChanges:
    cursor.execute(sql.DIFFERENCE)
    found = [Difference(Kind(kind), *rest) for kind, *rest in cursor.fetchall()]
    found += [
        Difference(Kind.ENDED, prefix, slot, destination, price, None, ends)
        for _pk, prefix, slot, destination, price, _named, ends in gone
    ]
    cursor.execute(sql.COUNT_SAME)
    (unchanged,) = cursor.fetchone()
    return RateChanges(tuple(found), unchanged, kept, tuple(rejects))


def _apply(cursor: Any, gone: Iterable[Any], where: dict[str, int | datetime]) -> None:
    cursor.execute(sql.TAKE_PLACE, where)
    cursor.execute(sql.END_OLD)
    cursor.execute(sql.ADD_NEW, where)
    ending = [(row[0], row[-1]) for row in gone]
    both = {"ids": [pk for pk, _ends in ending], "ends": [ends for _pk, ends in ending]}
    cursor.execute(sql.END_GONE, both)
    cursor.execute(sql.DELETE_GONE, both)
