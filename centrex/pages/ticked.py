"""The rows of a list that were ticked, as an address or a form names them."""

from __future__ import annotations

from django.http import Http404, QueryDict

MOST = 500  # more than a page of any list shows


def ticked(query: QueryDict, name: str) -> set[int]:
    """The ids that `query` gives as `name`, MOST of them at most; 404 for what is no id."""
    texts = query.getlist(name)[:MOST]
    if not all(text.isascii() and text.isdecimal() and len(text) < 19 for text in texts):
        raise Http404
    return set(map(int, texts))
