"""Huntgroups as a sheet, with who is in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from centrex.models import DialCode, Extension, Huntgroup, HuntgroupMember, IncludedHuntgroup
from centrex.operations import huntgroups as single
from centrex.operations import membership
from centrex.operations.extensions import refuse_foreign_branch
from centrex.operations.membership import Inclusion
from centrex.operations.sheets import lists
from centrex.operations.sheets.columns import Column, choice_column, field_of, flag_column, number_column, text_column
from centrex.operations.sheets.contents import branch_column, included_in, members_of
from centrex.operations.sheets.sheet import Draft, Sheet, store
from centrex.routing.nesting import find_circle
from centrex.sheets.difference import Value
from selfcare.models import AuditEvent, User
from selfcare.models.audit import differences

MEMBERS, INCLUDED = "members", "included"


class HuntgroupSheet(Sheet[Huntgroup]):
    """Number, name, branch office, sequence, caller ID, pickup, and the lists of included extensions and huntgroups.

    The numbers in the list of huntgroups are those that the file gives them.
    """

    kind = "huntgroups"
    code_kind = DialCode.Kind.HUNTGROUP
    fields = single.FIELDS

    @classmethod
    def model(cls) -> type[Huntgroup]:
        return Huntgroup

    def rows(self) -> QuerySet[Huntgroup]:
        rows: QuerySet[Huntgroup] = Huntgroup.for_customer(self.customer)
        return rows.select_related("branch_office")

    def blank(self) -> Huntgroup:
        return Huntgroup(customer=self.office)

    def make_columns(self) -> list[Column]:
        self.members, self.included = members_of(self.records), included_in(self.records)
        self.extensions = {each.pk: each for each in Extension.for_customer(self.office)}
        self.by_number = {each.number: each.pk for each in self.extensions.values()}
        field = partial(field_of, Huntgroup)
        columns = [
            number_column(
                field("number"),
                label=_("Huntgroup Number"),
                length=None,
                advice=_("Digits that no other number of yours begins with."),
                example="88",
            ),
            text_column(field("name"), label=_("Huntgroup Name"), advice=_("Never empty."), example=_("Sales")),
            branch_column(self.customer),
            choice_column(
                field("sequence"),
                label=_("Hunt Sequence"),
                advice=_("Order, Random, Simultaneous or Least used."),
                example=_("Order"),
            ),
            choice_column(
                field("caller_id"),
                label=_("Caller ID"),
                advice="; ".join(str(words) for words in Huntgroup.CallerId.labels),
                example=_("Keep original"),
            ),
            flag_column(
                field("pickup_allowed"),
                label=_("Call Pickup Allowed"),
                advice=_("Yes or No: whether members may answer each other's calls of this group."),
                example=_("No"),
            ),
            *self.list_columns(),
        ]
        return [column for column in columns if column is not None]

    def list_columns(self) -> list[Column]:
        return [
            Column(
                name=MEMBERS,
                label=_("Included Extensions"),
                advice=_(
                    "Numbers in the order in which they ring, with semicolons between. In brackets, if you like: "
                    "the ring delay, the ring time, and “with follow-me and voicemail”."
                ),
                example=_("201; 203 (after 5 sec, for 20 sec)"),
                show=lambda group: lists.members_value(self.members.get(group.pk, [])),
                read=lambda text: lists.read_members(text, self.by_number),
                put=lambda group, value: None,
            ),
            Column(
                name=INCLUDED,
                label=_("Included Huntgroups"),
                advice=_("Numbers of other huntgroups, as this file has them, with semicolons between."),
                example="89; 90",
                show=lambda group: lists.groups_value(self.included.get(group.pk, [])),
                read=lambda text: lists.read_groups(text, self.numbers),
                put=lambda group, value: None,
                same_text_same_meaning=False,
            ),
        ]

    def know_numbers(self, numbers: Mapping[int, str]) -> None:
        self.numbers = {number: ref for ref, number in numbers.items()}

    def draft(self, place: int, old: Huntgroup | None, cells: Mapping[str, Value]) -> Draft[Huntgroup]:
        draft = super().draft(place, old, cells)
        draft.lists = {name: cells[name].meaning for name in (MEMBERS, INCLUDED) if name in cells}
        return draft

    def begin_check(self, drafts: Sequence[Draft[Huntgroup]], gone: Collection[int]) -> None:
        self.names = {pk: group.name for pk, group in self.records.items()}
        self.names |= {draft.ref: draft.new.name for draft in drafts}
        self.includes = {pk: [row.included_id for row in rows] for pk, rows in self.included.items() if pk not in gone}
        for draft in drafts:
            if INCLUDED in draft.lists:
                self.includes[draft.ref] = [each.huntgroup for each in draft.lists[INCLUDED]]

    def rules(self, draft: Draft[Huntgroup]) -> Iterator[Callable[[], None]]:
        yield partial(refuse_foreign_branch, self.office, draft.new)
        if INCLUDED in draft.lists:
            yield partial(self.refuse_circle, draft)

    def refuse_circle(self, draft: Draft[Huntgroup]) -> None:
        circle = find_circle(draft.ref, self.includes)
        membership.refuse_way_back(circle, self.names, field=INCLUDED)

    def save(self, user: User, drafts: Sequence[Draft[Huntgroup]], gone: Collection[int]) -> None:
        """Groups that include a deleted one lose it, also those that the file leaves alone."""
        touched = {draft.ref: draft for draft in drafts}
        for pk, rows in self.included.items():
            if pk not in gone and any(row.included_id in gone for row in rows):
                record = self.records[pk]
                draft = touched.setdefault(pk, Draft(0, record, copy(record), ()))
                draft.lists.setdefault(
                    INCLUDED, tuple(Inclusion(row.included_id, row.ignore_forwarding) for row in rows)
                )
        for draft in touched.values():
            if INCLUDED in draft.lists:
                draft.lists[INCLUDED] = [each for each in draft.lists[INCLUDED] if each.huntgroup not in gone]
        self.groups = self.records | {ref: draft.new for ref, draft in touched.items()}
        super().save(user, list(touched.values()), gone)

    def save_deleted(self, user: User, records: Sequence[Huntgroup]) -> list[AuditEvent]:
        """Extensions whose primary group is deleted have none any more."""
        gone = {record.pk for record in records}
        orphans = [each.pk for each in self.extensions.values() if each.primary_group_id in gone]
        return [*self.take_primaries(user, orphans), *super().save_deleted(user, records)]

    def save_contents(self, user: User, drafts: Sequence[Draft[Huntgroup]]) -> list[AuditEvent]:
        """Store who is in which group; an extension that left its primary group has none any more."""
        filled = [draft for draft in drafts if MEMBERS in draft.lists]
        nested = [draft for draft in drafts if INCLUDED in draft.lists]
        members = [(draft, self.members_after(draft)) for draft in filled]
        membership.keep_members([draft.new.pk for draft in filled], [row for _draft, rows in members for row in rows])
        membership.keep_included(
            [draft.new.pk for draft in nested], [row for draft in nested for row in self.included_after(draft)]
        )
        return self.take_primaries(user, [pk for draft, rows in members for pk in self.leavers(draft, rows)])

    def leavers(self, draft: Draft[Huntgroup], rows: Sequence[HuntgroupMember]) -> list[int]:
        """The extensions (ids) whose primary group this was and which are no longer in it."""
        stay = {row.extension_id for row in rows}
        left = [row.extension for row in self.members.get(draft.ref, []) if row.extension_id not in stay]
        return [extension.pk for extension in left if extension.primary_group_id == draft.ref]

    def take_primaries(self, user: User, extensions: Sequence[int]) -> list[AuditEvent]:
        """These extensions (ids) have no primary group any more."""
        locked = Extension.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=extensions)
        changed, events = [], []
        for extension in locked.select_related("primary_group").order_by("pk"):
            old = copy(extension)
            extension.primary_group, extension.version = None, extension.version + 1
            changes = differences(old, extension, ["primary_group"])
            changed.append(extension)
            events.append(
                AuditEvent.of_act(user=user, customer=self.office, action="edit", record=extension, changes=changes)
            )
        store(Extension, changed, ["primary_group", "version"])
        return events

    def members_after(self, draft: Draft[Huntgroup]) -> list[HuntgroupMember]:
        """The group's members as rows; those that are stored, unless the file changes them."""
        if MEMBERS not in draft.lists:
            return self.members.get(draft.ref, [])
        return [
            HuntgroupMember(
                huntgroup_id=draft.new.pk,
                extension=self.extensions[member.extension],
                position=position,
                ring_delay=member.ring_delay,
                ring_time=member.ring_time,
                ignore_forwarding=member.ignore_forwarding,
            )
            for position, member in enumerate(draft.lists[MEMBERS], start=1)
        ]

    def included_after(self, draft: Draft[Huntgroup]) -> list[IncludedHuntgroup]:
        if INCLUDED not in draft.lists:
            return self.included.get(draft.ref, [])
        return [
            IncludedHuntgroup(
                huntgroup_id=draft.new.pk,
                included=self.groups[inclusion.huntgroup],
                position=position,
                ignore_forwarding=inclusion.ignore_forwarding,
            )
            for position, inclusion in enumerate(draft.lists[INCLUDED], start=1)
        ]

    def more_words(self, draft: Draft[Huntgroup]) -> dict[str, list[str]]:
        members, included = self.members.get(draft.ref, []), self.included.get(draft.ref, [])
        return membership.changed_words(
            membership.in_words(draft.old or draft.new, members, included),
            membership.in_words(draft.new, self.members_after(draft), self.included_after(draft)),
        )
