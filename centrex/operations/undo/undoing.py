"""What every act of an undo is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from selfcare.models import User


@dataclass(frozen=True, slots=True)
class Undoing:
    """Who undoes something, and when (UTC); `confirmed`: he has just given his password again."""

    user: User
    now: datetime
    confirmed: bool = False

    @property
    def confirmed_at(self) -> datetime | None:
        """The same for acts that ask when it was."""
        return self.now if self.confirmed else None
