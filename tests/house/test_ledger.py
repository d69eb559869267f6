"""Nothing but `billing.operations.ledger` writes into the ledger."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = [
    path
    for room in ("selfcare", "centrex", "billing", "tickets")
    for path in sorted((ROOT / room).rglob("*.py"))
    if "migrations" not in path.parts and path != ROOT / "billing/operations/ledger.py"
]
WRITING = {"create", "bulk_create", "get_or_create", "update_or_create", "save"}
SQL = re.compile(r"(INSERT\s+INTO|COPY)\s+billing_(xdr|call)\w*\b(?!\s*TO\b)", re.IGNORECASE)


def writes(source: str) -> list[str]:
    """The calls and SQL of a module that would put a row into the ledger."""
    found = [match[0] for match in SQL.finditer(source)]
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        makes = called.rpartition(".")[2] in {"Xdr", "XdrKey", "XdrDay", "CallPlace"}
        if makes or (re.match(r"(\w+\.)*(Xdr(Key|Day)?|CallPlace)\.", called) and called.rpartition(".")[2] in WRITING):
            found.append(called)
    return found


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_does_not_write_into_the_ledger(path):
    assert writes(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "Xdr(amount=1).save()",
        "models.Xdr.objects.create()",
        "Xdr.objects.bulk_create(x)",
        "q('insert into billing_xdr x')",
    ],
)
def test_the_rule_sees_each_way_in(source):
    assert writes(source)
