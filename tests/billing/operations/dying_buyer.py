"""A process that buys a number and is killed before a chosen step; run by `test_did_orders.py`.

Arguments: the database's settings as JSON, where to die, the user's id and the number's.
"""

import json
import os
import sys

import django

from tests.billing.payments.dying import die


def main(database: str, place: str, user_id: str, did_id: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["SELFCARE_TEST_DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    django.setup()
    from django.db import connection  # noqa: PLC0415 - after the settings are chosen
    from django.utils import timezone  # noqa: PLC0415

    from billing.operations import did_orders, subscriptions  # noqa: PLC0415
    from selfcare.models import AuditEvent, User  # noqa: PLC0415

    connection.settings_dict.update(json.loads(database))
    places = {
        "the number is taken": (did_orders.dids, "take"),
        "the monthly fee": (did_orders, "open_subscription"),
        "the activation": (subscriptions, "post_rows"),
        "the activity": (AuditEvent, "write"),
    }
    setattr(*places[place], die)
    user = User.objects.get(pk=user_id)
    did_orders.buy_did(user=user, customer=user.customer, did_id=int(did_id), now=timezone.now())


if __name__ == "__main__":
    main(*sys.argv[1:])
