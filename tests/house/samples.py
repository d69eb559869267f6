"""One record of EasyCall's for each address with an id: how to make it, and what a stranger gets.

A new page with an id in its address adds its line here; `tests/house/test_urls.py` fails until it does.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing.models import Xdr
from billing.operations.ledger import LedgerRow, post_rows
from centrex.models import CallRecording
from selfcare.models import Customer, User
from tests.factories import ExtensionFactory, HuntgroupFactory, LineFactory

NOT_FOUND = (404,)
Sample = tuple[Callable[[Customer, User], list[Any]], tuple[int, ...]]


def line(easycall: Customer, alice: User) -> list[Any]:
    return [LineFactory(customer=easycall).pk]


def extension(easycall: Customer, alice: User) -> list[Any]:
    return [ExtensionFactory(customer=easycall).pk]


def huntgroup(easycall: Customer, alice: User) -> list[Any]:
    return [HuntgroupFactory(customer=easycall).pk]


def recording(easycall: Customer, alice: User) -> list[Any]:
    now = datetime(2026, 11, 15, 12, tzinfo=UTC)
    return [
        CallRecording.objects.create(customer=easycall, call_id="c-1", started_at=now, status="ready", file="a.wav").pk
    ]


def transaction(easycall: Customer, alice: User) -> list[Any]:
    now = datetime(2026, 11, 15, 12, tzinfo=UTC)
    row = LedgerRow(customer_id=easycall.pk, service_id=1, started_at=now, amount=Decimal(1), external_id="test:house")
    post_rows([row], now=now)
    return [Xdr.objects.get(external_id="test:house").pk, "2026-11-15"]


SAMPLES: dict[str, Sample] = {
    "centrex:extension-edit": (extension, NOT_FOUND),
    "centrex:extension-rename": (extension, NOT_FOUND),
    "centrex:extension-delete": (extension, NOT_FOUND),
    "centrex:huntgroup-edit": (huntgroup, NOT_FOUND),
    "centrex:huntgroup-members": (huntgroup, NOT_FOUND),
    "centrex:huntgroup-delete": (huntgroup, NOT_FOUND),
    "centrex:line": (line, NOT_FOUND),
    "centrex:recording": (recording, NOT_FOUND),
    "billing:transaction": (transaction, NOT_FOUND),
    # A service of the portal's, not a record: everybody sees his own transactions of it.
    "billing:transactions-of": (lambda easycall, alice: [1], (200, 405)),
    # Staff only.
    "view-as": (lambda easycall, alice: [easycall.pk], (404, 405)),
    # A name, not a record: it is kept for the user who asks.
    "table-preference": (lambda easycall, alice: ["lines"], (302, 405)),
}


def filled_huntgroup(easycall: Customer) -> None:
    """A group with two members, so that a look-up for each member would be counted."""
    group = HuntgroupFactory(customer=easycall)
    for position in (1, 2):
        extension = ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall))
        group.members.create(extension=extension, position=position)


# One row more on each list.
ROWS: dict[str, Callable[[Customer, User], object]] = {
    "centrex:extensions": lambda easycall, alice: ExtensionFactory(
        customer=easycall, line=LineFactory(customer=easycall), primary_group=HuntgroupFactory(customer=easycall)
    ),
    "centrex:huntgroups": lambda easycall, alice: filled_huntgroup(easycall),
    "centrex:lines": lambda easycall, alice: LineFactory(customer=easycall),
}
