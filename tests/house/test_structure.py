"""The rules of docs/architecture.md that can be read off the files."""

import ast
import re
from pathlib import Path

import pytest

from selfcare.embedded import BASE_DIR

APPS = ("selfcare", "centrex", "billing", "tickets")
MODULES = [path for app in APPS for path in (BASE_DIR / app).rglob("*.py") if "migrations" not in path.parts]
PAGES = [path for path in MODULES if "pages" in path.parts]
TEMPLATES = list((BASE_DIR / "templates").rglob("*.html"))
LONGEST = 300


def name(path: Path) -> str:
    return str(path.relative_to(BASE_DIR))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_module_is_too_long(path):
    lines = path.read_text().count("\n")
    assert lines <= LONGEST, f"{name(path)} has {lines} lines: make it a package of the same name"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_what_it_is(path):
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree), f"{name(path)} has no docstring"


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_pages_reach_rows_through_the_customer_only(path):
    """`.objects` in a page would be a way round the tenancy; the few that need it work on no customer's rows."""
    allowed = {"selfcare/pages/view_as.py", "selfcare/pages/billing_details.py", "selfcare/pages/profile.py"}
    used = [node.lineno for node in ast.walk(ast.parse(path.read_text())) if getattr(node, "attr", "") == "objects"]
    assert not used or name(path) in allowed, f"{name(path)}: .objects in lines {used}"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_state_what_they_are(path):
    head = path.read_text()[:400]
    assert "{#" in head, f"{name(path)} does not say what it is and which context it needs"


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_have_no_inline_script_or_style(path):
    """The content security policy would refuse them; documents are not shown by a browser."""
    text = path.read_text()
    if "documents" in path.parts:
        return
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nobody_marks_text_safe_or_writes_sql_in_passing(path):
    """Raw SQL is for the ledger's own rooms; text is escaped everywhere."""
    text = path.read_text()
    assert "|safe" not in text
    assert ".extra(" not in text
    assert "RawSQL" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_do_not_switch_escaping_off(path):
    text = path.read_text()
    assert "|safe" not in text
    assert "autoescape off" not in text


def test_there_is_no_utils_module():
    assert not [name(path) for path in MODULES if path.stem in {"utils", "helpers", "common", "misc"}]
