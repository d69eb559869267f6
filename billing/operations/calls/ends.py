"""Who called whom, and over which of the customer's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billing.ingest.records import CallRecord
from billing.rating.dialled import is_short, to_e164
from centrex.queries.owners import Owner, extensions_of, owners_of
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its numbers in E.164 where that is certain, and the lines of the customer at its ends."""

    record: CallRecord
    cli: str | None
    cld: str | None
    caller: Owner | None
    called: Owner | None
    account: Owner | None
    customer_id: int

    @property
    def incoming(self) -> bool:
        """Whether it came from outside to the customer; the switch says so, or only the called end is his."""
        if self.record.direction:
            return self.record.direction == "in"
        if self.stays_inside:
            return not is_short(self.record.cli)
        if not self._mine(self.called) or self._mine(self.caller):
            return False
        # Without a caller's number an account other than the called one can only be the caller's.
        return bool(self.cli) or not self._mine(self.account) or self.account == self.called

    @property
    def stays_inside(self) -> bool:
        """Whether it rang a number of the customer's own switch: a short one, and no end is a line that we gave him."""
        return not (self.caller or self.called or self.account) and is_short(self.record.cld)

    @property
    def line_id(self) -> int | None:
        """The customer's line that the call went over."""
        ends = (self.called, self.account) if self.incoming else (self.account, self.caller)
        return next((end.line_id for end in ends if end and self._mine(end) and end.line_id), None)

    def _mine(self, end: Owner | None) -> bool:
        return end is not None and end.customer_id == self.customer_id


def look_up(records: Sequence[CallRecord], customer: Customer) -> list[Call]:
    country = str(customer.country or "")
    certain = {text: to_e164(text, country) for record in records for text in record.ends}
    owners = owners_of({number or text.removeprefix("+") for text, number in certain.items()} - {""})
    inside: Mapping[str, Owner] = extensions_of(customer)

    def end(text: str) -> Owner | None:
        return inside.get(text) or owners.get(certain[text] or text.removeprefix("+"))

    return [
        Call(
            record=record,
            cli=certain[record.cli],
            cld=certain[record.cld],
            caller=end(record.cli),
            called=end(record.cld),
            account=end(record.account),
            customer_id=customer.pk,
        )
        for record in records
    ]
