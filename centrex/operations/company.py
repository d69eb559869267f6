"""What a whole company has set: how calls come in, whose number is shown, and what the ITSP has switched on.

The codes stand in the number space while their service is on. Several pages share the one row, so a save is told of
another only when both were about the same fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from django.conf import settings as django_settings
from django.db import transaction
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from centrex.models import CompanySettings, DialCode
from centrex.operations import numbers
from centrex.queries.codes import CODES, codes_of
from centrex.routing.codes import Service, find_clash
from selfcare.errors import Link, Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

INCOMING = (
    "distinctive_ring", "pickup_enabled", "pickup_prefix", "parking_enabled", "park_prefix", "release_prefix",
    "record_codes_enabled", "record_start_code", "record_stop_code",
)  # fmt: skip
IDENTITY = ("hide_cli", "hide_cli_prefix", "show_cli_prefix")
PROMISES = ("paging_enabled", "paging_prefix", "limit_calls", "max_calls", "call_recording")


def save_incoming(*, user: User, settings: CompanySettings, version: int | None) -> CompanySettings:
    """Save how calls come in; Refused at the code that is in the way, Outdated when one of the fields was changed."""
    return save_fields(user=user, settings=settings, version=version, names=INCOMING)


def save_identity(*, user: User, settings: CompanySettings, version: int | None) -> CompanySettings:
    """Save whose number is shown; refused as for `save_incoming`."""
    return save_fields(user=user, settings=settings, version=version, names=IDENTITY)


def save_promises(*, user: User, settings: CompanySettings) -> CompanySettings:
    """Save what the ITSP has promised to a company, or to one of its branch offices: whatever was there before."""
    refuse_empty_limit(settings)
    return save_fields(user=user, settings=settings, version=None, names=PROMISES)


def refuse_empty_limit(settings: CompanySettings) -> None:
    """Refused for a limit without a number; the database lets an empty number pass, as its comparison is unknown."""
    if settings.limit_calls and not settings.max_calls:
        raise Refused(_("Enter how many calls are allowed at a time."), field="max_calls")


@transaction.atomic
def save_fields(*, user: User, settings: CompanySettings, version: int | None, names: Sequence[str]) -> CompanySettings:
    """Save the fields `names` of the row and no others; codes that come into use are claimed, the others are free."""
    office = locked_owner(settings.customer, names)
    old = locked_settings(settings, version, names)
    new = with_fields(old, settings, names)
    changes = differences(old, new, names)
    if not changes:
        return old
    before, after = codes_in_number_space(old), codes_in_number_space(new)
    refuse_codes(office, before, after)
    take_codes(office, before, after)
    new.version = old.version + 1
    new.save(update_fields=[*names, "version"])
    AuditEvent.write(user=user, action="edit", record=new, changes=changes)
    return new


@transaction.atomic
def refuse_promises(settings: CompanySettings) -> None:
    """Refused when `save_promises` would be; inside a transaction, nobody takes a code until it ends."""
    refuse_empty_limit(settings)
    office = locked_owner(settings.customer, PROMISES)
    old = locked_settings(settings, None, PROMISES)
    new = with_fields(old, settings, PROMISES)
    refuse_codes(office, codes_in_number_space(old), codes_in_number_space(new))


def locked_owner(customer: Customer, names: Sequence[str]) -> Customer:
    """The office whose codes the fields may change, locked; a branch office has promises of its own, but no codes."""
    return customer if customer.is_branch and names == PROMISES else numbers.locked_office(customer)


def locked_settings(settings: CompanySettings, version: int | None, names: Sequence[str]) -> CompanySettings:
    """The row as it is now, locked; Outdated when one of the fields `names` was saved since `version`."""
    row = CompanySettings.locked(settings.pk, None)
    if version is None or not is_touched(row, version, names):
        return row
    return CompanySettings.locked(settings.pk, version)


def is_touched(row: CompanySettings, version: int, names: Sequence[str]) -> bool:
    """Whether a save since `version` was, or may have been, about one of these fields.

    What was written down counts; a save of which nothing is known counts as one about them.
    """
    if not 1 <= version <= row.version:
        return True
    others = labels(field.name for field in row._meta.concrete_fields if field.name not in names)
    events = list(AuditEvent.since(row, version))
    are_all_known = {event.version for event in events} == set(range(version + 1, row.version + 1))
    return not are_all_known or not all(event.changes and event.changes.keys() <= others for event in events)


def labels(names: Iterable[str]) -> set[str]:
    """What fields are called in the history, by people of every language, with and without a capital."""
    fields: list[Any] = [CompanySettings._meta.get_field(name) for name in names]
    found = set()
    for language, _own_name in django_settings.LANGUAGES:
        with translation.override(language):
            found |= {str(field.verbose_name) for field in fields}
    return found | {capfirst(label) for label in found}


def with_fields(old: CompanySettings, settings: CompanySettings, names: Sequence[str]) -> CompanySettings:
    """`old` with the fields `names` as they are in `settings`."""
    new = copy(old)
    for name in names:
        setattr(new, name, getattr(settings, name))
    return new


def codes_in_number_space(settings: CompanySettings) -> dict[Service, str]:
    """The codes that the row claims: none for a branch office, whose main office's count."""
    return {} if settings.customer.is_branch else codes_of(settings)


def refuse_codes(office: Customer, before: Mapping[Service, str], after: Mapping[Service, str]) -> None:
    """Refused when the number space has no room for the codes `after` in place of `before`.

    All of them at once, so that two services can swap their codes.
    """
    clash = find_clash(after)
    if clash is not None:
        first, second = clash
        is_second_new = before.get(second) != after[second]
        refuse_twice(after, mine=second if is_second_new else first, other=first if is_second_new else second)
    for service, code in after.items():
        if code not in before.values():
            numbers.refuse_clash(office=office, code=code, field=CODES[service].field, besides=before.values())


def refuse_twice(codes: Mapping[Service, str], *, mine: Service, other: Service) -> None:
    """Refused: the code of the service `mine` cannot stand beside that of `other`."""
    words, page = str(CODES[other].words), CODES[other].page
    link = None if page == CODES[mine].page else Link(words, page, page)
    message = numbers.why_not(codes[mine], codes[other], words)
    raise Refused(message, field=CODES[mine].field, link=link)


def take_codes(office: Customer, before: Mapping[Service, str], after: Mapping[Service, str]) -> None:
    """Free the codes that are no longer in use and claim the new ones."""
    for code in set(before.values()) - set(after.values()):
        numbers.release(office=office, code=code)
    for code in set(after.values()) - set(before.values()):
        DialCode.objects.create(customer=office, code=code, kind=DialCode.Kind.SERVICE)
