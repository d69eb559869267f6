"""The mails about automatic payments, to the owners; each once, whoever finds out what it tells."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from billing.models import AutoCharge, AutoPay, Payment, StoredMethod
from billing.operations.autopay.links import link_to_confirm
from billing.queries.auto_pay import TO_CONFIRM
from billing.queries.payments import failure_in_words
from centrex.operations.notices import tell_owners
from selfcare.models import Customer, User


def tell_of_change(kept: AutoPay, *, user: User, changes: dict[str, list[str]]) -> None:
    """Somebody changed what is paid automatically: whoever does that decides about the owners' money."""
    facts = [{"label": label, "old": old, "new": new} for label, (old, new) in changes.items()]
    _tell(kept.customer, "auto_pay_changed", f"{kept.pk}:{kept.version}", who=user, changes=facts)


def tell_of_refusal(charge: AutoCharge, payment: Payment, *, next_day: date | None) -> None:
    """The bank refused; it is tried again on `next_day`, or not at all."""
    _tell_of_try("auto_pay_failed", charge, payment, next_day=next_day)


def tell_of_stop(charge: AutoCharge, payment: Payment) -> None:
    """The bank refused for good: nothing is charged any more until the customer does something."""
    _tell_of_try("auto_pay_stopped", charge, payment)


def ask_to_confirm(charge: AutoCharge, payment: Payment) -> None:
    """The bank wants to hear from the customer himself; the link leads to this one payment and signs nobody in."""
    until = (payment.created_at + TO_CONFIRM).astimezone(charge.customer.zone).date()
    _tell_of_try("auto_pay_confirm", charge, payment, link=link_to_confirm(payment), until=until)


def tell_of_no_confirmation(charge: AutoCharge, payment: Payment) -> None:
    """Nobody confirmed it in time."""
    _tell_of_try("auto_pay_not_confirmed", charge, payment)


def tell_of_cap(charge: AutoCharge) -> None:
    """Nothing was charged, as it would have been more than the customer, or we, allow; once for each charge."""
    words = {"amount": charge.amount, "what_for": what_for(charge), "reason": failure_in_words(charge.failure)}
    _tell(charge.customer, "auto_pay_cap", f"{charge.pk}:{charge.failure}", **words)


def tell_of_expiry(method: StoredMethod, *, last_day: date, step: int) -> None:
    """The card ends soon; `step` days before is told once for each expiry date."""
    key = f"{method.pk}:{last_day:%Y-%m}:{step}"
    _tell(method.customer, "card_expires", key, method=method, last_day=last_day)


def what_for(charge: AutoCharge) -> str:
    """The invoice's number; empty for a payment because of the balance."""
    return charge.invoice.number if charge.invoice is not None else ""


def _tell_of_try(template: str, charge: AutoCharge, payment: Payment, **more: Any) -> None:
    facts = {
        "payment": payment,
        "what_for": what_for(charge),
        "method": payment.stored_method,
        "reason": failure_in_words(payment.failure, payment.method),
    }
    _tell(charge.customer, template, str(payment.pk), **(facts | more))


def _tell(customer: Customer, template: str, key: str, **facts: Any) -> None:
    pay, info = (settings.PORTAL_URL + reverse(name) for name in ("billing:pay", "billing:payment-info"))
    context = {"pay": pay, "info": info, "currency": customer.currency, **facts}
    tell_owners(customer=customer, template=template, context=context, key=f"{template}:{key}")
