"""What every payment provider is asked, and what it answers; nothing of a provider's own objects goes beyond this.

Amounts are `Decimal` in units of the currency. Every call is made outside any database transaction and is tried once:
what an unanswered call did is found out by asking, never by charging again. All calls may raise `Unanswered` or
`NotDone`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Unanswered(Exception):
    """No usable answer came: what was asked for may or may not have been done."""


class NotDone(Exception):
    """The provider did not do it, and says so; `later` when the same may work in a minute, `code` its word for why."""

    def __init__(self, message: str, *, later: bool, code: str = "") -> None:
        super().__init__(message)
        self.later = later
        self.code = code


class Forged(Exception):
    """A message that the provider did not sign, or not lately."""


class Progress(StrEnum):
    """How far a payment came at the provider.

    OPEN waits on the provider's page; UNCONFIRMED is written down there and will not be charged unless we say so;
    ACTION waits for the payer; PROCESSING is under way, days for a bank debit; EXPIRED can no longer be paid.
    """

    OPEN = "open"
    UNCONFIRMED = "unconfirmed"
    ACTION = "action"
    PROCESSING = "processing"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ProviderMethod:
    """A way to pay that the provider keeps for later; `kind` is one of `Payment.Method`.

    `brand` is the card's brand or the bank's name, `last4` the end of its number; the expiry is None where there is
    none. `usable` is False once it was removed there, or its mandate was revoked.
    """

    ref: str
    customer_ref: str
    kind: str
    brand: str
    last4: str
    exp_month: int | None
    exp_year: int | None
    mandate: str
    fingerprint: str
    usable: bool


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """What the provider says of one payment; `refunded` and `disputed` are parts of `amount`.

    `reference` is our payment's id as the provider keeps it; `failure` the code of the last refusal, or empty;
    `stored` what it kept for later because the payer wished so; `action_url` where the payer confirms. `slip_code` is
    what a till reads, and `further` what was paid on the same slip once more.
    """

    reference: str
    session_id: str
    session_url: str
    provider_id: str
    progress: Progress
    amount: Decimal
    currency: str
    label: str
    failure: str
    refunded: Decimal
    disputed: Decimal
    kind: str = ""
    stored: ProviderMethod | None = None
    action_url: str = ""
    slip_code: str = ""
    further: tuple[ProviderPayment, ...] = ()


@dataclass(frozen=True, slots=True)
class PageOrder:
    """A payment page to be opened: `items` are (words, amount); `kind` is one of `Payment.Method`.

    `customer_ref` names the payer at the provider, empty for somebody who stores nothing there; at PayNearMe it is the
    customer's number with us.
    """

    payment_id: UUID
    kind: str
    items: tuple[tuple[str, Decimal], ...]
    currency: str
    email: str
    customer_ref: str
    save_method: bool
    created_at: datetime
    success_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class ChargeOrder:
    """A stored method to be charged; `on_session` while the payer is at the page and can confirm."""

    payment_id: UUID
    amount: Decimal
    currency: str
    customer_ref: str
    method_ref: str
    mandate: str
    words: str
    on_session: bool


@dataclass(frozen=True, slots=True)
class ProviderElement:
    """A payment form that stands in our own page; `client_secret` opens this one payment to the payer's browser."""

    payment: ProviderPayment
    client_secret: str


@dataclass(frozen=True, slots=True)
class SetupOrder:
    """A page on which a way to pay is stored without paying."""

    setup_id: UUID
    kind: str
    currency: str
    customer_ref: str
    created_at: datetime
    success_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class ProviderSetup:
    """What became of storing a way to pay; `method` once it is there."""

    reference: str
    session_id: str
    session_url: str
    progress: Progress
    failure: str
    method: ProviderMethod | None


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """A part of a payment to be given back; `refund_id` is our own and the provider's idempotency key."""

    refund_id: UUID
    provider_id: str
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """What the provider says of a refund."""

    reference: str
    provider_id: str
    payment_provider_id: str
    amount: Decimal
    currency: str
    progress: Progress
    failure: str


@dataclass(frozen=True, slots=True)
class Event:
    """A signed message; `object_id` names the session, payment or method to ask for, `reference` ours if known."""

    event_id: str
    type: str
    object_id: str
    reference: str


class Gateway(Protocol):
    """A provider that takes payments on a page or slip of its own."""

    name: str
    lists_payments: bool  # whether it can be asked for the payments of a span of time

    def open_page(self, order: PageOrder) -> ProviderPayment:
        """Open the provider's page; asked twice for a payment it is one page."""

    def get_payment(self, *, session_id: str, provider_id: str) -> ProviderPayment:
        """What the provider says of the payment with these ids; one of them may be empty."""

    def find_payment(self, *, payment_id: UUID, created_at: datetime) -> ProviderPayment | None:
        """What was made for our payment when its answer was lost; None if there is nothing."""

    def refund(self, order: RefundOrder) -> ProviderRefund:
        """Give a part of a payment back; asked twice for a refund it is one refund."""

    def find_refund(self, *, refund_id: UUID, provider_id: str) -> ProviderRefund | None:
        """The refund of ours, when its answer was lost; `provider_id` is the payment's. None if there is nothing."""

    def payments_between(self, *, since: datetime, until: datetime) -> Iterator[ProviderPayment]:
        """All payments that were made, refunded or disputed there in [since, until), ours or not; to be compared."""

    def read_event(self, *, body: bytes, headers: Mapping[str, str]) -> Event:
        """The message of a webhook or callback; raises Forged unless the provider signed it lately."""


class StoringGateway(Gateway, Protocol):
    """A provider that also keeps ways to pay, and charges them when we say so."""

    def open_customer(self, *, customer_id: int, name: str, email: str) -> str:
        """A payer at the provider; returns its reference. Asked twice within a day it is one payer."""

    def open_setup(self, order: SetupOrder) -> ProviderSetup:
        """Open the page on which a way to pay is stored."""

    def get_setup(self, session_id: str) -> ProviderSetup:
        """What became of it."""

    def open_element(self, order: PageOrder) -> ProviderElement:
        """The payment form for our own page; asked twice for a payment it is one."""

    def get_element(self, provider_id: str) -> ProviderElement:
        """The form of a payment that was opened before."""

    def get_method(self, ref: str, *, mandate: str = "") -> ProviderMethod:
        """The way to pay as the provider has it now; not usable once its `mandate` was revoked."""

    def detach(self, ref: str) -> None:
        """Forget a way to pay; forgotten already is no error."""

    def create_charge(self, order: ChargeOrder) -> ProviderPayment:
        """Write a charge down at the provider, UNCONFIRMED: nothing is taken. Asked twice for a payment it is one."""

    def confirm_charge(
        self, *, provider_id: str, payment_id: UUID, return_url: str, method_ref: str = ""
    ) -> ProviderPayment:
        """Take the money of a charge written down before; a charge is taken at most once however often we say so.

        With a `return_url` the payer is at the page and may be sent to his bank; `method_ref` is then what he pays
        with, as a refused charge has none any more. A refusal by the bank is no error: the answer says FAILED, or
        ACTION when the payer has to confirm.
        """

    def cancel_charge(self, *, provider_id: str, payment_id: UUID) -> ProviderPayment:
        """Give a charge up that was not taken; what was taken meanwhile is answered as PAID."""
