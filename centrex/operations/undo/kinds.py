"""Which records can be put back, and by which acts: the same that their pages use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from centrex.models import (
    AbbreviatedNumber,
    BlockedCaller,
    CallQueue,
    CompanySettings,
    DialingRules,
    Extension,
    Huntgroup,
    Line,
    Menu,
    NumberFilter,
    PlannedChange,
    Schedule,
    Site,
)
from centrex.operations import (
    abbreviated,
    attendant,
    blocked,
    company,
    dialing,
    extensions,
    filters,
    group_hours,
    huntgroups,
    lines,
    queues,
    schedules,
    sites,
)
from centrex.operations.planned import planning
from centrex.operations.undo.line_parts import line_back
from centrex.queries.huntgroups import consequences_of_deleting_extension, consequences_of_deleting_huntgroup
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User, Versioned
from selfcare.models.audit import differences


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


def edit_huntgroup(user: User, record: Huntgroup, version: int) -> None:
    """A huntgroup has two pages; each act only saves what is on its own."""
    kept = Huntgroup.objects.get(pk=record.pk)
    if differences(kept, record, group_hours.FIELDS):
        group_hours.set_hours(user=user, huntgroup=record, version=version)
        version = record.version
    if differences(kept, record, huntgroups.FIELDS):
        huntgroups.edit_huntgroup(user=user, huntgroup=record, version=version)


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
        fields=(*huntgroups.FIELDS, *group_hours.FIELDS),
        edit=edit_huntgroup,
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
        delete=lambda user, record: dialing.delete_dialing_rules(user=user, rules=record),
    ),
    Kind(model=Line, fields=(*lines.FIELDS, "site"), edit=line_back),
    Kind(
        model=NumberFilter,
        fields=filters.FIELDS,
        edit=lambda user, record, version: filters.save_filter(user=user, number_filter=record, version=version),
        add=lambda user, record: filters.save_filter(user=user, number_filter=record, version=None),
        delete=lambda user, record: filters.delete_filter(user=user, number_filter=record),
    ),
    Kind(
        model=Schedule,
        fields=schedules.FIELDS,
        edit=lambda user, record, version: schedules.save_schedule(user=user, schedule=record, version=version),
        add=lambda user, record: schedules.save_schedule(user=user, schedule=record, version=None),
        delete=lambda user, record: schedules.delete_schedule(user=user, schedule=record),
    ),
    Kind(
        model=BlockedCaller,
        fields=blocked.FIELDS,
        edit=lambda user, record, version: None,  # a blocked caller is never changed
        add=lambda user, record: blocked.keep_blocked(user=user, caller=record),
        delete=lambda user, record: blocked.unblock_caller(user=user, caller=record),
    ),
    Kind(
        model=PlannedChange,
        fields=planning.FIELDS,
        edit=lambda user, record, version: planning.change_plan(
            user=user, change=record, version=version, now=timezone.now()
        ),
        delete=lambda user, record: planning.cancel_plan(user=user, change=record, version=None),
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
