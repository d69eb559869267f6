"""A process that makes a report and is killed before a chosen step; run by `test_kill.py`.

Arguments: the database's settings as JSON, the folder of the files, where to die, and the report's id.
"""

import json
import os
import sys
from pathlib import Path

import django

from tests.billing.payments.dying import die


def main(database: str, media: str, place: str, report_id: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["SELFCARE_TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - after the settings are chosen
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from billing.documents.report_pdf.rows import Listing  # noqa: PLC0415
    from billing.operations.reports import make_report, making  # noqa: PLC0415

    connection.settings_dict.update(json.loads(database))
    settings.MEDIA_ROOT = Path(media)
    places = {
        "before the PDF": (making, "write_pdf"),
        "in the PDF": (Listing, "end"),
        "before the files are in place": (making, "put_in_place"),
        "before it is written down": (making, "end"),
    }
    setattr(*places[place], die)
    make_report(report_id=int(report_id), clock=timezone.now)


if __name__ == "__main__":
    main(*sys.argv[1:])
