"""An old and a new value so that a person sees at once what differs."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

FOLDED = 160  # characters of a value that stand open
COMMA = re.compile(r", (?![^(]*\))")  # not one inside brackets


def difference(old: str, new: str) -> SafeString:
    """`old → new`; of a list what went and what came; a long value is folded."""
    before, after = COMMA.split(old), COMMA.split(new)
    if set(before) & set(after) and max(len(before), len(after)) > 1:
        return of_lists(before, after)
    return format_html('<span class="was">{}</span> → <span>{}</span>', folded(old), folded(new))


def of_lists(before: list[str], after: list[str]) -> SafeString:
    """The items in their new order, those that went or came marked as such."""
    rows: list[tuple[SafeString]] = []
    for act, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if act == "equal":
            rows += [(format_html('<span class="was">{}</span>', item),) for item in after[new_from:new_to]]
            continue
        rows += [(format_html("<del>{}</del>", item),) for item in before[old_from:old_to]]
        rows += [(format_html("<ins>{}</ins>", item),) for item in after[new_from:new_to]]
    return format_html_join(", ", "{}", rows)


def folded(value: str) -> str | SafeString:
    if len(value) <= FOLDED:
        return value or "–"
    begin = value[: FOLDED // 2].rsplit(" ", 1)[0]
    return format_html("<details><summary>{} …</summary>{}</details>", begin, value)
