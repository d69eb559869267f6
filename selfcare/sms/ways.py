"""What every way to a provider has in common: it takes a message, surely does not, or nobody knows."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

import structlog
from django.conf import settings

from selfcare.models import OutgoingSms

log = structlog.get_logger(__name__)
TIMEOUT = 10  # seconds
SHOWN_DIGITS = 4


class NotTaken(Exception):
    """The provider surely does not have the message: it may be sent again. The text names no secret."""


class Unsure(Exception):
    """The provider may have the message or not: it is never sent again, as it is better lost than read twice."""


class Way(Protocol):
    """A way to a provider, open for one round of messages."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, message: OutgoingSms) -> None:
        """Hand the message over; raises NotTaken or Unsure."""


class ByLog:
    """What a portal without a provider has: a trial writes the text to its log, any other only that there was one.

    The text may hold a link that changes how calls go.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to close."""

    def send(self, message: OutgoingSms) -> None:
        shown = {"text": message.body} if settings.TRIAL else {}
        log.info("sms", to=ends_in(message), **shown)


def ends_in(message: OutgoingSms) -> str:
    """The end of the number, enough to find the message by."""
    return f"…{message.to.as_e164[-SHOWN_DIGITS:]}"
