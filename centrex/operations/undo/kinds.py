"""Which records can be put back, and by which acts: the same that their pages use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import (
    AbbreviatedNumber,
    BlockedCaller,
    CalledCountries,
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
from centrex.operations.countries import save_countries
from centrex.operations.planned import planning
from centrex.operations.undo.line_parts import line_back
from centrex.operations.undo.undoing import Undoing
from centrex.queries.countries import blank_row, name_of
from centrex.queries.huntgroups import consequences_of_deleting_extension, consequences_of_deleting_huntgroup
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Versioned
from selfcare.models.audit import differences
from selfcare.reversal import Step, turn_back


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its fields, and its acts called as (by, record) or (by, record, version).

    Without `add` and `delete` the record is always there, and only a change of it can be undone. Where several pages
    share one record, each has a kind of its own, with its `page` and the fields of that page. `turn` gives a record
    its old values where those are more than columns; `first` is what counted before the record was saved first.
    """

    model: type[Versioned]
    fields: tuple[str, ...]
    edit: Callable[[Undoing, Any, int], object]
    add: Callable[[Undoing, Any], object] | None = None
    delete: Callable[[Undoing, Any], object] | None = None
    consequences: Callable[[Any], list[str]] = lambda record: []
    turn: Callable[[Any, Any, Any, Iterable[str]], list[Step]] = turn_back
    first: Callable[[Any], Versioned] | None = None
    page: str = ""


def edit_huntgroup(by: Undoing, record: Huntgroup, version: int) -> None:
    """A huntgroup has two pages; each act only saves what is on its own."""
    kept = Huntgroup.objects.get(pk=record.pk)
    if differences(kept, record, group_hours.FIELDS):
        group_hours.set_hours(user=by.user, huntgroup=record, version=version, confirmed_at=by.confirmed_at)
        version = record.version
    if differences(kept, record, huntgroups.FIELDS):
        huntgroups.edit_huntgroup(user=by.user, huntgroup=record, version=version)


def countries_turned_back(
    record: CalledCountries, old: CalledCountries, new: CalledCountries, names: Iterable[str]
) -> list[Step]:
    """Country by country: those that somebody ticked since stay."""
    wanted = set(names)
    steps = turn_back(record, old, new, wanted - {"countries"})
    back = set(record.countries) - (set(new.countries) - set(old.countries)) | set(old.countries) - set(new.countries)
    if "countries" in wanted and back != set(record.countries):
        label = str(record._meta.get_field("countries").verbose_name)
        now, then = (", ".join(map(name_of, sorted(each))) for each in (record.countries, back))
        steps.append(Step(label, now, then))
        record.countries = sorted(back)
    return steps


KINDS: tuple[Kind, ...] = (
    Kind(
        model=Extension,
        fields=extensions.FIELDS,
        edit=lambda by, record, version: extensions.edit_extension(user=by.user, extension=record, version=version),
        add=lambda by, record: extensions.add_extension(user=by.user, extension=record),
        delete=lambda by, record: extensions.delete_extension(user=by.user, extension=record),
        consequences=consequences_of_deleting_extension,
    ),
    Kind(
        model=Huntgroup,
        fields=(*huntgroups.FIELDS, *group_hours.FIELDS),
        edit=edit_huntgroup,
        add=lambda by, record: huntgroups.add_huntgroup(user=by.user, huntgroup=record),
        delete=lambda by, record: huntgroups.delete_huntgroup(user=by.user, huntgroup=record),
        consequences=consequences_of_deleting_huntgroup,
    ),
    Kind(
        model=AbbreviatedNumber,
        fields=abbreviated.FIELDS,
        edit=lambda by, record, version: abbreviated.edit_abbreviated(
            user=by.user, number=record, version=version, confirmed_at=by.confirmed_at
        ),
        add=lambda by, record: abbreviated.add_abbreviated(user=by.user, number=record, confirmed_at=by.confirmed_at),
        delete=lambda by, record: abbreviated.delete_abbreviated(user=by.user, number=record),
    ),
    Kind(
        model=Site,
        fields=sites.FIELDS,
        edit=lambda by, record, version: sites.edit_site(user=by.user, site=record, version=version),
        add=lambda by, record: sites.add_site(user=by.user, site=record),
        delete=lambda by, record: sites.delete_site(user=by.user, site=record),
    ),
    Kind(
        model=CallQueue,
        fields=queues.FIELDS,
        edit=lambda by, record, version: queues.edit_queue(user=by.user, queue=record, version=version),
        add=lambda by, record: queues.add_queue(user=by.user, queue=record),
        delete=lambda by, record: queues.delete_queue(user=by.user, queue=record),
    ),
    Kind(
        model=Menu,
        fields=attendant.FIELDS,
        edit=lambda by, record, version: attendant.put_back_menu(
            user=by.user, menu=record, version=version, choices=None, confirmed=by.confirmed, now=by.now
        ),
        add=lambda by, record: attendant.put_back_menu(
            user=by.user, menu=record, version=None, choices={}, confirmed=by.confirmed, now=by.now
        ),
        delete=lambda by, record: attendant.delete_menu(user=by.user, menu=record),
    ),
    Kind(
        model=CalledCountries,
        fields=("everywhere", "countries"),
        edit=lambda by, record, version: save_countries(
            user=by.user,
            customer=record.customer,
            everywhere=record.everywhere,
            countries=record.countries,
            version=version,
            confirmed=by.confirmed,
        ),
        turn=countries_turned_back,
        first=lambda record: blank_row(record.customer),
    ),
    Kind(
        model=DialingRules,
        fields=dialing.FIELDS,
        edit=lambda by, record, version: dialing.save_dialing_rules(user=by.user, rules=record, version=version),
        delete=lambda by, record: dialing.delete_dialing_rules(user=by.user, rules=record),
    ),
    Kind(model=Line, fields=(*lines.FIELDS, "site"), edit=line_back),
    Kind(
        model=NumberFilter,
        fields=filters.FIELDS,
        edit=lambda by, record, version: filters.save_filter(user=by.user, number_filter=record, version=version),
        add=lambda by, record: filters.save_filter(user=by.user, number_filter=record, version=None),
        delete=lambda by, record: filters.delete_filter(user=by.user, number_filter=record),
    ),
    Kind(
        model=Schedule,
        fields=schedules.FIELDS,
        edit=lambda by, record, version: schedules.save_schedule(user=by.user, schedule=record, version=version),
        add=lambda by, record: schedules.save_schedule(user=by.user, schedule=record, version=None),
        delete=lambda by, record: schedules.delete_schedule(user=by.user, schedule=record),
    ),
    Kind(
        model=BlockedCaller,
        fields=blocked.FIELDS,
        edit=lambda by, record, version: None,  # a blocked caller is never changed
        add=lambda by, record: blocked.keep_blocked(user=by.user, caller=record),
        delete=lambda by, record: blocked.unblock_caller(user=by.user, caller=record),
    ),
    Kind(
        model=PlannedChange,
        fields=planning.FIELDS,
        edit=lambda by, record, version: planning.change_plan(user=by.user, change=record, version=version, now=by.now),
        delete=lambda by, record: planning.cancel_plan(user=by.user, change=record, version=None),
    ),
    Kind(
        model=CompanySettings,
        page="centrex:incoming",
        fields=company.INCOMING,
        edit=lambda by, record, version: company.save_incoming(user=by.user, settings=record, version=version),
    ),
    Kind(
        model=CompanySettings,
        page="centrex:identity",
        fields=company.IDENTITY,
        edit=lambda by, record, version: company.save_identity(user=by.user, settings=record, version=version),
    ),
    Kind(
        model=CompanySettings,
        page="centrex:abbreviated",
        fields=("abbreviated_length",),
        edit=lambda by, record, version: abbreviated.set_length(user=by.user, settings=record, version=version),
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
