"""Somebody called for help: who must hear of it."""

from __future__ import annotations

from datetime import datetime

from centrex.models import Line
from centrex.queries.emergency import active_of
from selfcare import mail


def emergency_called(*, line: Line, number: str, uid: str, now: datetime) -> int:
    """Mail those whom the line's address names that `number` was called; gives how many, once for each call `uid`."""
    address = active_of(line)
    if address is None:
        return 0
    facts = {"line": line, "number": number, "address": address, "at": now.astimezone(line.customer.zone)}
    for reader in address.readers:
        mail.post(
            template="emergency_called",
            context=facts,
            to=[reader],
            key=f"emergency-called:{uid}:{reader}",
            customer=line.customer,
        )
    return len(address.readers)
