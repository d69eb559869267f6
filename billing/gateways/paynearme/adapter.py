"""PayNearMe as a `Gateway`: a page is an order with its slip, paid in cash at a till."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID
from zlib import crc32

from django.conf import settings
from django.db import connection

from billing.gateways.base import (
    Event,
    NotDone,
    PageOrder,
    ProviderPayment,
    ProviderRefund,
    RefundOrder,
)
from billing.gateways.paynearme import callbacks
from billing.gateways.paynearme.reading import payment_of
from billing.gateways.paynearme.wire import NAME, call

SLIP_LIFETIME = timedelta(days=14)
PATIENCE = 5.0  # seconds that a second order of the same customer waits for the first
LOCKS = 0x504E4D  # "PNM": the first half of the keys of our advisory locks


class PayNearMe:
    """Orders of an exact amount, for one payment; what a till takes all the same is told as it came."""

    name = NAME
    lists_payments = False

    def open_page(self, order: PageOrder) -> ProviderPayment:
        """Make the order; asked twice for a payment it is one order. One customer's orders are made one by one."""
        with _alone(order.customer_ref):
            known = self.find_payment(payment_id=order.payment_id, created_at=order.created_at)
            if known is not None:
                return known
            made = call("create_order", _fields(order))
        return payment_of([made["order"]] if "order" in made else made.get("orders", []), provider_id="")

    def get_payment(self, *, session_id: str, provider_id: str) -> ProviderPayment:
        """What was paid on this order; `provider_id` names the part that is the payment, the others are `further`."""
        found = call("find_orders", {"pnm_order_identifier": session_id}).get("orders", [])
        if not found:
            raise NotDone("PayNearMe does not know this order", later=False)
        return payment_of(found, provider_id=provider_id)

    def find_payment(self, *, payment_id: UUID, created_at: datetime) -> ProviderPayment | None:
        """The order that was made for our payment when its answer was lost; None if there is none."""
        found = call("find_orders", {"site_order_identifier": str(payment_id)}).get("orders", [])
        return payment_of(found, provider_id="") if found else None

    def payments_between(self, *, since: datetime, until: datetime) -> Iterator[ProviderPayment]:
        """Its orders are found by their names only: whoever compares asks for those that were written down."""
        raise NotDone("PayNearMe gives no list of orders", later=False)

    def refund(self, order: RefundOrder) -> ProviderRefund:
        """Cash does not go back to the till."""
        raise NotDone("cash cannot be given back", later=False)

    def find_refund(self, *, refund_id: UUID, provider_id: str) -> ProviderRefund | None:
        """There is none; what PayNearMe itself reverses is told with the payment."""
        return None

    def read_event(self, *, body: bytes, headers: Mapping[str, str]) -> Event:
        """The confirmation or reversal of a callback; Forged unless PayNearMe signed it within five minutes."""
        return callbacks.event_of(callbacks.read(body=body, headers=headers))


def _fields(order: PageOrder) -> dict[str, str]:
    words = order.items[0][0] if order.items else ""
    person = {"site_customer_email": order.email} if order.email else {}
    return {
        "order_amount": f"{sum(amount for _words, amount in order.items):.2f}",
        "order_currency": order.currency,
        "order_type": "exact",
        "order_is_standing": "false",
        "order_expiration_date": f"{expires_at(order.created_at):%Y-%m-%d}",
        "site_customer_identifier": order.customer_ref,
        "site_order_identifier": str(order.payment_id),
        "site_order_description": words[:100],
        **person,
    }


def expires_at(created_at: datetime) -> datetime:
    """The last moment at which the slip can be paid: the end of a day in UTC, which PayNearMe is told."""
    last = created_at + SLIP_LIFETIME
    return last.replace(hour=23, minute=59, second=59, microsecond=0)


def is_on() -> bool:
    """Whether the telephone company takes cash by PayNearMe."""
    return bool(settings.PAYNEARME_SITE)


@contextmanager
def _alone(customer_ref: str) -> Iterator[None]:
    """One at a time for a customer, over all processes, as PayNearMe asks for; no transaction is open meanwhile.

    The lock belongs to the connection, so it is free as soon as the process is gone.
    """
    key = (LOCKS, crc32(customer_ref.encode()) - 2**31)
    deadline = time.monotonic() + PATIENCE
    while not _ask("pg_try_advisory_lock", key):
        if time.monotonic() > deadline:
            raise NotDone("another order of this customer is being made", later=True)
        time.sleep(0.05)
    try:
        yield
    finally:
        _ask("pg_advisory_unlock", key)


def _ask(function: str, key: tuple[int, int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", key)
        return bool(cursor.fetchone()[0])
