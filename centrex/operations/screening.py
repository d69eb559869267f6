"""Screening rules of a line: add, change, delete, put into order.

The rules count as a part of the line: every act locks its row and is a version and history of the line.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Line, NewDestination, NumberFilter, Schedule, ScreeningRule, Sound
from centrex.operations.forwarding import PasswordNeeded, refuse_loop, why_password
from centrex.operations.new_destinations import begin
from centrex.operations.sounds.keeping import add_sound, discard
from centrex.queries.destinations import Destination, Destinations
from centrex.queries.loops import Way
from centrex.queries.new_destinations import taken_back_on
from centrex.queries.schedules import time_filter
from centrex.queries.screening import rules_of_customer, sentence
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

MOST_RULES = 100


@transaction.atomic
def save_rule(
    *,
    user: User,
    rule: ScreeningRule,
    version: int | None,
    message: UploadedFile[Any] | None = None,
    confirmed: bool = False,
    now: datetime,
) -> ScreeningRule:
    """Add a rule at the end of its line's, or save a changed one; an uploaded `message` becomes what it plays.

    A rule that was not read from the database is added under the id that it has, if it is not there any more.
    `confirmed`: the user has just given his password again. Outdated when somebody saved the line since `version`;
    Refused at the number, the message, or a filter that is gone, and for more rules than MOST_RULES; PasswordNeeded
    for a new number abroad or of a costly kind.
    """
    # Two lines that begin to forward to each other at the same moment would not see each other.
    Customer.objects.select_for_update(no_key=True).get(pk=rule.line.customer.office.pk)
    line = Line.locked(rule.line_id, version)
    before = rules_in_words(line)
    kept = ScreeningRule.objects.select_related("message").filter(pk=rule.pk, line=line).first()
    if kept is None and not rule._state.adding:
        raise Refused(_("Somebody deleted this meanwhile."))
    if kept is None and len(before) >= MOST_RULES:
        raise Refused(_("A line can have at most %(most)s rules.") % {"most": MOST_RULES})
    keep_chosen(line, rule)
    costly = read_number(line, rule, confirmed=confirmed, now=now)
    keep_message(line, rule, message, now=now)
    rule.position = kept.position if kept is not None else len(before) + 1
    rule.save()
    if kept is not None and kept.message is not None and kept.message != rule.message:
        discard(kept.message)
    note_rules(user=user, line=line, before=before)
    begin(user=user, line=line, place=NewDestination.Place.SCREENING, found=costly, now=now)
    return rule


@transaction.atomic
def delete_rule(*, user: User, rule: ScreeningRule, version: int | None) -> None:
    """Delete a rule; those after it move up. Outdated when somebody saved the line since `version`."""
    line = Line.locked(rule.line_id, version)
    before = rules_in_words(line)
    current = ScreeningRule.objects.filter(pk=rule.pk, line=line).select_related("message").first()
    if current is None:
        return
    message = current.message
    current.delete()
    for place, each in enumerate(line.screening_rules.order_by("position"), start=1):
        ScreeningRule.objects.filter(pk=each.pk).update(position=place)
    if message is not None:
        discard(message)
    note_rules(user=user, line=line, before=before)


@transaction.atomic
def arrange_rules(
    *,
    user: User,
    line: Line,
    version: int | None,
    order: Sequence[int],
    enabled: Collection[int],
    confirmed: bool = False,
    now: datetime,
) -> Line:
    """Put the line's rules (ids) into this order, and switch on those in `enabled` and no others.

    Outdated when somebody saved the line since `version`; Refused unless `order` names each rule once; PasswordNeeded
    to switch a rule on again whose number was taken back by the link of a notice.
    """
    current = Line.locked(line.pk, line.version if version is None else version)
    before = rules_in_words(current)
    kept = set(current.screening_rules.values_list("pk", flat=True))
    if len(order) != len(kept) or set(order) != kept:
        raise Refused(_("Something in the list was deleted or added meanwhile. Load the page again."))
    again = switched_on_again(current, enabled)
    if again and not confirmed:
        raise PasswordNeeded(why_password(again), field="password")
    for place, pk in enumerate(order, start=1):
        ScreeningRule.objects.filter(pk=pk).update(position=place, enabled=pk in enabled)
    note_rules(user=user, line=current, before=before)
    begin(user=user, line=current, place=NewDestination.Place.SCREENING, found=again, now=now)
    return current


def switched_on_again(line: Line, enabled: Collection[int]) -> list[Destination]:
    """The numbers of rules that would count again, though an owner took them back."""
    back = taken_back_on(line, NewDestination.Place.SCREENING)
    rows = line.screening_rules.filter(enabled=False, pk__in=enabled, number__in=back)
    numbers = sorted(set(rows.values_list("number", flat=True)))
    if not numbers:
        return []
    destinations = Destinations(line)
    return [destinations.read(f"+{number}", field="password") for number in numbers]


def rules_in_words(line: Line) -> list[str]:
    """The rules of a line in their order, for its history: each with its name, so that a new name is told as well."""
    rules = rules_of_customer(line.customer).filter(line=line).order_by("position")
    return [f"“{rule.name}”: {sentence(rule)}" if rule.name else sentence(rule) for rule in rules]


def note_rules(*, user: User, line: Line, before: Sequence[str]) -> None:
    """Write down what changed, as a version of the line; nothing when nothing did."""
    changes = rule_changes(before, rules_in_words(line))
    if not changes:
        return
    line.version += 1
    line.save(update_fields=["version"])
    AuditEvent.write(user=user, action="edit", record=line, changes=changes)


def rule_changes(before: Sequence[str], after: Sequence[str]) -> dict[str, list[str]]:
    """What differs, place by place: label -> [old, new]."""
    places = range(max(len(before), len(after)))
    pairs = [(place, text_at(before, place), text_at(after, place)) for place in places]
    return {_("Rule %(place)s") % {"place": place + 1}: [old, new] for place, old, new in pairs if old != new}


def text_at(texts: Sequence[str], place: int) -> str:
    """The text at a place, empty past the end."""
    return texts[place] if place < len(texts) else ""


def keep_chosen(line: Line, rule: ScreeningRule) -> None:
    """Hold the filters that the rule names, so that nobody deletes one meanwhile; Refused when one is gone."""
    for model, field, chosen in (
        (NumberFilter, "callers", rule.callers_id),
        (NumberFilter, "called", rule.called_id),
        (Schedule, "times", rule.times_id),
    ):
        if chosen is None:
            continue
        rows = model._default_manager.select_for_update(no_key=True).filter(pk=chosen, customer=line.customer_id)
        if not rows.exists():
            raise Refused(_("Somebody deleted this meanwhile."), field=field)


def read_number(line: Line, rule: ScreeningRule, *, confirmed: bool, now: datetime) -> list[Destination]:
    """Read the typed number as it is kept, empty for other actions; gives it when it is new and abroad or costly.

    Refused for one that cannot or must not be called or leads back; PasswordNeeded for a costly one.
    """
    if rule.action != ScreeningRule.Action.NUMBER:
        rule.number = ""
        return []
    if not rule.number:
        raise Refused(_("Enter the number that the call goes to."), field="number")
    known = set(line.screening_rules.values_list("number", flat=True))
    known -= taken_back_on(line, NewDestination.Place.SCREENING)
    destinations = Destinations(line)
    found = destinations.read(rule.number, field="number")
    times = time_filter(rule.times, now=now, zone=line.customer.zone) if rule.times else None
    ways = {"number": Way("centrex:line-screening", times=times)}
    refuse_loop(line.customer.office, line, destinations, {"number": found}, ways=ways, now=now)
    rule.number = found.number
    if not found.needs_password or found.number in known:
        return []
    if not confirmed:
        raise PasswordNeeded(why_password([found]), field="password")
    return [found]


def keep_message(line: Line, rule: ScreeningRule, message: UploadedFile[Any] | None, *, now: datetime) -> None:
    """Take an uploaded message in; other actions play none. Refused at the file when there is nothing to play."""
    if rule.action != ScreeningRule.Action.PLAY:
        rule.message = None
        return
    if message is not None:
        prompt = Sound.Purpose.PROMPT
        rule.message = add_sound(customer=line.customer, name="", purpose=prompt, file=message, now=now)
    if rule.message is None:
        raise Refused(_("Choose a sound file: this is what the caller hears."), field="file")
