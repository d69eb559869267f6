"""The terms that were applied to calls, written down once for as many calls as have the same."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from uuid import UUID, uuid5

from billing.models import RateTerms, Tariff
from billing.rating.tariff import Rate

# Of our own making, so that these ids meet no others.
SPACE = UUID("5f0e9f1c-63c7-4d0e-9a3e-8c9b6f6f2a11")


class AppliedTerms:
    """Gathers the terms that the calls of a batch take under one tariff, and writes them down."""

    def __init__(self, tariff: Tariff) -> None:
        self._tariff = tariff
        self._by_rate: dict[Rate, RateTerms] = {}

    def of(self, rate: Rate) -> RateTerms:
        """The rate's terms, whether they are written down already or not."""
        terms = self._by_rate.get(rate)
        if terms is None:
            terms = self._by_rate[rate] = _terms(rate, self._tariff)
        return terms

    def keep(self) -> None:
        """Write down the terms that nobody has written down before.

        Before the transaction of the calls: two writers of the same new terms then wait for each other only briefly,
        and terms that no call has in the end do no harm.
        """
        by_id = {terms.pk: terms for terms in self._by_rate.values()}
        known = set(RateTerms.objects.filter(pk__in=by_id).values_list("pk", flat=True)) if by_id else set()
        missing = sorted(by_id.keys() - known)
        if missing:
            RateTerms.objects.bulk_create((by_id[pk] for pk in missing), ignore_conflicts=True)


def _terms(rate: Rate, tariff: Tariff) -> RateTerms:
    values: dict[str, object] = {
        "tariff": tariff.name,
        "time_zone": tariff.time_zone,
        "prefix": rate.prefix,
        "destination": rate.destination,
        "country": rate.country,
        "time_slot": rate.time_slot.value,
        "connect_fee": rate.connect_fee,
        "free_seconds": rate.free_seconds,
        "first_interval": rate.first_interval,
        "next_interval": rate.next_interval,
        "price_first": rate.price_first,
        "price_next": rate.price_next,
        "minimum_charge": rate.minimum_charge,
        "effective_from": rate.effective_from.astimezone(UTC) if rate.effective_from else None,
    }
    return RateTerms(pk=uuid5(SPACE, "\0".join(map(_text, values.values()))), **values)


def _text(value: object) -> str:
    # 0.1 and 0.10 are the same price.
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
