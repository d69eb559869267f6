"""Anticipated refusals: the acts raise them, the doors turn them into a message for the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Link:
    """Where a person can look at what a refusal names: the `words` of its message that lead there.

    `page` is the menu's page whose rights hold, `name` and `args` the url.
    """

    words: str
    page: str
    name: str
    args: tuple[Any, ...] = ()


class Refused(Exception):  # reads as what happened: "the act was refused"
    """An act was refused for a reason that the person can understand and do something about.

    `message` is translated text; `field` names the form field that it belongs to, and `link` where a part of the
    message leads, if either is so.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None, link: Link | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.link = link


class Outdated(Refused):
    """Somebody else saved the record meanwhile; the message says who and what."""
