"""Where staff work on the tickets, behind one small interface.

The tables of this app always hold what the customer sees; a back end carries each step to the people who answer.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from selfcare.models import User
from tickets.models import Message, Ticket


class Step(StrEnum):
    """What happened to a ticket; also the ending of the mail's folder, `emails/ticket_<step>/`."""

    OPENED = "opened"
    REPLIED = "replied"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


class Backend(Protocol):
    """Called inside the transaction of each step, so that it may write to an outbox, but not call anybody."""

    def tell(self, step: Step, ticket: Ticket, *, by: User, key: str, message: Message | None = None) -> None:
        """Carry `step`, done by `by`, to both sides; the same `key` twice is the same step."""
