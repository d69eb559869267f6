"""Rate decks into tariffs: read, compared with the prices of today, and applied from a date on."""

from billing.operations.rates.files import read_deck
from billing.operations.rates.replacing import Difference, Kind, RateChanges, find_or_make_tariff, replace_rates
from billing.operations.rates.uploads import Overtaken, apply_deck, difference_of, keep_deck

__all__ = [
    "Difference",
    "Kind",
    "Overtaken",
    "RateChanges",
    "apply_deck",
    "difference_of",
    "find_or_make_tariff",
    "keep_deck",
    "read_deck",
    "replace_rates",
]
