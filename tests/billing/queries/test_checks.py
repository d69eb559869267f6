"""The check finds each kind of difference."""

import pytest
from django.core.management import call_command

from billing.operations.ledger import post_rows
from billing.queries.checks import differences
from tests.billing.operations.test_ledger import NOW, row
from tests.ledger import without_guards

pytestmark = pytest.mark.django_db(transaction=True)


def spoil(sql: str) -> None:
    with without_guards() as cursor:
        cursor.execute(sql)


def test_a_ledger_that_agrees(easycall, lotus, capsys):
    post_rows([row(easycall, "test:1"), row(easycall, "test:2", failed=True), row(lotus, "test:3")], now=NOW)
    call_command("check_ledger")
    assert "agrees" in capsys.readouterr().out


def test_of_many_differences_the_first_are_named_and_all_counted(easycall, capsys):
    post_rows([row(easycall, f"test:{n:03}") for n in range(150)], now=NOW)
    spoil("DELETE FROM billing_xdrkey")
    with pytest.raises(SystemExit):
        call_command("check_ledger")
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 100
    assert "external id test:099: 0 keys, 1 rows" in told.out
    assert told.err == "150 differences.\n"


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE billing_account SET balance = balance + 0.00001", ["the balance is 1.25001, the rows sum to 1.25000"]),
        ("DELETE FROM billing_account", ["the balance is 0, the rows sum to 1.25000"]),
        ("UPDATE billing_xdrday SET transactions = 2", ["the daily total is 2 rows for 1.25000, in the ledger are 1"]),
        ("UPDATE billing_xdrday SET charged_quantity = 1", ["the daily total is 1 rows"]),
        (
            "DELETE FROM billing_xdrday",
            ["the daily total is 0 rows for 0, in the ledger are 1 for 1.25000", "0 calls are counted"],
        ),
        ("UPDATE billing_callplace SET calls = 2", ["Germany: the monthly total is 2 calls for 1.25000"]),
        ("DELETE FROM billing_callplace", ["the monthly total is 0 calls for 0, in the ledger are 1 for 1.25000"]),
        ("UPDATE billing_xdrday SET hours[1] = 5", ["hour 0: 5 calls are counted, in the ledger are 0"]),
        ("UPDATE billing_xdrday SET hours = NULL", ["0 calls are counted, in the ledger are 1"]),
        ("DELETE FROM billing_xdrkey", ["external id test:1: 0 keys, 1 rows"]),
        ("INSERT INTO billing_xdrkey VALUES ('test:9')", ["external id test:9: 1 keys, 0 rows"]),
    ],
)
def test_each_difference_is_told(easycall, sql, words, capsys):
    post_rows([row(easycall, "test:1", destination="Germany")], now=NOW)
    spoil(sql)
    assert [word in found for word, found in zip(words, differences(), strict=True)] == [True] * len(words)
    with pytest.raises(SystemExit) as stopped:
        call_command("check_ledger")
    assert stopped.value.code == 1
    assert words[0] in capsys.readouterr().out
