"""A process that charges what is due and is killed before a chosen step; run by `test_given_subscriptions.py`.

Arguments: the database's settings as JSON, where to die, and the moment (ISO 8601).
"""

import json
import os
import sys
from datetime import datetime

import django

from tests.billing.payments.dying import die


def main(database: str, place: str, moment: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["SELFCARE_TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    django.setup()
    from django.db import connection  # noqa: PLC0415 - after the settings are chosen

    from billing.models import Subscription  # noqa: PLC0415
    from billing.operations import subscriptions  # noqa: PLC0415

    connection.settings_dict.update(json.loads(database))
    places = {"the rows": (subscriptions, "post_rows"), "the note": (Subscription, "save")}
    setattr(*places[place], die)
    subscriptions.charge_due(now=datetime.fromisoformat(moment))


if __name__ == "__main__":
    main(*sys.argv[1:])
