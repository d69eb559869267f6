"""A billing run that is killed before a chosen step of its second invoice; run by `test_billing_run.py`.

Arguments: the database's settings as JSON, where to die, and the moment (ISO 8601).
"""

import json
import os
import sys
from datetime import datetime
from typing import Any

import django

from tests.billing.payments.dying import die


def main(database: str, place: str, moment: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["SELFCARE_TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    django.setup()
    from django.db import connection  # noqa: PLC0415 - after the settings are chosen

    from billing.operations import billing_run, invoices  # noqa: PLC0415

    connection.settings_dict.update(json.loads(database))
    names = {"the number": "next_number", "the rows": "post_rows", "the payments": "allocate"}
    step, calls = getattr(invoices, names[place]), []

    def second_time(*given: Any, **named: Any) -> Any:
        calls.append(place)
        return die() if len(calls) == 2 else step(*given, **named)

    setattr(invoices, names[place], second_time)
    billing_run.run(now=datetime.fromisoformat(moment))


if __name__ == "__main__":
    main(*sys.argv[1:])
