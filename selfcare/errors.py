"""Anticipated refusals: the acts raise them, the doors turn them into a message for the person."""

from django.utils.functional import Promise


class Refused(Exception):  # reads as what happened: "the act was refused"
    """An act was refused for a reason that the person can understand and do something about.

    `message` is translated text; `field` names the form field that it belongs to, if one does.
    """

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Outdated(Refused):
    """Somebody else saved the record meanwhile; the message says who and what."""
