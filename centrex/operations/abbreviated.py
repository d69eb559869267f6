"""Abbreviated numbers: a short number for a longer one. The main office keeps them for all its offices."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import phonenumbers
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrex.models import AbbreviatedNumber, CompanySettings, DialCode
from centrex.operations import numbers
from centrex.operations.company import save_fields
from centrex.operations.forwarding import PasswordNeeded, why_password
from centrex.operations.new_destinations import begin_for_codes
from centrex.queries.countries import countries_of
from centrex.queries.destinations import Destination, policy, refuse_denied
from centrex.queries.lines import lines_of_office
from centrex.queries.numbers import link_to
from centrex.routing.policy import Verdict, check
from selfcare.errors import Link, Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

FIELDS = ("number", "target", "description")
Costly = tuple[AbbreviatedNumber, Destination]
PAGE = "centrex:abbreviated"
LENGTH_PAGE = "centrex:abbreviated-length"
PHONE_CHARACTERS = frozenset("+0123456789 ()-./\u00a0\u202f\u2010\u2011\u2012\u2013\u2212")


@transaction.atomic
def add_abbreviated(
    *, user: User, number: AbbreviatedNumber, confirmed_at: datetime | None = None
) -> AbbreviatedNumber:
    """Save a new abbreviated number, its target as E.164 or a line's ID; `confirmed_at`: when the password was given.

    Refused at the field that is in the way; PasswordNeeded for a target abroad or of a costly kind that no other
    abbreviated number has, of which the owners are told.
    """
    office = numbers.locked_office(number.customer)
    refuse_length(office, number.number)
    number.target = read_target(office, number.target)
    costly = asked_about(office, [number], confirmed=confirmed_at is not None)
    refuse_loop(office, number)
    numbers.claim(office=office, code=number.number, kind=DialCode.Kind.ABBREVIATED)
    number.save()
    changes = differences(AbbreviatedNumber(customer=office), number, FIELDS)
    AuditEvent.write(user=user, action="add", record=number, changes=changes)
    if confirmed_at is not None:
        begin_for_codes(user=user, found=costly, now=confirmed_at)
    return number


@transaction.atomic
def edit_abbreviated(
    *, user: User, number: AbbreviatedNumber, version: int | None, confirmed_at: datetime | None = None
) -> AbbreviatedNumber:
    """Save a changed abbreviated number; Outdated when somebody saved it since `version`, Refused as for adding."""
    office = numbers.locked_office(number.customer)
    old = AbbreviatedNumber.locked(number.pk, number.version if version is None else version)
    costly: list[Costly] = []
    if number.target != old.target:  # a line may be gone since; what is kept is not read again
        number.target = read_target(office, number.target)
        costly = asked_about(office, [number], confirmed=confirmed_at is not None)
    changes = differences(old, number, FIELDS)
    if not changes:
        return number
    if number.number != old.number:
        refuse_length(office, number.number)
    refuse_loop(office, number)
    numbers.move(office=office, old=old.number, new=number.number)
    number.version = old.version + 1
    number.save()
    AuditEvent.write(user=user, action="edit", record=number, changes=changes)
    if confirmed_at is not None:
        begin_for_codes(user=user, found=costly, now=confirmed_at)
    return number


@transaction.atomic
def delete_abbreviated(*, user: User, number: AbbreviatedNumber) -> None:
    """Delete an abbreviated number: its digits are free again."""
    office = numbers.locked_office(number.customer)
    current = AbbreviatedNumber.locked(number.pk, None)
    numbers.release(office=office, code=current.number)
    AuditEvent.write(user=user, action="delete", record=current)
    current.delete()


@transaction.atomic
def set_length(*, user: User, settings: CompanySettings, version: int | None) -> CompanySettings:
    """Save how many digits abbreviated numbers have; Refused while there are numbers of another length."""
    office = numbers.locked_office(settings.customer)
    length = settings.abbreviated_length
    others = [each for each in numbers_of(office) if len(each) != length]
    if others:
        words = ngettext("%(count)s abbreviated number", "%(count)s abbreviated numbers", len(others))
        message = _("%(numbers)s of another length exist: %(list)s. Delete them first.") % {
            "numbers": words % {"count": len(others)},
            "list": ", ".join(others[:5]) + (" …" if len(others) > 5 else ""),
        }
        link = Link(words % {"count": len(others)}, PAGE, PAGE)
        raise Refused(message, field="abbreviated_length", link=link)
    return save_fields(user=user, settings=settings, version=version, names=("abbreviated_length",))


def numbers_of(office: Customer) -> list[str]:
    """The office's abbreviated numbers, in order."""
    found = AbbreviatedNumber.for_customer(office).order_by("number")
    return list(found.values_list("number", flat=True))


def refuse_length(office: Customer, number: str) -> None:
    """Refused for a number that has not the office's length, and while there is none."""
    refuse_other_length(number, length_of(office))


def length_of(office: Customer) -> int:
    """How many digits the office's abbreviated numbers have; Refused while it has not said so."""
    length: int | None = CompanySettings.for_customer(office).get().abbreviated_length
    if length is None:
        words = _("Abbreviated Number Length")
        message = _("Set the %(name)s first.") % {"name": words}
        raise Refused(message, field="number", link=Link(words, PAGE, LENGTH_PAGE))
    return length


def refuse_other_length(number: str, length: int) -> None:
    """Refused for a number of another length."""
    if len(number) != length:
        message = ngettext(
            "Abbreviated numbers have %(length)s digit here.",
            "Abbreviated numbers have %(length)s digits here.",
            length,
        )
        raise Refused(message % {"length": length}, field="number")


def read_target(office: Customer, text: str) -> str:
    """What `text` means as a target: empty, the ID of a line of the office's, or E.164 without the plus.

    A number may be written as in the office's country or with the country's code, with or without the plus.
    Refused for anything else.
    """
    text = text.strip()
    digits = e164(text, str(office.country))
    lines = lines_of_office(office).filter(account_id__in=[text, digits or text])
    return Targets(office).allowed(target_meant(text, digits, set(lines.values_list("account_id", flat=True))))


def asked_about(office: Customer, numbers: Iterable[AbbreviatedNumber], *, confirmed: bool) -> list[Costly]:
    """Those whose target is abroad or costly and new among the office's; PasswordNeeded without `confirmed`."""
    known, targets = numbers_dialled(office), Targets(office)
    costly = [
        (each, found)
        for each in numbers
        if each.target not in known
        and (found := Destination(each.target, verdict=targets.verdict(each.target)))
        and found.needs_password
    ]
    if costly and not confirmed:
        raise PasswordNeeded(why_password([found for _number, found in costly]), field="password")
    return costly


def numbers_dialled(office: Customer) -> set[str]:
    """The targets of the office's abbreviated numbers."""
    return set(AbbreviatedNumber.for_customer(office).values_list("target", flat=True))


class Targets:
    """The destination policy about abbreviated numbers of an office; asks the database once, however many they are.

    Who dials one could as well dial the whole number, and his line's barring and limits hold then. So what nobody may
    call is refused, and `asked_about` asks for the password where somebody may not know what he dials.
    """

    def __init__(self, office: Customer) -> None:
        self.lines = set(lines_of_office(office).values_list("account_id", flat=True))
        self.policy, self.home, self.countries = policy(), str(office.country), countries_of(office)

    def allowed(self, target: str) -> str:
        """The target as it is kept; Refused for what nobody may call."""
        verdict = self.verdict(target)
        if verdict is not None:
            refuse_denied(target, verdict, field="target")
        return target

    def verdict(self, target: str) -> Verdict | None:
        """What the policy says of a target; None for a line's, and for none."""
        if not target or target in self.lines:
            return None
        return check(self.policy, target, home=self.home, countries=self.countries)


def target_meant(text: str, digits: str | None, lines: Collection[str]) -> str:
    """The same, where `digits` is `text` as E.164 and `lines` are the IDs of lines that there are."""
    line = next((each for each in (text, digits) if each in lines), None)
    if not text or line is not None:
        return line or ""
    if digits is None:
        message = _(
            "Enter the ID of one of your phone lines, or a full phone number such as +44 20 7946 0018. "
            "Leave it empty to dial the number as it is."
        )
        raise Refused(message, field="target")
    return digits


def e164(text: str, country: str) -> str | None:
    """The phone number in `text` as E.164 without the plus; None when it is none.

    Without a plus a number of `country` (ISO 3166) is tried first: it is how people write their neighbours' numbers.
    """
    if not set(text) <= PHONE_CHARACTERS:
        return None
    for candidate in [text] if text.startswith("+") else [text, f"+{text}"]:
        try:
            number = phonenumbers.parse(candidate, country or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    return None


def refuse_loop(office: Customer, number: AbbreviatedNumber) -> None:
    """Refused when one abbreviated number would lead to another, or to itself."""
    others = AbbreviatedNumber.for_customer(office).exclude(pk=number.pk)
    inner = others.filter(number=number.target).first() if number.target else None
    refuse_target_inside(number, inner)
    outer = others.filter(target=number.number).first()
    if outer is not None:
        code = DialCode(customer=office, code=outer.number, kind=DialCode.Kind.ABBREVIATED)
        refuse_target_of(number, outer, link_to(office, code))


def refuse_target_inside(number: AbbreviatedNumber, inner: AbbreviatedNumber | None) -> None:
    """Refused when the abbreviated number dials the abbreviated number `inner`, or itself."""
    if number.target and (inner is not None or number.target == number.number):
        message = _("%(target)s is an abbreviated number itself. Enter the number that it stands for.")
        raise Refused(message % {"target": number.target}, field="target")


def refuse_target_of(number: AbbreviatedNumber, outer: AbbreviatedNumber, link: Link) -> None:
    """Refused because `outer`, which `link` leads to, dials it."""
    message = _("%(number)s is what %(outer)s (%(meaning)s) dials, and would lead in a circle.")
    facts = {"number": number.number, "outer": outer.number, "meaning": link.words}
    raise Refused(message % facts, field="number", link=link)
