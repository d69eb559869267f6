"""An import that is killed at any step and run again leaves the very ledger that one undisturbed run leaves."""

import json
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection

from billing.models import Account, CustomerDiscount, DiscountUsage, Xdr, XdrKey
from billing.operations import ledger
from billing.operations.ledger import Posted
from billing.operations.priced_calls import booking
from billing.queries.checks import differences
from tests.billing.operations.dying_importer import SMALL
from tests.billing.operations.test_ledger import run_together
from tests.billing.operations.test_rating import give_discount
from tests.billing.priced import NOW, german_customer
from tests.ledger import empty_ledger

CALLS = SMALL * 4
COLUMNS = "customer,external_id,account,started_at,seconds,cli,cld,cause,service,amount,currency\n"
PLACES = [
    "before the ids are claimed",
    "after the ids are claimed",
    "before the rows are copied",
    "in the middle of the rows",
    "before the rated calls are committed",
    "between the two transactions",
    "before staging",
    "after staging",
    "before the table is posted",
    "before the priced calls are committed",
    "after a batch",
]


def mixed_file(path):
    """Calls of three customers, every other with its price; those to be rated use up volume of a discount."""
    customers = [german_customer() for _each in range(3)]
    for one in customers:
        give_discount(one, [(600, 100), (30_000, 50)], reset="never")
    CustomerDiscount.objects.update(starts_at="2020-01-01T00:00Z")
    start = NOW - timedelta(days=50)
    lines = (
        f"{customers[n % 3].pk},c-{n},101,{(start + timedelta(hours=n)).isoformat()},61,,+4930400{n:04},,,"
        f"{'0.05,EUR' if n % 2 else ','}\n"
        for n in range(CALLS)
    )
    path.write_text(COLUMNS + "".join(lines))
    return path


def run(path) -> None:
    call_command("import_xdrs", str(path), format="portal")


def found():
    rows = Xdr.objects.order_by("external_id").values_list("external_id", "started_at", "amount", "discount", "cld")
    used = DiscountUsage.objects.order_by("discount").values_list("discount", "used")
    balances = Account.objects.order_by("customer").values_list("customer", "balance")
    return list(rows), list(used), list(balances)


def killed(path, place: str, turn: int, *more: str) -> None:
    needed = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = json.dumps({name: connection.settings_dict[name] for name in needed})
    importer = "tests.billing.operations.dying_importer"
    command = [sys.executable, "-m", importer, database, str(path), place, str(turn), *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", PLACES)
def test_killed_twice_and_run_again_it_is_the_same_ledger(tmp_path, place):
    path = mixed_file(tmp_path / "calls.csv")
    run(path)
    expected = found()
    empty_ledger()
    DiscountUsage.objects.all().delete()

    killed(path, place, 2)
    in_the_middle = Xdr.objects.count()
    assert 0 < in_the_middle < CALLS
    assert list(differences()) == []
    killed(path, place, 1)
    assert in_the_middle <= Xdr.objects.count() < CALLS
    run(path)
    assert found() == expected
    assert len(expected[0]) == CALLS
    assert list(differences()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_one_transaction_calls_are_lost_for_ever(tmp_path):
    """The negative control: ids that are claimed before their rows are there are never imported again."""
    path = mixed_file(tmp_path / "calls.csv")
    killed(path, "after the ids are claimed", 1, "careless")
    assert (XdrKey.objects.count(), Xdr.objects.count()) == (SMALL // 2, 0)
    run(path)
    assert Xdr.objects.count() == CALLS - SMALL // 2


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_a_file_at_once_book_each_call_once(tmp_path):
    path = mixed_file(tmp_path / "calls.csv")
    run_together(lambda _each: run(path), range(2))
    assert Xdr.objects.count() == XdrKey.objects.count() == CALLS
    assert list(differences()) == []
    assert sum(DiscountUsage.objects.values_list("used", flat=True)) == CALLS // 2 * 120


@pytest.mark.django_db(transaction=True)
def test_looking_first_would_book_each_call_twice(tmp_path, monkeypatch):
    """The negative control: both look before either has booked."""
    path = mixed_file(tmp_path / "calls.csv")
    both_looked = Barrier(2)
    columns = ", ".join(ledger.COLUMNS)

    def look_and_book(table: str, *, now) -> Posted:
        with connection.cursor() as cursor:
            known = f"SELECT FROM billing_xdr AS known WHERE known.external_id = {table}.external_id"
            cursor.execute(
                f"CREATE TEMPORARY TABLE looked ON COMMIT DROP AS SELECT * FROM {table} WHERE NOT EXISTS ({known})"  # noqa: S608
            )
            both_looked.wait(timeout=60)
            cursor.execute(f"INSERT INTO billing_xdr ({columns}) SELECT {columns} FROM looked ORDER BY external_id")  # noqa: S608
            return Posted(cursor.rowcount, 0)

    monkeypatch.setattr(booking, "post_table", look_and_book)
    run_together(lambda _each: run(path), range(2))
    assert Xdr.objects.count() == CALLS // 2 + CALLS // 2 * 2
