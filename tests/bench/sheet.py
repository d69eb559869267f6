"""A spreadsheet of 1,000 extensions: from the file to what is stored, as seconds and beside single edits."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from django.db import transaction

from centrex.models import DialCode, Extension, Line
from centrex.operations.extensions import edit_extension
from centrex.operations.sheets import uploads
from selfcare.models import Customer, Role, User
from tests.bench.data import NOW, World
from tests.bench.measure import Figure, at_least, at_most, seconds

ROWS = 1000
SINGLE = 50
SECONDS = 5


def sheets(world: World) -> Iterator[Figure]:
    """A third of the rows added, a third changed, numbers and lines exchanged among them, a third deleted."""
    office = Customer.objects.create(company_name="Sheets", currency="EUR", extension_length=5)
    user = User.objects.create(username="sheets", customer=office, role=Role.OWNER)
    third = ROWS // 3
    lines = Line.objects.bulk_create(Line(customer=office, account_id=f"sheet-{n}") for n in range(ROWS))
    Extension.objects.bulk_create(
        Extension(customer=office, number=str(10_000 + n), name=f"Desk {n}", line=lines[n]) for n in range(2 * third)
    )
    codes = Extension.for_customer(office).values_list("number", flat=True)
    DialCode.objects.bulk_create(DialCode(customer=office, code=code, kind=DialCode.Kind.EXTENSION) for code in codes)
    content = changed(office, third)

    def all_of_it() -> None:
        upload = uploads.keep_upload(user=user, customer=office, kind="extensions", content=content, now=NOW)
        seen = uploads.plan_of(upload).digest
        done = uploads.apply_upload(user=user, upload=upload, seen=seen, delete_missing=True)
        assert done == uploads.Applied(third, third, third)

    def one_by_one() -> None:
        with transaction.atomic():
            for extension in Extension.for_customer(office).order_by("number")[:SINGLE]:
                extension.name += "!"
                edit_extension(user=user, extension=extension, version=None)

    taken = seconds(all_of_it)
    yield at_most("", "A spreadsheet of 1,000 extensions: read, compare, show, apply", [taken], "s", SECONDS)
    ratio = seconds(one_by_one) / SINGLE * 3 * third / taken
    yield at_least("", "The same, of as many single edits in one transaction", [ratio], "times the speed", 1)


def changed(office: Customer, third: int) -> bytes:
    """The download with the first third's numbers and lines turned round, the last third gone, and as many new."""
    heads, rows = uploads.heads_and_rows(uploads.sheet_of("extensions", office))
    kept = list(rows)[:third]
    for row, other in zip(kept, [row[:] for row in reversed(kept)], strict=True):
        row[1], row[2], row[3] = other[1], f"{row[2]}!", other[3]
    new = [["", str(20_000 + n), f"New {n}", f"sheet-{2 * third + n}", "", "Yes"] for n in range(third)]
    buffer = StringIO(newline="")
    csv.writer(buffer).writerows([heads, *kept, *new])
    return buffer.getvalue().encode()
