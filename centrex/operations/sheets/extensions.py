"""Extensions as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import DialCode, Extension, Huntgroup, HuntgroupMember, Line
from centrex.operations import extensions as single
from centrex.operations import membership
from centrex.operations.sheets.columns import (
    Column,
    Directory,
    field_of,
    flag_column,
    link_column,
    number_column,
    text_column,
)
from centrex.operations.sheets.contents import branch_column, members_of, positioned
from centrex.operations.sheets.sheet import Draft, Sheet, store
from centrex.queries.lines import lines_of_office
from selfcare.models import AuditEvent, User


class ExtensionSheet(Sheet[Extension]):
    """Number, name, branch office, line, primary group, published."""

    kind = "extensions"
    code_kind = DialCode.Kind.EXTENSION
    fields = single.FIELDS

    @classmethod
    def model(cls) -> type[Extension]:
        return Extension

    def rows(self) -> QuerySet[Extension]:
        rows: QuerySet[Extension] = Extension.for_customer(self.customer)
        return rows.select_related("line", "branch_office", "primary_group")

    def blank(self) -> Extension:
        return Extension(customer=self.office)

    def make_columns(self) -> list[Column]:
        field = partial(field_of, Extension)
        lines: Directory[Line] = Directory(
            lines_of_office(self.office),
            lambda line: [line.account_id, str(line)],
            unknown=gettext("There is no phone line “%(text)s”."),
        )
        groups: Directory[Huntgroup] = Directory(
            Huntgroup.for_customer(self.office),
            lambda group: [group.number, group.name, str(group)],
            unknown=gettext("There is no huntgroup “%(text)s”."),
        )
        length = self.office.extension_length
        columns = [
            number_column(
                field("number"),
                label=_("Extension Number"),
                length=length,
                advice=gettext("%(length)s digits, no number twice.") % {"length": length},
                example="201",
            ),
            text_column(
                field("name"), label=_("Extension Name"), advice=_("The person or the place."), example="Anna Bell"
            ),
            branch_column(self.customer),
            link_column(
                lines,
                name="line",
                label=_("Assigned To Phone Line"),
                words=lambda line: line.account_id,
                advice=_("The ID of the phone line that rings. Empty: none."),
                example="12125550142",
                digits=True,
            ),
            link_column(
                groups,
                name="primary_group",
                label=_("Primary Group"),
                words=lambda group: group.number,
                advice=_("The number or the name of a huntgroup that includes this extension. Empty: none."),
                example="88",
                digits=True,
            ),
            flag_column(
                field("published"),
                label=_("Published"),
                advice=_("Yes or No: whether callers find it in the dial-by-name directory."),
                example=_("Yes"),
            ),
        ]
        return [column for column in columns if column is not None]

    def begin_check(self, drafts: Sequence[Draft[Extension]], gone: Collection[int]) -> None:
        touched = {draft.old.pk for draft in drafts if draft.old} | {*gone}
        stay = [record for pk, record in self.records.items() if pk not in touched]
        self.holders: dict[int, list[Extension]] = {}
        for extension in [*stay, *(draft.new for draft in drafts)]:
            if extension.line_id is not None:
                self.holders.setdefault(extension.line_id, []).append(extension)
        pairs = HuntgroupMember.objects.filter(huntgroup__customer=self.office)
        self.memberships = set(pairs.values_list("huntgroup_id", "extension_id"))

    def rules(self, draft: Draft[Extension]) -> Iterator[Callable[[], None]]:
        extension = draft.new
        if "number" in draft.changed:
            yield partial(single.refuse_length, self.office, extension.number)
        yield partial(single.refuse_foreign_branch, self.office, extension)
        yield partial(single.refuse_foreign_line, self.office, extension)
        others = [each for each in self.holders.get(extension.line_id or 0, []) if each is not extension]
        yield partial(single.refuse_taken_line, others[0] if others else None)
        group = extension.primary_group
        if group is not None:
            is_member = (group.pk, extension.pk) in self.memberships
            yield partial(single.refuse_group_of_others, group, is_member=is_member)

    def save_deleted(self, user: User, records: Sequence[Extension]) -> list[AuditEvent]:
        """The huntgroups of a deleted extension lose a member; those behind it move up."""
        gone = {record.pk for record in records}
        groups = Huntgroup.objects.select_for_update(of=("self",), no_key=True).filter(members__extension__in=gone)
        losing = {group.pk: group for group in groups.order_by("pk")}
        changes = self.take_out(losing, gone)
        noted = self.note_all(user, losing, changes)
        return [*noted, *super().save_deleted(user, records)]

    def take_out(self, losing: dict[int, Huntgroup], gone: Collection[int]) -> dict[int, dict[str, Any]]:
        """Make the members of these groups those that are not gone; what changed, in words, by group."""
        before = members_of(losing)
        after = {pk: positioned(row for row in rows if row.extension_id not in gone) for pk, rows in before.items()}
        membership.keep_members(list(losing), [row for rows in after.values() for row in rows])
        return {
            pk: membership.changed_words(
                membership.in_words(group, before[pk], []), membership.in_words(group, after[pk], [])
            )
            for pk, group in losing.items()
        }

    def save_changed(self, user: User, drafts: Sequence[Draft[Extension]]) -> list[AuditEvent]:
        """A changed primary group stands in the histories of both groups as well."""
        events = super().save_changed(user, drafts)
        changes: dict[int, dict[str, Any]] = {}
        for draft in drafts:
            was, becomes = (each.primary_group_id for each in (draft.old, draft.new) if each)
            for group, is_primary in ((was, False), (becomes, True)):
                if was != becomes and group is not None:
                    words = membership.primary_words(draft.new, is_primary=is_primary)
                    changes.setdefault(group, {}).update(words)
        groups = Huntgroup.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=changes)
        return events + self.note_all(user, {group.pk: group for group in groups.order_by("pk")}, changes)

    def note_all(
        self, user: User, groups: dict[int, Huntgroup], changes: dict[int, dict[str, Any]]
    ) -> list[AuditEvent]:
        """Count the changes as a version of each group; the events to be written down."""
        for group in groups.values():
            group.version += 1
        store(Huntgroup, groups.values(), ["version"])
        return [
            AuditEvent.of_act(user=user, customer=self.office, action="edit", record=group, changes=changes[pk])
            for pk, group in groups.items()
        ]
