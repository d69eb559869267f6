"""Whole files through the command: rejects, exit codes, and a run that is killed in the middle."""

import csv
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from signal import SIGKILL
from time import monotonic, sleep
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing.models import CustomerDiscount, DiscountUsage, Xdr
from billing.queries.checks import differences
from tests.billing.operations.test_rating import give_discount
from tests.billing.priced import german_customer, portal_file
from tests.factories import CustomerFactory
from tests.ledger import empty_ledger

DATA = Path(__file__).resolve().parents[1] / "ingest" / "data"
ROOT = Path(__file__).resolve().parents[3]
REJECTED = 3


def run(path, customer, *, format="portal", **more) -> int:
    try:
        call_command("import_xdrs", str(path), format=format, customer=customer and customer.pk, **more)
    except SystemExit as stopped:
        return int(stopped.code)
    return 0


def read(path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines())) if path.exists() else []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "format", "calls"),
    [
        ("asterisk-groups.csv", "asterisk", 9),
        ("asterisk-custom.csv", "asterisk", 3),
        ("freeswitch.csv", "freeswitch", 4),
    ],
)
def test_every_call_of_a_file_is_either_booked_or_in_the_rejects(name, format, calls, tmp_path):
    customer = german_customer()
    rejects = tmp_path / "rejects.csv"
    run(DATA / name, customer, format=format, rejects=rejects, zone="Europe/Berlin")
    rejected = read(rejects)
    assert Xdr.objects.count() + len(rejected) == calls
    assert all(row["reason"].startswith("no rate for") and int(row["line"]) for row in rejected)


@pytest.mark.django_db
def test_a_second_run_adds_nothing(tmp_path, capsys):
    customer = german_customer()
    path = portal_file(tmp_path / "calls.csv", 50)
    assert run(path, customer) == run(path, customer) == 0
    assert "0 calls booked, 50 were booked already" in capsys.readouterr().out
    assert Xdr.objects.count() == 50
    assert not (tmp_path / "calls.csv.rejects.csv").exists()


@pytest.mark.django_db
def test_rejects_name_line_and_reason_and_show_in_the_exit_code(tmp_path):
    customer = german_customer()
    path = portal_file(tmp_path / "calls.csv", 2)
    with path.open("a") as file:
        file.write("short\nx,1,2026-11-01T00:00:00Z,5,,+33123456789,,,,\n")
    assert run(path, customer) == REJECTED
    rows = read(tmp_path / "calls.csv.rejects.csv")
    assert [row["line"] for row in rows] == ["4", "5"]
    assert rows[1]["reason"] == "no rate for 33123456789 on 2026-11-01"


@pytest.mark.django_db
def test_a_dry_run_changes_nothing(tmp_path, capsys):
    run(portal_file(tmp_path / "calls.csv", 5), german_customer(), dry_run=True)
    assert "5 calls would be booked" in capsys.readouterr().out
    assert not Xdr.objects.exists()


MANY = "customer,external_id,account,started_at,seconds,cli,cld,amount,currency\n"


@pytest.mark.django_db
def test_one_file_has_calls_of_many_customers_with_and_without_a_price(tmp_path):
    first, second = german_customer(), german_customer(p49="0.50")
    poor = CustomerFactory(currency="EUR", company_name="Poor Ltd.")
    path = tmp_path / "calls.csv"
    calls = [
        (first.pk, "", ""),
        (second.pk, "", ""),
        (second.pk, "3.00001", "EUR"),
        (poor.pk, "0.2", "EUR"),
        (poor.pk, "", ""),
        ("", "0.3", "EUR"),
        (10**9, "0.3", "EUR"),
        (10**9, "", ""),
        (first.pk, "0.3", "USD"),
    ]
    path.write_text(
        MANY
        + "".join(
            f"{owner},c-{n},101,2026-11-01T00:00:0{n}Z,61,,+4930400400,{amount},{currency}\n"
            for n, (owner, amount, currency) in enumerate(calls)
        )
    )
    assert run(path, None) == REJECTED
    booked = Xdr.objects.order_by("started_at").values_list("customer", "amount")
    assert list(booked) == [
        (first.pk, Decimal("0.12")),
        (second.pk, Decimal(1)),
        (second.pk, Decimal("3.00001")),
        (poor.pk, Decimal("0.2")),
    ]
    assert [(row["line"], row["reason"]) for row in read(tmp_path / "calls.csv.rejects.csv")] == [
        ("6", "Poor Ltd. has no tariff, so calls cannot be priced."),
        ("7", "the line names no customer"),
        ("8", "there is no customer 1000000000"),
        ("9", "there is no customer 1000000000"),
        ("10", "the amount is in USD, the customer pays in EUR"),
    ]


@pytest.mark.django_db
def test_a_line_of_another_customer_than_the_files_is_rejected(tmp_path):
    customer = german_customer()
    path = tmp_path / "calls.csv"
    path.write_text(MANY + f"{customer.pk + 1},c-1,101,2026-11-01T00:00:00Z,61,,+4930400400,,\n")
    assert run(path, customer) == REJECTED
    assert read(tmp_path / "calls.csv.rejects.csv")[0]["reason"] == (
        f"the line is of customer {customer.pk + 1}, the file of {customer.pk}"
    )
    assert not Xdr.objects.exists()


@pytest.mark.django_db
def test_a_switchs_own_file_needs_the_customer():
    with pytest.raises(CommandError, match="name the customer"):
        run(DATA / "freeswitch.csv", None, format="freeswitch")


@pytest.mark.django_db
def test_what_cannot_begin_is_a_clear_error(tmp_path):
    path = portal_file(tmp_path / "calls.csv", 1)
    with pytest.raises(CommandError, match="has no tariff"):
        run(path, CustomerFactory())
    with pytest.raises(CommandError, match="cannot read"):
        run(tmp_path / "none.csv", german_customer())
    with pytest.raises(CommandError, match="time zone"):
        run(path, german_customer(p1="1"), zone="Mars/Base")
    with pytest.raises(CommandError, match="no customer 0"):
        call_command("import_xdrs", str(path), format="portal", customer=0)


def ledger():
    columns = ("external_id", "started_at", "amount", "discount", "charged_quantity", "cld", "line_id")
    return list(Xdr.objects.order_by("external_id").values_list(*columns))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_and_run_again_it_is_exactly_the_same_ledger(tmp_path):
    path = portal_file(tmp_path / "calls.csv", 25_000)
    customer = german_customer()
    give_discount(customer, [(600_000, 100), (1_200_000, 50)], reset="never")
    CustomerDiscount.objects.update(starts_at="2020-01-01T00:00Z")
    run(path, customer)
    expected, used = ledger(), DiscountUsage.objects.get().used
    empty_ledger()
    DiscountUsage.objects.all().delete()

    process = begin(path, customer)
    until = monotonic() + 60
    while process.poll() is None and not Xdr.objects.exists() and monotonic() < until:
        sleep(0.02)
    process.send_signal(SIGKILL)
    process.wait()
    in_the_middle = Xdr.objects.count()
    assert 0 < in_the_middle < len(expected)

    again = begin(path, customer)
    assert again.wait(timeout=120) == 0
    assert ledger() == expected
    assert DiscountUsage.objects.get().used == used
    assert list(differences()) == []


def begin(path, customer) -> subprocess.Popen:
    """The command as a process of its own, on the database of the tests."""
    found = connection.get_connection_params()
    query = urlencode({"host": found["host"], "port": found.get("port", 5432)})
    password = found.get("password", "")
    address = f"postgres://{found['user']}:{password}@/{found['dbname']}?{query}"
    command = ["manage.py", "import_xdrs", str(path), "--format", "portal", "--customer", str(customer.pk)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "SELFCARE_TEST_DATABASE_URL": address}
    return subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
