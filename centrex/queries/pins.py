"""PINs: which numbers they must not be, and what is wrong with one, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.routing.pins import Weakness

WORDS: dict[Weakness, Promise] = {
    Weakness.NO_PIN: _("A PIN has six digits."),
    Weakness.REPEATED: _("This PIN repeats itself, so it is among the first that a thief tries. Choose another."),
    Weakness.SEQUENCE: _("These digits stand in a row, so they are among the first that a thief tries. Mix them."),
    Weakness.NUMBER: _("This is a part of the line's own number, which every caller knows. Choose another PIN."),
}


def weakness_in_words(weakness: Weakness) -> str:
    """What is wrong with a PIN."""
    return str(WORDS[weakness])


def own_numbers(line: Line) -> list[str]:
    """The numbers by which people know the line."""
    extension = getattr(line, "extension", None)
    numbers = list(line.dids.values_list("number", flat=True))
    return [line.account_id, *numbers, *([extension.number] if extension else [])]
