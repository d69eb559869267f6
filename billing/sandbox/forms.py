"""Form bodies with nested names, as Stripe's clients send them: `a[b][c]=`, `a[0][b]=`, `a[]=`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import invalid

MAX_DEPTH = 10
NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")


def decode(text: str) -> dict[str, Any]:
    """The nested dictionary behind a form body or query string; dictionaries keyed 0..n become lists."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _place(tree, _path(name), value, name)
    return {key: _lists(value) for key, value in tree.items()}


def _path(name: str) -> list[str]:
    match = NAME.match(name)
    if match is None:
        raise invalid(f"Received a malformed parameter name: {name}", param=name)
    path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
    if len(path) > MAX_DEPTH:
        raise invalid(f"Parameter nested too deeply: {name}", param=name)
    return path


def _place(tree: dict[str, Any], path: list[str], value: str, name: str) -> None:
    node = tree
    for part in path[:-1]:
        child = node.setdefault(part or str(len(node)), {})
        if not isinstance(child, dict):
            raise invalid(f"Received both a value and parts of a value: {name}", param=name)
        node = child
    last = path[-1] or str(len(node))
    if isinstance(node.get(last), dict):
        raise invalid(f"Received both a value and parts of a value: {name}", param=name)
    node[last] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    parts = {key: _lists(part) for key, part in value.items()}
    numbers = [str(number) for number in range(len(parts))]
    if parts and parts.keys() == set(numbers):
        return [parts[number] for number in numbers]
    return parts
