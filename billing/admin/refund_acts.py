"""What staff do with refunds: begin one on a payment, agree to a large one or not, ask the provider, give one up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.admin.acts import ReasonForm
from billing.gateways.base import NotDone, Unanswered
from billing.models import Payment, Refund
from billing.operations.guards import AlreadyStarted
from billing.operations.refunds import (
    approve_refund,
    ask_refund,
    begin_refund,
    check_refund,
    decline_refund,
    give_up_refund,
    refundable,
)
from selfcare import formats
from selfcare.admin.acts import Act, OnceForm
from selfcare.errors import Refused

WORDS: dict[str, Promise] = {
    Refund.State.WAITING: _("The refund is written down. Another member of your staff has to agree to it."),
    Refund.State.SUCCEEDED: _("The money was given back and is booked."),
    Refund.State.PENDING: _("The refund is on its way and is booked. The bank takes some days."),
    Refund.State.UNKNOWN: _("No answer came. The provider is asked again by itself; do not begin it anew."),
    Refund.State.FAILED: _("The provider did not give the money back."),
}


class RefundForm(OnceForm):
    """How much is given back, and why."""

    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=14,
        help_text=_("With the tax that was paid on top, such as 12.50. The tax has its share of a part."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("The customer reads it in his mail; it is kept in the activity together with your name."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class GiveBack(Act):
    """A refund of a payment, in whole or in part."""

    permission = "billing.add_refund"
    model = Payment
    form_class = RefundForm
    title = _("Refund the payment")
    button = _("Refund")
    is_grave = True
    used_before = AlreadyStarted

    def get_initial(self) -> dict[str, Any]:
        return {"amount": refundable(self.record)}

    def consequences(self) -> list[str]:
        payment: Payment = self.record
        left = formats.money(refundable(payment), payment.currency)
        limit = formats.money(settings.REFUND_APPROVAL_ABOVE, payment.currency)
        return [
            _("Of this payment %(left)s can be given back.") % {"left": left},
            _("The money goes back to where it came from. The customer gets a mail about it."),
            _("The balance rises by it, and invoices that it paid are open again, the newest first."),
            _("More than %(limit)s of one payment needs another member of your staff to agree.") % {"limit": limit},
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        now = timezone.now()
        refund = begin_refund(
            payment=self.record,
            staff=self.request.user,
            refund_id=said["once"],
            amount=said["amount"],
            reason=said["reason"],
            now=now,
        )
        return in_words(asked(refund))


class OnRefund(Act):
    """An act on one refund."""

    permission = "billing.change_refund"
    model = Refund

    def consequences(self) -> list[str]:
        refund: Refund = self.record
        facts = {
            "amount": formats.money(refund.amount, refund.payment.currency),
            "customer": refund.payment.customer,
            "staff": refund.staff,
            "reason": refund.reason,
        }
        return [
            _("%(staff)s wants to give %(amount)s back to %(customer)s: %(reason)s") % facts,
            _("Here the refund is: %(state)s.") % {"state": refund.get_state_display()},
        ]


class Approve(OnRefund):
    """The second person agrees."""

    title = _("Agree to the refund")
    button = _("Agree and refund")
    is_grave = True

    def act(self, said: dict[str, Any]) -> str | Promise:
        refund = approve_refund(refund=self.record, staff=self.request.user, now=timezone.now())
        return in_words(asked(refund))


class Decline(OnRefund):
    """The second person does not agree, or the first takes it back."""

    form_class = ReasonForm
    title = _("Decline the refund")
    button = _("Decline")

    def act(self, said: dict[str, Any]) -> str | Promise:
        decline_refund(refund=self.record, staff=self.request.user, reason=said["reason"], now=timezone.now())
        return _("The refund is declined. No money was sent.")


class AskRefund(OnRefund):
    """What became of a refund, asked now."""

    title = _("Ask the provider about the refund")
    button = _("Ask now")

    def act(self, said: dict[str, Any]) -> str | Promise:
        if self.record.state in (Refund.State.WAITING, Refund.State.DECLINED):
            raise Refused(_("Nobody has asked the provider for this refund."))
        try:
            refund = check_refund(refund_id=self.record.pk, now=timezone.now())
        except (Unanswered, NotDone):
            raise Refused(_("The payment provider gave no usable answer. Please try again in a minute.")) from None
        return _("The provider was asked. The refund is: %(state)s.") % {"state": refund.get_state_display()}


class GiveUpRefund(OnRefund):
    """A refund that does not end by itself, ended by a person who has looked at the provider's own pages."""

    form_class = ReasonForm
    title = _("Give the refund up")
    button = _("Give it up")
    is_grave = True

    def consequences(self) -> list[str]:
        return [
            *super().consequences(),
            _("Look at the provider's own pages first: whoever begins the refund anew may give the money back twice."),
            _("If the provider gave the money back all the same, it is booked when he says so."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        give_up_refund(refund=self.record, staff=self.request.user, reason=said["reason"], now=timezone.now())
        return _("The refund is given up.")


def asked(refund: Refund) -> Refund:
    """The refund after the provider was asked, if it may be."""
    if refund.state != Refund.State.CREATED:
        return refund
    try:
        return ask_refund(refund=refund, now=timezone.now())
    except (Unanswered, NotDone):  # the refund was answered, the payment was not: the janitor goes on
        return Refund.objects.get(pk=refund.pk)


def in_words(refund: Refund) -> str:
    """What became of it."""
    words = WORDS.get(refund.state, refund.get_state_display())
    if refund.state == Refund.State.FAILED and refund.failure:
        return f"{words} {refund.failure}"
    return str(words)
