"""Whatever a person reads goes through gettext, so that another language is one file and no change of code."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.utils.functional import Promise

from selfcare.embedded import BASE_DIR
from selfcare.navigation import TABS
from tests.house.test_structure import MODULES, name

ROOM = BASE_DIR / "templates"
TEMPLATES = [path for path in ROOM.rglob("*") if path.suffix in {".html", ".txt"}]
# Words that are the same in every language.
SAME_EVERYWHERE = {
    "CSV": "a file format",
    "XLSX": "a file format",
    "IBAN": "the standard's own name (ISO 13616)",
    "BIC": "the standard's own name (ISO 9362)",
    "UTC": "the standard's own name (ITU-R TF.460)",
}
READ_ATTRIBUTES = ("alt", "title", "aria-label", "placeholder", "data-text", "data-failed")
READ_KEYWORDS = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "add_label", "placeholder"}
READ_CLASS_ATTRIBUTES = {"title", "intro", "saved", "save_label", "add_label", "empty", "button"}
# Their arguments name fields, pages and icons as well.
TAKE_NAMES = {"Item", "Tab", "add_error"}
MESSAGES = {"success", "info", "warning", "error"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOM)))
def test_every_word_of_a_template_can_be_translated(path):
    assert words_left(path.read_text(), is_html=path.suffix == ".html") == []


def words_left(text: str, *, is_html: bool) -> list[str]:
    """The words of a template that no translate tag holds."""
    text = re.sub(r"{#.*?#}|{% comment.*?%}.*?{% endcomment %}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{% blocktranslate.*?%}.*?{% endblocktranslate %}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{% block body_?class %}.*?{% endblock %}", " ", text)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    read = []
    if is_html:
        text = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
        tag = re.compile(r"<[a-zA-Z!/](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
        attribute = re.compile(rf"\s(?:{'|'.join(READ_ATTRIBUTES)})=(?:\"([^\"]*)\"|'([^']*)')")
        read = [value for found in tag.findall(text) for pair in attribute.findall(found) for value in pair]
        text = re.sub(r"&\w+;", " ", tag.sub(" ", text))
    words = re.findall(r"[^\W\d_]{2,}", " ".join([text, *read]))
    return [word for word in words if word not in SAME_EVERYWHERE]


def test_the_scanner_of_templates_finds_what_is_bare():
    bare = """{# note #}<p class="big">Hello {{ name }}</p><img alt="A logo"><a title="{% translate 'Go' %}">
        {% translate "Fine" %}{% blocktranslate %}Also {{ fine }}{% endblocktranslate %} CSV &nbsp; 12 %</a>"""
    assert words_left(bare, is_html=True) == ["Hello", "logo"]


@pytest.mark.parametrize("path", [path for path in MODULES if "demo" not in path.parts], ids=name)
def test_every_word_of_a_module_can_be_translated(path):
    if "sandbox" in path.parts or "management" in path.parts:
        return  # they speak to developers and administrators, in English
    assert list(bare_texts(ast.parse(path.read_text()))) == []


def bare_texts(tree: ast.AST) -> Iterator[str]:
    """Texts in places where a person will read them, and no gettext around."""
    for node in ast.walk(tree):
        for place, text in places_read(node):
            if is_bare(text) and not (place in TAKE_NAMES and is_name(text)):
                yield f"line {text.lineno}: {place}: {ast.unparse(text)}"


def places_read(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Expressions that end before a person's eyes, each with the name of its place."""
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in {"Refused", "ValidationError", "add_error", "Item", "Tab", "PermissionDenied"}:
            yield from ((called, argument) for argument in node.args)
        if ast.unparse(node.func).startswith("models.") and called.endswith("Field"):
            yield from ((called, argument) for argument in node.args[:1])
        if called in MESSAGES and ast.unparse(node.func).startswith("messages."):
            yield from ((called, argument) for argument in node.args[1:])
        yield from ((word.arg, word.value) for word in node.keywords if word.arg in READ_KEYWORDS)
    if isinstance(node, ast.ClassDef):
        if any("Choices" in ast.unparse(base) for base in node.bases):
            pairs = (line.value for line in node.body if isinstance(line, ast.Assign))
            yield from (("choice", pair.elts[-1]) for pair in pairs if isinstance(pair, ast.Tuple))
        for line in node.body:
            targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
            names = {target.id for target in targets if isinstance(target, ast.Name)} & READ_CLASS_ATTRIBUTES
            yield from ((name, line.value) for name in names if getattr(line, "value", None) is not None)


def is_bare(text: ast.expr) -> bool:
    """Whether an expression holds words of its own rather than a call of gettext."""
    if isinstance(text, ast.BinOp):
        return is_bare(text.left)
    if isinstance(text, ast.IfExp):
        return is_bare(text.body) or is_bare(text.orelse)
    if isinstance(text, ast.JoinedStr):
        return any(is_bare(part) for part in text.values)
    is_text = isinstance(text, ast.Constant) and isinstance(text.value, str)
    return is_text and bool(re.search(r"[^\W\d_]{2}", text.value))


def is_name(text: ast.expr) -> bool:
    return isinstance(text, ast.Constant) and bool(re.fullmatch(r"[a-z0-9_:.-]+", str(text.value)))


def test_the_scanner_of_modules_finds_what_is_bare():
    bare = """
class Page:
    title = "Lines"
    intro = _("Fine.")
    page = "centrex:lines"
raise Refused("No more lines.", field="number")
messages.success(request, f"{line} was saved.")
field(label="name", help_text=_("Fine"))
models.CharField("name", max_length=9)
class State(models.TextChoices):
    OPEN = "open", "Open"
    SHUT = "shut", _("Shut")
"""
    assert sorted(found.split(":")[0] for found in bare_texts(ast.parse(bare))) == [
        "line 11",
        "line 3",
        "line 6",
        "line 7",
        "line 8",
        "line 9",
    ]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_what_is_kept_at_import_is_translated_when_it_is_read(path):
    """A plain gettext at import would freeze the language of whoever started the server."""
    if "sandbox" in path.parts:
        return
    tree = ast.parse(path.read_text())
    plain = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in {"gettext", "ngettext", "pgettext"}
    }
    frozen = [node.lineno for node in at_import(tree) if isinstance(node, ast.Call) and named(node.func) in plain]
    assert not frozen, f"{name(path)}: gettext at import in lines {frozen}"


def at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is loaded: all but the bodies of functions."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting = [*child.decorator_list, *child.args.defaults, *filter(None, child.args.kw_defaults)]
            for part in waiting:
                yield from ast.walk(part)
        elif not isinstance(child, ast.Lambda):
            yield child
            yield from at_import(child)


def named(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def test_the_menu_is_translated_when_it_is_drawn():
    assert all(isinstance(thing.label, Promise) for tab in TABS for thing in (tab, *tab.items))
