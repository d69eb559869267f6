"""Dialing rules: checked and saved. Each office keeps its own, also a branch."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import DialCode, DialingRules
from centrex.operations import numbers
from centrex.queries.dialing import as_rules, listed, outside_prefixes, row_of
from centrex.queries.dialing_words import mistake_in_words
from centrex.routing.dialing import rules as routing
from centrex.routing.dialing.substitution.mistakes import Mistake
from centrex.routing.dialing.substitution.rule import parsed
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences
from selfcare.models.versioned import what_changed

FIELDS = (
    "enabled", "name", "kind", "country_code", "international_prefix", "area_codes", "long_distance_prefix",
    "always_area", "outside_prefix", "local_lengths", "national_lengths", "carrier_codes", "nationwide", "exceptions",
    "custom_rule", "translate_cli_out", "translate_cli_in", "translate_cld_in",
)  # fmt: skip


@transaction.atomic
def save_dialing_rules(*, user: User, rules: DialingRules, version: int | None) -> DialingRules:
    """Save an office's dialing rules, the first time as well; Refused at the field that is in the way.

    Outdated when somebody saved them since `version`; a record that was never saved is at version 1.
    """
    office = numbers.locked_office(rules.customer.office)
    old = row_of(rules.customer)  # the office's lock keeps every other saver waiting
    if version is not None and version != old.version:
        raise Outdated(what_changed(old, version))
    for field, message in mistakes_in(rules).items():
        raise Refused(message, field=field)
    changes = differences(old, rules, FIELDS)
    if not changes:
        return old
    move_outside_prefix(office, old, rules)
    rules.pk, rules.version = old.pk, old.version + 1
    rules.save()
    AuditEvent.write(user=user, action="edit" if old.pk else "add", record=rules, changes=changes)
    return rules


@transaction.atomic
def delete_dialing_rules(*, user: User, rules: DialingRules) -> None:
    """Let the office be without rules again, as before they were saved for the first time."""
    numbers.locked_office(rules.customer.office)
    current = DialingRules.locked(rules.pk, None)
    move_outside_prefix(current.customer.office, current, DialingRules(customer=current.customer))
    AuditEvent.write(user=user, action="delete", record=current)
    current.delete()


def move_outside_prefix(office: Customer, old: DialingRules, new: DialingRules) -> None:
    """Take the outside prefix in the office's number space and give the former one back; offices may share one."""
    before, after = in_force(old), in_force(new)
    if before == after:
        return
    shared = outside_prefixes(office, besides=new.customer)
    if before and before not in shared:
        numbers.release(office=office, code=before)
    if after and after not in shared:
        numbers.claim(office=office, code=after, kind=DialCode.Kind.SERVICE, field="outside_prefix", leads_outside=True)


def take_outside_prefixes(office: Customer, before: Collection[str]) -> None:
    """After lines' own rules were changed: the number space has the prefixes that count now, not those of `before`."""
    after = outside_prefixes(office)
    for code in sorted(set(before) - after):
        numbers.release(office=office, code=code)
    for code in sorted(after - set(before)):
        numbers.claim(office=office, code=code, kind=DialCode.Kind.SERVICE, field="outside_prefix", leads_outside=True)


def in_force(row: DialingRules) -> str:
    """The outside prefix that people must dial, or the empty text."""
    return as_rules(row).outside if row.enabled else ""


def mistakes_in(row: DialingRules) -> dict[str, str]:
    """What is wrong with the rules in themselves: the field and what to do about it."""
    found = lengths_out_of_range(row)
    if row.enabled and row.kind != DialingRules.Kind.CUSTOM:
        found |= what_is_missing(row)
    try:
        parsed(row.custom_rule)
    except Mistake as mistake:
        found["custom_rule"] = mistake_in_words(row.custom_rule, mistake)
    if row.enabled and row.kind == DialingRules.Kind.CUSTOM and not row.custom_rule.strip():
        found["custom_rule"] = _("Enter a rule such as s/^0/49/; or choose another type.")
    return found


def what_is_missing(row: DialingRules) -> dict[str, str]:
    """Fields that rules of a country cannot do without, or that contradict each other."""
    rules = as_rules(row)
    found = {}
    if not rules.country_code or rules.country_code.startswith("0"):
        found["country_code"] = _("Enter the code that others dial to reach your country, such as 1 or 49.")
    if not rules.international_prefixes:
        found["international_prefix"] = _("Enter what you dial before another country's code, such as 00 or 011.")
    if rules.local_lengths and not rules.area_codes and not rules.always_area:
        found["area_codes"] = _("Enter your area code, or nobody could dial a local number without it.")
    if rules.always_area and not rules.national_lengths:
        found["national_lengths"] = _("Enter how many digits a number with its area code has, such as 10.")
    if rules.long_distance_prefix and rules.long_distance_prefix in rules.international_prefixes:
        found["long_distance_prefix"] = _("This is your international prefix already.")
    return found


def lengths_out_of_range(row: DialingRules) -> dict[str, str]:
    """Lengths that no number has."""
    message = _("A number has 2 to %(longest)s digits.") % {"longest": routing.LONGEST}
    return {
        field: message
        for field in ("local_lengths", "national_lengths")
        if any(not 2 <= int(length) <= routing.LONGEST for length in listed(getattr(row, field)))
    }
