"""What staff do with money: record a payment, give a credit, make an invoice void, ask the provider again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, Payment
from billing.money import CHARGE_DIGITS, round_money
from billing.operations.adjustments import give_credit
from billing.operations.guards import AlreadyStarted
from billing.operations.invoices import void_invoice
from billing.operations.papers import PaperProblem, stored_pdf
from billing.operations.payments import ask_again, record_payment
from billing.queries.accounts import money_words
from billing.queries.invoices import open_invoices
from selfcare import formats
from selfcare.admin.acts import Act, OnceForm
from selfcare.errors import Refused
from selfcare.models import Customer


class PaymentForm(OnceForm):
    """Money that has arrived, and what the customer reads about it."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14)
    words = forms.CharField(
        label=_("Text"),
        max_length=200,
        initial=_("Bank transfer"),
        help_text=_("The customer reads it in his list of transactions."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class CreditForm(OnceForm):
    """A correction of the ledger, and what the customer reads about it."""

    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=14,
        decimal_places=CHARGE_DIGITS,
        help_text=_("More than 0 lowers what the customer owes; less than 0, such as -12.50, raises it."),
    )
    words = forms.CharField(
        label=_("Text"),
        max_length=200,
        help_text=_("The customer reads it in his list of transactions: what is corrected, and why."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Kept in the activity for ever, together with your name."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class OnBalance(Act):
    """An act that changes a customer's balance; it says what that is now."""

    model = Customer
    used_before = AlreadyStarted

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        form.fields["amount"].label = _("Amount, %(currency)s") % {"currency": self.record.currency}
        return form

    def consequences(self) -> list[str]:
        money = money_words(self.record)
        return [
            _("The balance is %(balance)s; more than 0 is owed.") % {"balance": in_money(self.record, money.balance)}
        ]


class RecordPayment(OnBalance):
    """A bank transfer or another payment that came past the provider; `?invoice=` suggests what is open on it."""

    permission = "billing.add_payment"
    form_class = PaymentForm
    title = _("Record a payment")
    button = _("Record the payment")

    def get_initial(self) -> dict[str, Any]:
        number = self.request.GET.get("invoice", "")
        invoice = open_invoices(self.record).filter(number=number).first() if number else None
        if invoice is None:
            return {}
        return {
            "amount": round_money(invoice.outstanding, invoice.currency),
            "words": _("Bank transfer, invoice %(number)s") % {"number": invoice.number},
        }

    def consequences(self) -> list[str]:
        return [*super().consequences(), _("The payment is booked at once and pays the oldest open invoices first.")]

    def act(self, said: dict[str, Any]) -> str | Promise:
        payment = record_payment(
            payment_id=said["once"],
            customer=self.record,
            staff=self.request.user,
            amount=said["amount"],
            words=said["words"],
            now=timezone.now(),
        )
        return _("The payment of %(amount)s is recorded.") % {"amount": in_money(self.record, payment.amount)}


class GiveCredit(OnBalance):
    """A credit, or the correction of a wrong charge; also of a payment that was recorded by mistake."""

    permission = "billing.add_xdr"
    form_class = CreditForm
    title = _("Give a credit or correct a charge")
    button = _("Book it")

    def consequences(self) -> list[str]:
        return [
            *super().consequences(),
            _("A row is added to the transactions, under Credits. It stays there; only another row corrects it."),
            _("The amount is without tax. The next invoice has it among its charges and takes the tax of their sum."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        give_credit(
            customer=self.record,
            amount=said["amount"],
            words=said["words"],
            staff=self.request.user,
            adjustment_id=said["once"],
            now=timezone.now(),
        )
        return _("%(amount)s is booked.") % {"amount": formats.charge(said["amount"], self.record.currency)}


class MakeVoid(Act):
    """A wrong invoice; a new one takes its place."""

    permission = "billing.change_invoice"
    model = Invoice
    form_class = ReasonForm
    title = _("Make the invoice void")
    button = _("Make it void")
    is_grave = True

    def consequences(self) -> list[str]:
        invoice: Invoice = self.record
        tax = in_money(invoice.customer, invoice.tax)
        if invoice.is_credit_note:
            return [
                _("This cannot be undone. The number %(number)s stays used.") % {"number": invoice.number},
                _("What it gave back, and its tax, is owed again, and the invoices that it paid are open again."),
            ]
        return [
            _("This cannot be undone. The number %(number)s stays used.") % {"number": invoice.number},
            _("Use it for an invoice that should not be as it is at all, and that the customer has not entered in his"
              " books yet; else make a credit note, which he can book as well."),
            _("Its tax of %(tax)s is taken off the balance again.") % {"tax": tax},
            _("What was paid on it pays the customer's other open invoices, the oldest first."),
            _("Its charges stay in the ledger. They are invoiced anew: by a new invoice of the same period if this is"
              " the customer's last one, else as a line of the next invoice."),
            _("The customer still finds it, marked as void; he is not told by mail."),
        ]  # fmt: skip

    def act(self, said: dict[str, Any]) -> str | Promise:
        if self.record.voided_at is not None:
            raise Refused(_("This invoice is void already."))
        void_invoice(invoice=self.record, staff=self.request.user, reason=said["reason"], now=timezone.now())
        return _("The invoice %(number)s is void.") % {"number": self.record.number}


class MakePdf(Act):
    """A PDF that could not be made before."""

    permission = "billing.change_invoice"
    model = Invoice
    title = _("Make the PDF")
    button = _("Make it now")

    def consequences(self) -> list[str]:
        problem = self.record.pdf_problem
        return [
            *([_("The last try ended with: %(problem)s") % {"problem": problem}] if problem else []),
            _("The PDF is made once and then kept as it is. What it prints was copied when the invoice was made."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        try:
            stored_pdf(invoice=self.record)
        except PaperProblem as problem:
            raise Refused(problem.message) from problem
        return _("The invoice %(number)s has its PDF.") % {"number": self.record.number}


class AskProvider(Act):
    """What became of a payment, asked now instead of when the calendar says."""

    permission = "billing.change_payment"
    model = Payment
    title = _("Ask the provider again")
    button = _("Ask now")

    def consequences(self) -> list[str]:
        state = self.record.get_state_display()
        return [
            _("Here the payment is: %(state)s.") % {"state": state},
            _("What the provider says is booked at once, just as when it tells us by itself."),
        ]

    def act(self, said: dict[str, Any]) -> str | Promise:
        payment = ask_again(payment=self.record, staff=self.request.user, now=timezone.now())
        return _("The provider was asked. The payment is: %(state)s.") % {"state": payment.get_state_display()}


def in_money(customer: Customer, amount: Decimal) -> str:
    """An amount in the customer's currency."""
    return formats.money(amount, customer.currency)
