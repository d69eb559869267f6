"""What every sheet is: records of one kind, their columns, the checks of all rows together, and the saving of all."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from centrex.models import DialCode
from centrex.operations.sheets.columns import Column
from centrex.operations.sheets.space import NumberSpace
from centrex.sheets.difference import Value
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

Record = TypeVar("Record", bound=Any)
KEY = "key"
KEY_LABEL = _("Key (leave as it is)")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong in one cell: the row's number in the file, the column's name, a sentence, what stands there."""

    place: int
    column: str
    message: str
    text: str = ""


@dataclass(slots=True)
class Draft(Generic[Record]):
    """A record as a row of the file wants it; `old` is None for a new one. `changed` names the columns that differ.

    `lists` are the columns that are no field of the record: name -> what the cell means.
    """

    place: int
    old: Record | None
    new: Record
    changed: Collection[str]
    lists: dict[str, Any] = field(default_factory=dict)

    @property
    def ref(self) -> int:
        """The record's id, or something below 0 for a record that has none yet."""
        return -self.place if self.old is None else int(self.old.pk)


class Sheet(ABC, Generic[Record]):
    """The records of one kind of an office as a sheet; `locked` holds them until the transaction ends."""

    kind: ClassVar[str]
    code_kind: ClassVar[DialCode.Kind]
    fields: ClassVar[Sequence[str]]

    def __init__(self, customer: Customer, *, locked: bool = False) -> None:
        self.customer = customer
        self.office = customer.office
        rows = self.rows()
        if locked:
            rows = rows.select_for_update(of=("self",), no_key=True)
        self.records: dict[int, Record] = {record.pk: record for record in rows.order_by("number", "pk")}
        self.columns: list[Column] = self.make_columns()

    @abstractmethod
    def rows(self) -> Any:
        """The queryset of the records that `self.customer` may see."""

    @abstractmethod
    def make_columns(self) -> list[Column]:
        """The columns in their order; the first is the number."""

    @abstractmethod
    def blank(self) -> Record:
        """A new record of the office."""

    @abstractmethod
    def rules(self, draft: Draft[Record]) -> Iterator[Callable[[], None]]:
        """The checks of one row beside the others; each raises Refused."""

    def ask_password(self, drafts: Sequence[Draft[Record]], *, confirmed: bool) -> None:
        """PasswordNeeded, unless it was given, when the rows `drafts` make fraud easier."""

    def tell(self, user: User, *, now: datetime) -> None:
        """Tell the owners of what the password was given for, after the records were saved."""

    def values(self, record: Record) -> dict[str, Value]:
        return {column.name: column.show(record) for column in self.columns}

    def know_numbers(self, numbers: Mapping[int, str]) -> None:
        """Told before the other cells are read: which record (a Draft's `ref`) the file gives which number."""

    def refuse_unusable(self) -> None:
        """Refused when no row could be right for now."""

    def draft(self, place: int, old: Record | None, cells: Mapping[str, Value]) -> Draft[Record]:
        """The record with these cells, which differ from the old ones."""
        new = self.blank() if old is None else copy(old)
        for column in self.columns:
            if column.name in cells:
                column.put(new, cells[column.name])
        return Draft(place, old, new, frozenset(cells))

    def check(self, drafts: Sequence[Draft[Record]], gone: Collection[int]) -> Iterator[Trouble]:
        """What is wrong with the rows `drafts`, when the records `gone` (ids) are deleted as well."""
        self.begin_check(drafts, gone)
        unfit = [trouble for draft in drafts for trouble in self.refusals(draft)]
        yield from unfit
        number = self.columns[0].name
        # A number of the wrong length takes no place: it would make errors of numbers that are right.
        wrong = {trouble.place for trouble in unfit if trouble.column == number}
        renumbered = [draft for draft in drafts if number in draft.changed]
        freed = [draft.old.number for draft in renumbered if draft.old] + [self.records[pk].number for pk in gone]
        wanted = {draft.place: draft.new.number for draft in renumbered if draft.place not in wrong}
        space = NumberSpace(self.office, freed=freed, wanted=wanted)
        for place, code in wanted.items():
            why = space.why_not(place, code)
            if why:
                yield Trouble(place, number, why)

    def begin_check(self, drafts: Sequence[Draft[Record]], gone: Collection[int]) -> None:
        """Gathers what the rules compare a row with."""

    def refusals(self, draft: Draft[Record]) -> Iterator[Trouble]:
        for rule in self.rules(draft):
            try:
                rule()
            except Refused as refusal:
                yield Trouble(draft.place, refusal.field or self.columns[0].name, str(refusal.message))

    def save(self, user: User, drafts: Sequence[Draft[Record]], gone: Collection[int]) -> None:
        """Delete, change and add in as many statements for a thousand rows as for one; each record's act is noted."""
        events = self.save_deleted(user, [self.records[pk] for pk in gone])
        self.move_codes(drafts, gone)
        changed = [draft for draft in drafts if draft.old is not None]
        added = [draft for draft in drafts if draft.old is None]
        events += self.save_changed(user, changed)
        events += self.save_added(user, added)
        events += self.save_contents(user, drafts)
        AuditEvent.objects.bulk_create(events)

    def move_codes(self, drafts: Sequence[Draft[Record]], gone: Collection[int]) -> None:
        """Give back the codes that are no longer wanted and take the new ones."""
        number = self.columns[0].name
        renumbered = [draft for draft in drafts if number in draft.changed]
        freed = [draft.old.number for draft in renumbered if draft.old] + [self.records[pk].number for pk in gone]
        DialCode.objects.filter(customer=self.office, code__in=freed).delete()
        DialCode.objects.bulk_create(
            DialCode(customer=self.office, code=draft.new.number, kind=self.code_kind) for draft in renumbered
        )

    def save_deleted(self, user: User, records: Sequence[Record]) -> list[AuditEvent]:
        """Delete the records with all that follows from it."""
        if not records:
            return []
        self.model().objects.filter(pk__in=[record.pk for record in records]).delete()
        return [
            AuditEvent.of_act(user=user, customer=self.office, action="delete", record=record) for record in records
        ]

    def save_changed(self, user: User, drafts: Sequence[Draft[Record]]) -> list[AuditEvent]:
        """Store the changed records as the next version of each."""
        for draft in drafts:
            draft.new.version = draft.old.version + 1  # type: ignore[union-attr]  # these have one
        store(self.model(), [draft.new for draft in drafts], [*self.fields, "version"])
        return [self.event(user, "edit", draft) for draft in drafts]

    def save_added(self, user: User, drafts: Sequence[Draft[Record]]) -> list[AuditEvent]:
        self.model().objects.bulk_create([draft.new for draft in drafts])
        return [self.event(user, "add", draft) for draft in drafts]

    def save_contents(self, user: User, drafts: Sequence[Draft[Record]]) -> list[AuditEvent]:
        """Store what hangs on the records, once they all have ids."""
        return []

    def event(self, user: User, action: str, draft: Draft[Record]) -> AuditEvent:
        """The act on one record, in the words of its page."""
        changes = differences(draft.old or self.blank(), draft.new, self.fields) | self.more_words(draft)
        return AuditEvent.of_act(user=user, customer=self.office, action=action, record=draft.new, changes=changes)

    def more_words(self, draft: Draft[Record]) -> dict[str, list[str]]:
        """What else changed of the record, as label -> [old, new]."""
        return {}

    @classmethod
    @abstractmethod
    def model(cls) -> type[Any]:
        """The records' model."""


def store(model: type[models.Model], records: Iterable[models.Model], names: Sequence[str]) -> None:
    """Write the fields `names` of records that exist, in one statement: two numbers may change places in it."""
    model._default_manager.bulk_create(records, update_conflicts=True, unique_fields=["id"], update_fields=names)
