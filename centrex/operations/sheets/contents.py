"""What extensions and huntgroups share as sheets: the branch office, and the members of groups as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import HuntgroupMember, IncludedHuntgroup
from centrex.operations.sheets.columns import Column, Directory, link_column
from selfcare.models import Customer


def branch_column(office: Customer) -> Column | None:
    """The branch office, for an office that has any; one of several with the same name bears its id."""
    branches = list(office.branch_offices.order_by("pk"))
    if not branches:
        return None
    names = [branch.company_name for branch in branches]

    def words(branch: Customer) -> str:
        several = names.count(branch.company_name) > 1
        return f"{branch.company_name} ({branch.pk})" if several else branch.company_name

    directory: Directory[Customer] = Directory(
        branches, lambda branch: [words(branch)], unknown=gettext("There is no branch office “%(text)s”.")
    )
    return link_column(
        directory,
        name="branch_office",
        label=_("Branch Office"),
        words=words,
        advice=_("The name of the branch office that has it. Empty: the main office."),
        example=words(branches[0]),
    )


def members_of(groups: Collection[int]) -> dict[int, list[HuntgroupMember]]:
    """The members of these groups (ids) in their order."""
    found: dict[int, list[HuntgroupMember]] = {pk: [] for pk in groups}
    rows = HuntgroupMember.objects.filter(huntgroup__in=found).select_related("extension").order_by("position")
    for row in rows:
        found[row.huntgroup_id].append(row)
    return found


def included_in(groups: Collection[int]) -> dict[int, list[IncludedHuntgroup]]:
    """The groups inside these groups (ids) in their order."""
    found: dict[int, list[IncludedHuntgroup]] = {pk: [] for pk in groups}
    rows = IncludedHuntgroup.objects.filter(huntgroup__in=found).select_related("included").order_by("position")
    for row in rows:
        found[row.huntgroup_id].append(row)
    return found


def positioned(rows: Iterable[HuntgroupMember]) -> list[HuntgroupMember]:
    """New rows like these, numbered 1, 2, 3."""
    return [
        HuntgroupMember(
            huntgroup_id=row.huntgroup_id,
            extension=row.extension,
            position=position,
            ring_delay=row.ring_delay,
            ring_time=row.ring_time,
            ignore_forwarding=row.ignore_forwarding,
        )
        for position, row in enumerate(rows, start=1)
    ]
