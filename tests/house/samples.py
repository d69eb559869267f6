"""One record of EasyCall's for each address with an id: how to make it, and what a stranger gets.

A new page with an id in its address adds its line here; `tests/house/test_urls.py` fails until it does.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from billing.models import Invoice
from selfcare.models import Customer, User
from tests.factories import ExtensionFactory, HuntgroupFactory, InvoiceFactory, LineFactory, PaymentFactory

NOT_FOUND = (404,)
Sample = tuple[Callable[[Customer, User], list[Any]], tuple[int, ...]]


def line(easycall: Customer, alice: User) -> list[Any]:
    return [LineFactory(customer=easycall).pk]


def extension(easycall: Customer, alice: User) -> list[Any]:
    return [ExtensionFactory(customer=easycall).pk]


def huntgroup(easycall: Customer, alice: User) -> list[Any]:
    return [HuntgroupFactory(customer=easycall).pk]


def invoice(easycall: Customer, alice: User) -> list[Any]:
    return [InvoiceFactory(customer=easycall).pk]


def payment(easycall: Customer, alice: User) -> list[Any]:
    return [PaymentFactory(customer=easycall, user=alice, state="succeeded").pk]


def next_invoice(easycall: Customer) -> None:
    """An invoice of a month of its own: there is one a period."""
    start = datetime(2020 + Invoice.objects.count(), 1, 1, tzinfo=UTC)
    InvoiceFactory(customer=easycall, period_start=start, period_end=start + timedelta(days=31))


SAMPLES: dict[str, Sample] = {
    "billing:invoice": (invoice, NOT_FOUND),
    "billing:invoice-pdf": (invoice, NOT_FOUND),
    "billing:payment": (payment, NOT_FOUND),
    "centrex:extension-edit": (extension, NOT_FOUND),
    "centrex:extension-rename": (extension, NOT_FOUND),
    "centrex:extension-delete": (extension, NOT_FOUND),
    "centrex:huntgroup-edit": (huntgroup, NOT_FOUND),
    "centrex:huntgroup-members": (huntgroup, NOT_FOUND),
    "centrex:huntgroup-delete": (huntgroup, NOT_FOUND),
    "centrex:line": (line, NOT_FOUND),
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
    "billing:invoices": lambda easycall, alice: next_invoice(easycall),
    "centrex:extensions": lambda easycall, alice: ExtensionFactory(
        customer=easycall, line=LineFactory(customer=easycall), primary_group=HuntgroupFactory(customer=easycall)
    ),
    "centrex:huntgroups": lambda easycall, alice: filled_huntgroup(easycall),
    "centrex:lines": lambda easycall, alice: LineFactory(customer=easycall),
}
