"""Taking a costly number back by the link of its notice: through the acts of the page where it was set."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import AbbreviatedNumber, Huntgroup, Line, NewDestination
from centrex.operations import screening
from centrex.operations.abbreviated import edit_abbreviated
from centrex.operations.features import unlocked
from centrex.operations.forwarding import in_use, noted
from centrex.operations.group_hours import set_hours
from centrex.operations.new_destinations import mark_taken_back
from centrex.queries.forwarding import LISTS
from centrex.queries.forwarding_words import in_words
from centrex.routing.features import ForwardOptions
from selfcare.errors import Refused
from selfcare.models import Customer, User


@transaction.atomic
def take_back(*, user: User, row: NewDestination, now: datetime) -> None:
    """Send no more calls to the number from where it was set; the rest of the settings there stays.

    Refused when the link was used before, and when no calls are sent there from that place (any more).
    """
    Customer.objects.select_for_update(no_key=True).get(pk=row.customer.office.pk)  # the order in which acts lock
    current = mark_taken_back(row=row, now=now)
    if current.abbreviated_id is not None:
        number_without_target(user=user, pk=current.abbreviated_id, target=current.number)
    elif current.huntgroup_id is not None:
        group_without_number(user=user, pk=current.huntgroup_id, row=current)
    elif current.place == NewDestination.Place.SCREENING:
        without_rules(user=user, line=Line.locked(current.line_id, None), number=current.number, now=now)
    else:
        without_forward(user=user, line=Line.locked(current.line_id, None), number=current.number, now=now)


def number_without_target(*, user: User, pk: int, target: str) -> AbbreviatedNumber:
    """The abbreviated number without what it stands for, so that it is dialled as it is."""
    number = AbbreviatedNumber.locked(pk, None)
    if number.target != target:
        raise Refused(_("The abbreviated number stands for another number by now: there is nothing to take back."))
    number.target = ""
    return edit_abbreviated(user=user, number=number, version=None)


def group_without_number(*, user: User, pk: int, row: NewDestination) -> Huntgroup:
    """The huntgroup, which ends calls outside its opening hours from now on."""
    group = Huntgroup.locked(pk, None)
    if (group.closed_action, group.closed_number, group.closed_line_id) != (
        Huntgroup.Closed.NUMBER, row.number, row.line_id,
    ):  # fmt: skip
        raise Refused(_("The huntgroup sends no calls to this number any more: there is nothing to take back."))
    group.closed_action = Huntgroup.Closed.HANG_UP
    return set_hours(user=user, huntgroup=group, version=None)


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
