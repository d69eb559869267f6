"""PayNearMe's orders as payments of ours: the first payment of an order is the payment, others came on top."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from billing.gateways.base import Progress, ProviderPayment, Unanswered
from billing.gateways.paynearme.wire import BARCODE, CHARGED_BACK, GIVEN_BACK, MADE_AT, PAID, SHOP, SLIPS

ZERO = Decimal(0)


def payment_of(orders: list[dict[str, Any]], *, provider_id: str) -> ProviderPayment:
    """What was paid on these orders, which are one payment of ours; `provider_id` says which part of it is meant.

    Several orders are the trace of a lost answer: they have the same reference. Raises Unanswered for what does not
    read as an order.
    """
    try:
        order = min(orders, key=lambda each: (each["order_status"] != "open", str(each["pnm_order_identifier"])))
        made = [payment for each in orders for payment in each.get("payments") or () if _counts(payment)]
        made.sort(key=lambda each: (str(each.get(MADE_AT) or ""), str(each["pnm_payment_identifier"])))
        slip = _slip(order)
        parts = [_paid(slip, payment) for payment in made]
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise Unanswered(f"an order that cannot be read: {error!r}") from error
    named = [part for part in parts if part.provider_id == provider_id]
    first = (named or parts or [slip])[0]
    return replace(first, further=tuple(part for part in parts if part is not first))


def _counts(payment: dict[str, Any]) -> bool:
    return str(payment["payment_status"]) in PAID | GIVEN_BACK | CHARGED_BACK


def _slip(order: dict[str, Any]) -> ProviderPayment:
    slip: dict[str, Any] = next(iter(order.get(SLIPS) or ()), {})
    return ProviderPayment(
        reference=str(order["site_order_identifier"]),
        session_id=str(order["pnm_order_identifier"]),
        session_url=str(order.get("secure_smart_link") or ""),
        provider_id="",
        progress=Progress.OPEN if order["order_status"] == "open" else Progress.EXPIRED,
        amount=Decimal(str(order["order_amount"])),
        currency=str(order["order_currency"]),
        label="",
        failure="",
        refunded=ZERO,
        disputed=ZERO,
        kind="paynearme",
        slip_code=str(slip.get(BARCODE) or order["pnm_order_identifier"]),
    )


def _paid(slip: ProviderPayment, payment: dict[str, Any]) -> ProviderPayment:
    amount, state = Decimal(str(payment["payment_amount"])), str(payment["payment_status"])
    return replace(
        slip,
        provider_id=str(payment["pnm_payment_identifier"]),
        progress=Progress.PAID,
        amount=amount,
        currency=str(payment["payment_currency"]),
        label=str(payment.get(SHOP) or "PayNearMe")[:80],
        refunded=amount if state in GIVEN_BACK else ZERO,
        disputed=amount if state in CHARGED_BACK else ZERO,
    )
