"""Numbers from a CSV file into the stock: every line, or none and why."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from centrex.models import Did
from centrex.operations.did_stock import import_stock
from selfcare.errors import Refused
from tests.factories import FreeDidFactory

HEAD = "number,country,city,activation,monthly"
GOOD = "12125550150,US,New York,5.00,2.50"


def read(*lines: str, head: str = HEAD, currency: str = "USD"):
    return import_stock([f"{head}\n", *(f"{line}\n" for line in lines)], currency=currency)


def reasons(*lines: str, **more) -> list[str]:
    done = read(*lines, **more)
    assert done.added == Did.objects.count() == 0
    return [str(error) for error in done.errors]


def test_good_lines_are_in_the_stock(db):
    done = read(GOOD, "+493023125099, de , Berlin,5,4.50")
    assert (done.added, done.errors) == (2, ())
    number = Did.objects.get(country="DE")
    assert (number.number, number.city, number.currency, number.customer) == ("493023125099", "Berlin", "USD", None)
    assert (number.activation_fee, number.monthly_fee) == (Decimal(5), Decimal("4.50"))


def test_a_line_may_name_its_currency(db):
    read(f"{GOOD},EUR", "12125550151,US,New York,5,2,", head=f"{HEAD},Currency")
    assert dict(Did.objects.values_list("number", "currency")) == {"12125550150": "EUR", "12125550151": "USD"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0123,US,X,1,1", "number: Enter a number in E.164 without the plus"),
        ("1212555015012345,US,X,1,1", "number: "),
        ("12125550150,XX,X,1,1", "country: "),
        ("12125550150,,X,1,1", "country: "),
        ("12125550150,US,X,free,1", "activation: “free” is no amount."),
        ("12125550150,US,X,1,NaN", "monthly: “NaN” is no amount."),
        ("12125550150,US,X,1", "monthly: “” is no amount."),
        ("12125550150,US,X,-1,1", "activation_fee: "),
        ("12125550150,US,X,1,1.005", "monthly_fee: "),
        ("12125550150,US," + "x" * 61 + ",1,1", "city: "),
    ],
)
def test_one_bad_line_and_none_is_taken(db, line, reason):
    said = reasons(GOOD.replace("0150", "0199"), line)
    assert said
    assert all(each.startswith(f"Line 3: {reason}") for each in said)


def test_a_currency_is_needed_and_its_decimals_are_kept(db):
    assert "currency" in reasons(GOOD, currency="")[0]
    assert "Line 2: a fee in JPY has at most 0 decimals" in reasons(GOOD, currency="JPY")


def test_no_number_twice(db):
    assert reasons(GOOD, GOOD) == ["Line 3: 12125550150 stands in line 2 already."]
    FreeDidFactory(number="12125550150")
    assert [str(error) for error in read(GOOD).errors] == ["Line 2: 12125550150 is in the stock already."]
    assert Did.objects.count() == 1


def test_every_error_is_named_in_order(db):
    said = reasons("x,US,A,1,1", GOOD, "12125550151,US,A,x,1", GOOD)
    assert [each.split(":")[0] for each in said] == ["Line 2", "Line 4", "Line 5"]


def test_a_file_without_the_columns_is_refused(db):
    with pytest.raises(Refused, match="these are missing: monthly"):
        read(head="number,country,city,activation")
    with pytest.raises(Refused, match="missing: number"):
        import_stock([], currency="USD")


def test_the_command(db, tmp_path, capsys):
    file = tmp_path / "stock.csv"
    file.write_text(f"\ufeff{HEAD}\n{GOOD}\n")
    call_command("import_dids", str(file), currency="USD")
    assert "Taken into the stock: 1" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nothing was taken into the stock"):
        call_command("import_dids", str(file), currency="USD")
    assert "already" in capsys.readouterr().err
    with pytest.raises(CommandError, match="currency code"):
        call_command("import_dids", str(file), currency="dollar")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_dids", str(tmp_path / "none.csv"))
