"""What is a setting, what shows it, and both as a table.

What is a setting is asked of the code itself: each field of a line's features, and each column of the models on which
calls depend. What no test shows is listed in `left_out.py`, with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path

from django.db.models import Model
from django.urls import resolve, reverse
from django.urls.exceptions import NoReverseMatch

from centrex import models
from centrex.pages.line.section import SECTIONS
from centrex.routing.features import FEATURES
from tests.centrex.routing.engine.table import Setting
from tests.settings_table.left_out import LATER, NO_CALL, PLUMBING

BASE = Path(__file__).parents[2]
FILE = BASE / "docs" / "settings.md"
TABLE = "tests.centrex.routing.engine.table"
MODELS: tuple[type[Model], ...] = (
    models.CompanySettings, models.Line, models.Extension, models.Did, models.AbbreviatedNumber, models.DialingRules,
    models.Site, models.Huntgroup, models.HuntgroupMember, models.IncludedHuntgroup, models.CallQueue,
    models.ForwardNumber, models.SipProxy, models.ScreeningRule, models.NumberFilter, models.Schedule,
    models.ScheduleDay, models.BlockedCaller, models.BarringClass, models.Menu, models.MenuChoice,
)  # fmt: skip
# Of the customer himself: the telephone company's administration sets these.
OF_CUSTOMER = {"Customer.status", "Customer.country", "Customer.credit_limit"}
# Kept by billing, which the telephone system does not know; the engine gets what they leave.
OF_BILLING = {"DunningStep.act", "LineLimit.daily_limit", "SpendLimits.daily_limit"}
HEAD = """# What each setting does to a call

Written by `make settings` from the tests; do not edit. Each row names the field that keeps the setting, and a test
that shows a call with it and one that shows the call without it (`pytest FILE -k NAME`). A setting without a row fails
`tests/house/test_settings.py`.
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """What one test, or the rows of one setting, show: ids of tests with the setting and without it."""

    words: str
    fields: tuple[str, ...]
    page: str
    file: str
    with_: tuple[str, ...]
    without: tuple[str, ...]


def settings_that_count() -> set[str]:
    """Every field that a page, or the ITSP's staff, can set: "Barring.barred", "Huntgroup.sequence"."""
    found = {f"{feature.__name__}.enabled" for feature in FEATURES.values()}
    found |= {f"{feature.__name__}.{field.name}" for feature in FEATURES.values() for field in fields(feature)}
    for model in MODELS:
        found |= {f"{model.__name__}.{field.name}" for field in model._meta.concrete_fields}
    return (
        OF_CUSTOMER
        | OF_BILLING
        | {name for name in found if name not in PLUMBING and name.partition(".")[2] not in PLUMBING}
    )


def proofs() -> list[Proof]:
    """All that the tests say they show, in the order of files."""
    return [proof for path in files_with_tables() for proof in proofs_of(path)]


def files_with_tables() -> list[Path]:
    """The test files that import the tables' tools."""
    return sorted(path for path in (BASE / "tests").rglob("test_*.py") if imports_table(path))


def imports_table(path: Path) -> bool:
    nodes = ast.walk(ast.parse(path.read_text()))
    return any(isinstance(node, ast.ImportFrom) and node.module == TABLE for node in nodes)


def proofs_of(path: Path) -> Iterator[Proof]:
    """What one file's tests show."""
    file = path.relative_to(BASE).as_posix()
    module = import_module(".".join(path.relative_to(BASE).with_suffix("").parts))
    for name, test in vars(module).items():
        for each in getattr(test, "settings", ()):
            ids = {when: tuple(f"{name}[{end}]" for end in ends) for when, ends in by_case(each).items()}
            yield Proof(each.words, each.fields, each.page, file, ids["with"], ids["without"])
        for each in getattr(test, "shows", ()):
            own = (name,)
            yield Proof(each.words, each.fields, each.page, file, own * each.with_, own * each.without)


def by_case(setting: Setting) -> dict[str, list[str]]:
    """The ids of a setting's rows."""
    found: dict[str, list[str]] = {"with": [], "without": []}
    for when, end, _row in setting.cases():
        found[when].append(end)
    return found


def written() -> str:
    """The whole of docs/settings.md."""
    pages: dict[str, list[Proof]] = {}
    for proof in proofs():
        pages.setdefault(proof.page, []).append(proof)
    parts = [HEAD]
    for page in sorted(pages, key=lambda page: (title_of(page).lower(), page)):
        parts.append(f"## {title_of(page)} (`{page}`)\n")
        parts.append("| Setting | Kept in | With it | Without it |\n|---|---|---|---|")
        parts.append("".join(f"\n{line_of(proof)}" for proof in pages[page]) + "\n")
    parts.append("## Not yet\n\nKept by a page, but obeyed only by what is still to be built.\n")
    parts.append(listed(LATER))
    parts.append("\n## No call depends on it\n")
    parts.append(listed(NO_CALL))
    return "\n".join(parts).replace("---|\n\n|", "---|\n|")


def line_of(proof: Proof) -> str:
    kept = ", ".join(f"`{name}`" for name in proof.fields)
    return f"| {proof.words} | {kept} | {cell(proof, proof.with_)} | {cell(proof, proof.without)} |"


def cell(proof: Proof, ids: tuple[str, ...]) -> str:
    """The first test with a link to its file, and how many more there are."""
    if not ids:
        return ""
    more = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
    return f"[{Path(proof.file).name}](../{proof.file}) `{ids[0]}`{more}"


def listed(reasons: Mapping[str, str]) -> str:
    return "\n".join(f"- `{name}`: {reason}" for name, reason in sorted(reasons.items())) + "\n"


def title_of(page: str) -> str:
    """What the page is called, by its url name."""
    if page.startswith("admin:"):
        return "Administration of the telephone company"
    view = resolve(address_of(page)).func.view_class
    section = next((each for each in SECTIONS if each.name == page), None)
    return f"Phone line: {section.label}" if section else str(view.title)


def address_of(page: str) -> str:
    for arguments in ((), (1,), (1, 1)):
        try:
            return reverse(page, args=arguments)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(page)
