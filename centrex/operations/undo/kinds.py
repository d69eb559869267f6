"""Which records can be put back, and by which acts: the same that their pages use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import (
    AbbreviatedNumber,
    CallQueue,
    CompanySettings,
    DialingRules,
    Extension,
    Huntgroup,
    Menu,
    Site,
)
from centrex.operations import abbreviated, attendant, company, dialing, extensions, huntgroups, queues, sites
from centrex.queries.huntgroups import consequences_of_deleting_extension, consequences_of_deleting_huntgroup
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User, Versioned


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its fields, and its acts called as (user, record) or (user, record, version).

    Without `add` and `delete` the record is always there, and only a change of it can be undone. Where several pages
    share one record, each has a kind of its own, with its `page` and the fields of that page.
    """

    model: type[Versioned]
    fields: tuple[str, ...]
    edit: Callable[[User, Any, int], object]
    add: Callable[[User, Any], object] | None = None
    delete: Callable[[User, Any], object] | None = None
    consequences: Callable[[Any], list[str]] = lambda record: []
    page: str = ""


KINDS: tuple[Kind, ...] = (
    Kind(
        model=Extension,
        fields=extensions.FIELDS,
        edit=lambda user, record, version: extensions.edit_extension(user=user, extension=record, version=version),
        add=lambda user, record: extensions.add_extension(user=user, extension=record),
        delete=lambda user, record: extensions.delete_extension(user=user, extension=record),
        consequences=consequences_of_deleting_extension,
    ),
    Kind(
        model=Huntgroup,
        fields=huntgroups.FIELDS,
        edit=lambda user, record, version: huntgroups.edit_huntgroup(user=user, huntgroup=record, version=version),
        add=lambda user, record: huntgroups.add_huntgroup(user=user, huntgroup=record),
        delete=lambda user, record: huntgroups.delete_huntgroup(user=user, huntgroup=record),
        consequences=consequences_of_deleting_huntgroup,
    ),
    Kind(
        model=AbbreviatedNumber,
        fields=abbreviated.FIELDS,
        edit=lambda user, record, version: abbreviated.edit_abbreviated(user=user, number=record, version=version),
        add=lambda user, record: abbreviated.add_abbreviated(user=user, number=record),
        delete=lambda user, record: abbreviated.delete_abbreviated(user=user, number=record),
    ),
    Kind(
        model=Site,
        fields=sites.FIELDS,
        edit=lambda user, record, version: sites.edit_site(user=user, site=record, version=version),
        add=lambda user, record: sites.add_site(user=user, site=record),
        delete=lambda user, record: sites.delete_site(user=user, site=record),
    ),
    Kind(
        model=CallQueue,
        fields=queues.FIELDS,
        edit=lambda user, record, version: queues.edit_queue(user=user, queue=record, version=version),
        add=lambda user, record: queues.add_queue(user=user, queue=record),
        delete=lambda user, record: queues.delete_queue(user=user, queue=record),
    ),
    Kind(
        model=Menu,
        fields=attendant.FIELDS,
        edit=lambda user, record, version: attendant.put_back_menu(
            user=user, menu=record, version=version, choices=None
        ),
        add=lambda user, record: attendant.put_back_menu(user=user, menu=record, version=None, choices={}),
        delete=lambda user, record: attendant.delete_menu(user=user, menu=record),
    ),
    Kind(
        model=DialingRules,
        fields=dialing.FIELDS,
        edit=lambda user, record, version: dialing.save_dialing_rules(user=user, rules=record, version=version),
    ),
    Kind(
        model=CompanySettings,
        page="centrex:incoming",
        fields=company.INCOMING,
        edit=lambda user, record, version: company.save_incoming(user=user, settings=record, version=version),
    ),
    Kind(
        model=CompanySettings,
        page="centrex:identity",
        fields=company.IDENTITY,
        edit=lambda user, record, version: company.save_identity(user=user, settings=record, version=version),
    ),
    Kind(
        model=CompanySettings,
        page="centrex:abbreviated",
        fields=("abbreviated_length",),
        edit=lambda user, record, version: abbreviated.set_length(user=user, settings=record, version=version),
    ),
)


def kind_of(event: AuditEvent) -> Kind:
    """The kind of record that `event` is about; Refused when acts on it cannot be undone."""
    for kind in KINDS:
        if kind.model._meta.label_lower == event.record_type and kind.page in ("", event.page):
            return kind
    raise cannot_be_undone()


def cannot_be_undone() -> Refused:
    return Refused(_("This cannot be undone."))
