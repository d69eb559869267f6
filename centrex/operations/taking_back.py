"""Taking a costly number back by the link of its notice: through the acts of the page where it was set."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Line, NewDestination
from centrex.operations import screening
from centrex.operations.features import unlocked
from centrex.operations.forwarding import in_use, noted
from centrex.operations.new_destinations import mark_taken_back
from centrex.queries.forwarding import LISTS
from centrex.queries.forwarding_words import in_words
from centrex.routing.features import ForwardOptions
from selfcare.errors import Refused
from selfcare.models import User


@transaction.atomic
def take_back(*, user: User, row: NewDestination, now: datetime) -> Line:
    """Send no more calls of the line to the number; the rest of its settings stays.

    Refused when the link was used before, and when the line does not send calls there (any more).
    """
    current = mark_taken_back(row=row, now=now)
    line = Line.locked(current.line_id, None)
    if current.place == NewDestination.Place.SCREENING:
        return without_rules(user=user, line=line, number=current.number, now=now)
    return without_forward(user=user, line=line, number=current.number, now=now)


def without_forward(*, user: User, line: Line, number: str, now: datetime) -> Line:
    """The line's forwarding without the number; with nothing left it forwards nowhere."""
    options = unlocked(line, ForwardOptions).values
    if number not in in_use(line, options):
        raise gone()
    before = in_words(line, options)
    if line.forwarding in LISTS:
        line.forward_numbers.filter(number=number).delete()
    if line.forwarding == Line.Forwarding.SIMPLE or not line.forward_numbers.exists():
        line.forwarding = Line.Forwarding.NONE
    return noted(user=user, line=line, before=before, options=options, now=now)


def without_rules(*, user: User, line: Line, number: str, now: datetime) -> Line:
    """The line with the rules switched off that send calls to the number."""
    rules = list(line.screening_rules.order_by("position"))
    on = {rule.pk for rule in rules if rule.enabled and rule.number != number}
    if len(on) == sum(rule.enabled for rule in rules):
        raise gone()
    order = [rule.pk for rule in rules]
    return screening.arrange_rules(user=user, line=line, version=None, order=order, enabled=on, now=now)


def gone() -> Refused:
    return Refused(_("The line sends no calls to this number any more: there is nothing to take back."))
