"""A process that imports a file and is killed at a chosen step; run by `test_import_kill.py`.

Arguments: the database's settings as JSON, the file, where to die and at which time of coming there, and "careless" to
leave out what holds the steps of a batch together.
"""

import json
import os
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import django

from tests.billing.payments.dying import die

SMALL = 40


def main(database: str, path: str, place: str, turn: str, careless: str = "") -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["SELFCARE_TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - after the settings are chosen
    from django.db import connection  # noqa: PLC0415

    from billing.operations import imports, ledger  # noqa: PLC0415
    from billing.operations.calls import booking as rated  # noqa: PLC0415
    from billing.operations.priced_calls import booking  # noqa: PLC0415

    connection.settings_dict.update(json.loads(database))
    imports.BATCH = SMALL
    copy = ledger._copy

    def half_a_copy(rows):
        copy(rows[: len(rows) // 2])
        die()

    places = {
        "before the ids are claimed": (ledger, "_claim", die),
        "after the ids are claimed": (rated, "apply_discounts", die),
        "before the rows are copied": (ledger, "_copy", die),
        "in the middle of the rows": (ledger, "_copy", half_a_copy),
        "before the rated calls are committed": (rated, "mark_lines_used", die),
        "between the two transactions": (imports, "book_priced", die),
        "before staging": (booking, "_stage", die),
        "after staging": (booking, "_judge", die),
        "before the table is posted": (booking, "post_table", die),
        "before the priced calls are committed": (booking, "mark_lines_used", die),
        "after a batch": (imports, "Step", die),
    }
    module, name, end = places[place]
    setattr(module, name, at_turn(int(turn), getattr(module, name), end))
    if careless:
        alone = SimpleNamespace(atomic=nullcontext, set_rollback=lambda _whether: None)
        ledger.transaction = rated.transaction = alone
    call_command("import_xdrs", path, format="portal")


def at_turn(turn, whole, end):
    """The function as it is, until it is called for the time of that number."""
    left = iter(range(turn, 0, -1))
    return lambda *args, **named: (end if next(left) == 1 else whole)(*args, **named)


if __name__ == "__main__":
    main(*sys.argv[1:])
