"""Rate decks into tariffs: the new prices begin where the old ones end, and old ones are kept for old calls."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import StringIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from billing.ingest.records import Reject
from billing.models import Tariff
from billing.money import round_to
from billing.rating.deck import rates_of
from billing.rating.deck_cells import DeckReject, RateRow
from billing.rating.tariff import Rate, TimeSlot
from selfcare.errors import Refused

PRICE_DIGITS, FEE_DIGITS = 6, 5
HIGHEST_PRICE = Decimal(999_999)
NAME_LENGTH = 100

STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS billing_rate_deck (
    prefix text PRIMARY KEY, destination text, country text, connect_fee numeric, first_interval int,
    next_interval int, price_first numeric, price_next numeric, starts timestamptz, ends timestamptz,
    known bigint, same boolean
);
TRUNCATE billing_rate_deck
"""
COPY = """
COPY billing_rate_deck (prefix, destination, country, connect_fee, first_interval, next_interval, price_first,
    price_next, starts, ends) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (destination, country))
"""
# Each new price against the one in force when it begins.
COMPARE = """
UPDATE billing_rate_deck AS deck SET known = found.id, same = (
    (found.destination, found.country, found.connect_fee, found.first_interval, found.next_interval,
     found.price_first, found.price_next, found.free_seconds)
    = (deck.destination, deck.country, deck.connect_fee, deck.first_interval, deck.next_interval,
       deck.price_first, deck.price_next, 0) AND found.effective_to IS NOT DISTINCT FROM deck.ends)
FROM (
    SELECT DISTINCT ON (rate.prefix) rate.* FROM billing_rate AS rate JOIN billing_rate_deck AS new USING (prefix)
    WHERE rate.tariff_id = %(tariff)s AND (rate.effective_from IS NULL OR rate.effective_from <= new.starts)
        AND (rate.effective_to IS NULL OR rate.effective_to > new.starts)
    ORDER BY rate.prefix, rate.effective_from DESC NULLS LAST
) AS found WHERE found.prefix = deck.prefix
"""
# A price that would begin at the very moment at which the old one began takes its place.
TAKE_PLACE = """
DELETE FROM billing_rate AS rate USING billing_rate_deck AS deck
WHERE rate.tariff_id = %(tariff)s AND rate.prefix = deck.prefix AND rate.effective_from = deck.starts
    AND deck.same IS NOT TRUE
"""
END_OLD = """
UPDATE billing_rate AS rate SET effective_to = deck.starts
FROM billing_rate_deck AS deck WHERE rate.id = deck.known AND NOT deck.same
"""
ADD_NEW = """
INSERT INTO billing_rate (tariff_id, prefix, destination, country, connect_fee, free_seconds, first_interval,
    next_interval, price_first, price_next, effective_from, effective_to)
SELECT %(tariff)s, prefix, destination, country, connect_fee, 0, first_interval, next_interval, price_first, price_next,
    starts, ends
FROM billing_rate_deck WHERE same IS NOT TRUE ORDER BY prefix
"""
GONE = """
SELECT id FROM billing_rate AS rate
WHERE tariff_id = %(tariff)s AND (effective_from IS NULL OR effective_from <= %(at)s)
    AND (effective_to IS NULL OR effective_to > %(at)s)
    AND NOT EXISTS (SELECT FROM billing_rate_deck AS deck WHERE deck.prefix = rate.prefix)
"""
END_GONE = """
UPDATE billing_rate SET effective_to = %s WHERE id = ANY(%s) AND effective_from IS DISTINCT FROM %s
"""
COUNT = """
SELECT count(*) FILTER (WHERE known IS NULL), count(*) FILTER (WHERE NOT same), count(*) FILTER (WHERE same)
FROM billing_rate_deck
"""


@dataclass(frozen=True, slots=True)
class RateChanges:
    """How a deck differs from the tariff, in prefixes; `kept` are those it does not name but that stay as they are."""

    added: int
    changed: int
    removed: int
    unchanged: int
    kept: int
    rejects: tuple[Reject, ...]


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
    items: Iterable[RateRow | DeckReject], *, tariff: Tariff, effective: datetime, dry_run: bool = False
) -> RateChanges:
    """Bring a tariff to the prices of a deck, each from its own date or from `effective` on, all or nothing.

    The rate of a prefix that was in force ends when the new one begins; an unchanged one goes on. Prefixes that the
    deck does not name end at `effective`, but only if no row was rejected: a call must not fall to a shorter prefix
    because of a typing error. `dry_run` changes nothing and tells what would change.
    """
    rates, rejects = _usable(items)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM billing_tariff WHERE id = %s FOR UPDATE", [tariff.pk])
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(STAGE)
        cursor.copy_expert(COPY, _as_csv(rates, effective))
        where: dict[str, int | datetime] = {"tariff": tariff.pk, "at": effective}
        cursor.execute("ANALYZE billing_rate_deck")
        cursor.execute(COMPARE, where)
        cursor.execute(COUNT)
        added, changed, unchanged = cursor.fetchone()
        cursor.execute(GONE, where)
        gone = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(TAKE_PLACE, where)
        cursor.execute(END_OLD)
        cursor.execute(ADD_NEW, where)
        if not rejects:
            cursor.execute(END_GONE, [effective, gone, effective])
            cursor.execute("DELETE FROM billing_rate WHERE id = ANY(%s) AND effective_from = %s", [gone, effective])
        transaction.set_rollback(dry_run)
    removed, kept = (0, len(gone)) if rejects else (len(gone), 0)
    return RateChanges(added, changed, removed, unchanged, kept, tuple(rejects))


def _usable(items: Iterable[RateRow | DeckReject]) -> tuple[dict[str, Rate], list[Reject]]:
    """The rates by prefix, and the rows that cannot be kept."""
    rates: dict[str, Rate] = {}
    rejects: list[Reject] = []
    for item in items:
        reason = item.reason if isinstance(item, DeckReject) else _objection(item, rates)
        if reason or isinstance(item, DeckReject):
            text = item.text if isinstance(item, DeckReject) else item.destination
            rejects.append(Reject(item.line, reason, text))
        else:
            rates.update((rate.prefix, rate) for rate in rates_of(item))
    return rates, rejects


def _objection(row: RateRow, rates: dict[str, Rate]) -> str:
    if row.time_slot is not TimeSlot.FLAT:
        return "Peak and off-peak prices cannot be kept: a tariff has one price for the whole day."
    if max(row.price, row.connect_fee) > HIGHEST_PRICE:
        return f"The price is above {HIGHEST_PRICE}."
    twice = next((prefix for prefix in row.prefixes if prefix in rates), None)
    return f"The prefix {twice} has a price already; import a later price by a file of its own." if twice else ""


def _as_csv(rates: dict[str, Rate], effective: datetime) -> StringIO:
    buffer = StringIO()
    csv.writer(buffer).writerows(_cells(rate, effective) for rate in rates.values())
    buffer.seek(0)
    return buffer


def _cells(rate: Rate, effective: datetime) -> Sequence[object]:
    return (
        rate.prefix,
        rate.destination[:NAME_LENGTH],
        rate.country,
        round_to(rate.connect_fee, FEE_DIGITS),
        rate.first_interval,
        rate.next_interval,
        round_to(rate.price_first, PRICE_DIGITS),
        round_to(rate.price_next, PRICE_DIGITS),
        rate.effective_from or effective,
        rate.effective_to,
    )
