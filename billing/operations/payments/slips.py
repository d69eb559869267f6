"""Cash: the slip that is paid at a till, what the till may take, and what came on a slip more than once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.documents.slip_pdf import slip_pdf
from billing.gateways.base import ProviderPayment, Unanswered
from billing.gateways.paynearme.adapter import expires_at
from billing.models import Payment
from billing.money import split
from billing.operations.payments.states import OPEN, State, next_check
from selfcare import mail
from selfcare.models import Brand

CASH = Payment.Method.PAYNEARME


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the till may take the money, and what it prints for the payer."""

    accept: bool
    words: str


def may_take(*, reference: str, order_id: str, amount: Decimal, currency: str, now: datetime) -> Decision:
    """What a till is answered that asks before it takes money: our state decides, and nothing is changed by it.

    Less or more than the slip says is taken too, and booked as it comes.
    """
    payment = _slip_named(reference)
    if payment is None or payment.session_id not in ("", order_id):
        return Decision(accept=False, words=_("We do not know this slip."))
    if payment.paid_at is not None:
        return Decision(accept=False, words=_("This slip was paid already."))
    if payment.state not in OPEN or now > expires_at(payment.created_at):
        return Decision(accept=False, words=_("This slip can no longer be paid. Please ask for a new one."))
    if currency != payment.currency or not 0 < amount <= Decimal(settings.MAXIMUM_PAYMENT):
        return Decision(accept=False, words=_("This amount cannot be taken."))
    return Decision(accept=True, words=_("Thank you. %(name)s") % {"name": Brand.current().name})


def as_it_came(payment: Payment, found: ProviderPayment) -> None:
    """Take the amount that the till took for the payment's own, once; the tax has its share.

    Raises Unanswered when another part of the slip became the payment meanwhile: whoever asks again gets it right.
    """
    if payment.method != CASH or not found.provider_id:
        return
    if payment.provider_id and payment.provider_id != found.provider_id:
        raise Unanswered("the slip was paid once more meanwhile")
    if payment.paid_at is None and found.currency == payment.currency and found.amount > 0:
        payment.amount, payment.tax = split(found.amount, [payment.amount, payment.tax], payment.currency)


def further_payment(payment: Payment, part: ProviderPayment, *, now: datetime) -> tuple[UUID, ProviderPayment, bool]:
    """Write down what was paid on the payment's slip once more: its id, what the provider says of it, and if it is new.

    The id is made of the slip's and the provider's number, so that it is one payment whoever hears of it first.
    """
    amount, tax = split(part.amount, [payment.amount, payment.tax], payment.currency)
    row = Payment(
        id=uuid5(payment.pk, part.provider_id),
        further_to=payment,
        customer=payment.customer,
        user=payment.user,
        email=payment.email,
        origin=payment.origin,
        method=payment.method,
        provider=payment.provider,
        amount=amount,
        tax=tax,
        currency=payment.currency,
        state=State.PENDING,
        created_at=now,
        changed_at=now,
        next_check_at=next_check(State.PENDING, checks=0, now=now, method=payment.method),
    )
    is_new = not Payment.objects.filter(pk=row.pk).exists()
    Payment.objects.bulk_create([row], ignore_conflicts=True)
    alone = replace(part, reference=str(row.pk), session_id="", session_url="", slip_code="", further=())
    return row.pk, alone, is_new


def mail_slip(payment: Payment) -> None:
    """Post the slip as a PDF to whoever wants to pay, once, in his language."""
    user = payment.user
    language = user.language if user else "en"
    with override(language):
        slip = mail.Attached("payment-slip.pdf", "application/pdf", pdf_of(payment))
    mail.post(
        template="payment_slip",
        context={"payment": payment, "expires_at": expires_at(payment.created_at)},
        to=[payment.email or (user.email if user and user.email else payment.customer.email)],
        key=f"payment_slip:{payment.pk}",
        customer=payment.customer,
        language=language,
        attached=[slip],
    )


def pdf_of(payment: Payment) -> bytes:
    """The slip as a PDF."""
    return slip_pdf(payment, brand=Brand.current(), expires_at=expires_at(payment.created_at))


def _slip_named(reference: str) -> Payment | None:
    try:
        key = UUID(reference)
    except ValueError:
        return None
    found: Payment | None = Payment.objects.filter(pk=key, method=CASH, further_to=None).first()
    return found
