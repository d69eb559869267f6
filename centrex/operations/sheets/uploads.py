"""A changed sheet comes back: keep it, show what it would do, and do all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import SheetUpload
from centrex.operations.numbers import locked_office
from centrex.operations.sheets.abbreviated import AbbreviatedSheet
from centrex.operations.sheets.extensions import ExtensionSheet
from centrex.operations.sheets.huntgroups import HuntgroupSheet
from centrex.operations.sheets.plans import Plan, make_plan
from centrex.operations.sheets.sheet import KEY_LABEL, Sheet
from centrex.sheets.reading import Line, Reason, Table, Unreadable, read_table
from selfcare.errors import Refused
from selfcare.export import to_be_read_back
from selfcare.models import Customer, User

SHEETS: dict[str, type[Sheet[Any]]] = {
    sheet.kind: sheet for sheet in (ExtensionSheet, HuntgroupSheet, AbbreviatedSheet)
}
KEPT_FOR = timedelta(days=1)


class Overtaken(Refused):
    """Somebody changed the records after the difference was shown; `plan` is the difference now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            _("Somebody changed these records meanwhile. Nothing was applied; below is the difference now.")
        )
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Applied:
    """How many records were added, changed and deleted."""

    added: int
    changed: int
    deleted: int


def sheet_of(kind: str, customer: Customer) -> Sheet[Any]:
    """The records of this kind that `customer` may see."""
    return SHEETS[kind](customer)


def heads_and_rows(sheet: Sheet[Any]) -> tuple[list[str], Iterator[list[str]]]:
    """The download: each record with its key, which bears its version, and its columns."""
    heads = [str(KEY_LABEL), *(str(column.label) for column in sheet.columns)]
    rows = (
        [f"{key}v{record.version}", *(to_be_read_back(value.text) for value in sheet.values(record).values())]
        for key, record in sheet.records.items()
    )
    return heads, rows


@transaction.atomic
def keep_upload(*, user: User, customer: Customer, kind: str, content: bytes, now: datetime) -> SheetUpload:
    """Keep the rows of a file in place of the user's former one; Refused for a file that is no sheet of this kind."""
    table = read(content)
    make_plan(sheet_of(kind, customer), table)
    SheetUpload.objects.filter(user=user, kind=kind).delete()
    lines = [[line.place, line.cells] for line in table.lines]
    return SheetUpload.objects.create(
        customer=customer, user=user, kind=kind, table={"heads": table.heads, "lines": lines}, uploaded_at=now
    )


def read(content: bytes) -> Table:
    """The rows of the file; Refused with what to do about it."""
    try:
        return read_table(content)
    except Unreadable as trouble:
        raise Refused(words_for(trouble.reason), field="file") from trouble


def words_for(reason: Reason) -> str:
    return {
        Reason.EMPTY: _("The file is empty."),
        Reason.TOO_LARGE: _("The file is too large. It may have at most 5 MB, and what it unpacks to at most 25 MB."),
        Reason.TOO_MANY_ROWS: _("The file has too many rows: at most 50,000 can be read."),
        Reason.OLD_EXCEL: _("This is a file of an old Excel. Save it as XLSX (Excel workbook) or as CSV."),
        Reason.BROKEN: _("The file is damaged, or it is neither CSV nor XLSX."),
        Reason.NO_TEXT: _("This is neither CSV nor XLSX. Save the table as one of these."),
    }[reason]


def plan_of(upload: SheetUpload) -> Plan:
    """What applying the upload would do now."""
    return make_plan(sheet_of(upload.kind, upload.customer), table_of(upload))


def table_of(upload: SheetUpload) -> Table:
    kept = upload.table
    return Table(tuple(kept["heads"]), tuple(Line(place, tuple(cells)) for place, cells in kept["lines"]))


@transaction.atomic
def apply_upload(
    *, user: User, upload: SheetUpload, seen: str, delete_missing: bool, confirmed_at: datetime | None = None
) -> Applied:
    """Do all that the upload asks for, and delete what no row stands for if `delete_missing`; or nothing.

    `seen` is the digest of the plan that the user looked at: Overtaken when it is another one by now. `confirmed_at`:
    when he gave his password again; PasswordNeeded for what the page of one record would ask it for.
    """
    office = locked_office(upload.customer)
    plan = make_plan(SHEETS[upload.kind](office, locked=True), table_of(upload))
    if plan.digest != seen:
        raise Overtaken(plan)
    if plan.troubles_when(delete_missing=delete_missing):
        raise Refused(_("The file still has errors. Nothing was applied."))
    gone = plan.difference.missing if delete_missing else ()
    plan.sheet.ask_password(plan.drafts, confirmed=confirmed_at is not None)
    plan.sheet.save(user, plan.drafts, gone)
    if confirmed_at is not None:
        plan.sheet.tell(user, now=confirmed_at)
    upload.delete()
    return Applied(len(plan.difference.added), len(plan.difference.changed), len(gone))


def drop_old_uploads(*, now: datetime) -> None:
    """Forget what nobody applied for a day."""
    SheetUpload.objects.filter(uploaded_at__lt=now - KEPT_FOR).delete()
