"""What reading a file of calls yields: calls, and the lines that are none, with the reason."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .fields import MAX_TEXT, clean


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call as the switch wrote it down, not yet rated.

    Times are aware and in UTC. `seconds`: billable, 0 if it failed; `cli`, `cld`: as dialled, not yet E.164;
    `account`: what the switch says the call belongs to (account code, else the peer or user of the channel);
    `direction`: "in" or "out", None where the file does not tell; `lines`: numbers of all lines the call was
    read from, from 1. What follows is set only by formats that carry it: `customer` is the customer's number in the
    portal, `amount` a price that is final, `country` and `destination` name where a priced call went.
    """

    external_id: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime
    seconds: int
    cli: str
    cld: str
    cli_name: str
    account: str
    disposition: str
    cause: str
    failed: bool
    lines: tuple[int, ...]
    direction: str | None = None
    service: str = ""
    amount: Decimal | None = None
    currency: str = ""
    customer: int | None = None
    country: str = ""
    destination: str = ""

    @property
    def ends(self) -> tuple[str, str, str]:
        """Whatever may name a line: who called, who was called, and the account."""
        return self.cli, self.cld, self.account

    @property
    def priced(self) -> bool:
        """Whether it says what it costs; a failed call costs nothing, whatever it says."""
        return self.amount is not None and not self.failed


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that could not be read: its number (from 1), why, and its beginning made safe to show."""

    line: int
    reason: str
    text: str


def reject(line: int, reason: str, raw: bytes) -> Reject:
    """Make a Reject of a raw line; the text is cut to a length a person reads."""
    return Reject(line, reason, clean(raw[: 4 * MAX_TEXT].decode("utf-8", "replace")))
