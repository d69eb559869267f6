"""A credit note for an invoice: the whole of it, or by lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice
from billing.money import minor_digits
from billing.operations.credit_notes import credit_invoice, field_of
from billing.operations.guards import AlreadyStarted
from billing.queries.credit_notes import creditable
from selfcare import formats
from selfcare.admin.acts import Act, OnceForm


class CreditNoteForm(OnceForm):
    """Why, and how much; the act adds a field for each line of the invoice."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It stands on the credit note, such as: calls of 3 May were counted twice."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    whole = forms.BooleanField(
        label=_("All that is left"),
        required=False,
        help_text=_("The whole invoice with its tax, less what credit notes gave back before."),
    )

    def clean(self) -> dict[str, Any] | None:
        typed = [name for name, value in self.cleaned_data.items() if name.startswith("line_") and value]
        if bool(typed) == bool(self.cleaned_data.get("whole")) and not self.errors:
            self.add_error("whole", _("Tick this, or enter an amount for at least one line, but not both."))
        return self.cleaned_data


class MakeCreditNote(Act):
    """A document that gives back what the invoice `pk` charged too much."""

    model = Invoice
    permission = "billing.change_invoice"
    form_class = CreditNoteForm
    title = _("Make a credit note")
    button = _("Make the credit note")
    is_grave = True
    used_before = AlreadyStarted

    def get_form(self, form_class: Any = None) -> forms.Form:
        form = super().get_form(form_class)
        for line, left in creditable(self.record).by_line.items():
            if left:
                form.fields[field_of(line.pk)] = forms.DecimalField(
                    label=line.description,
                    required=False,
                    max_digits=14,
                    decimal_places=minor_digits(self.record.currency),
                    help_text=_("Without tax; up to %(left)s.") % {"left": formats.money(left, self.record.currency)},
                )
        return form

    def consequences(self) -> list[str]:
        invoice: Invoice = self.record
        left = creditable(invoice)
        amounts = {
            "total": formats.money(left.net + left.tax, invoice.currency),
            "net": formats.money(left.net, invoice.currency),
        }
        return [
            _("Of this invoice %(total)s are left, %(net)s without tax.") % amounts,
            _("The credit note has the next number, takes the tax of its amount off the balance as well, and goes to"
              " the customer by mail."),
            _("It lowers what is open on this invoice; what is more pays his other open invoices, the oldest first."),
            _("No later invoice charges it again. Use it when an invoice is right but for some amounts, or was paid:"
              " an invoice that went to the wrong address, or has wrong calls throughout, is made void instead."),
        ]  # fmt: skip

    def act(self, said: dict[str, Any]) -> str | Promise:
        lines = creditable(self.record).by_line
        amounts = {line.pk: said[field_of(line.pk)] for line in lines if said.get(field_of(line.pk))}
        self.note = credit_invoice(
            invoice=self.record,
            amounts=None if said["whole"] else amounts,
            reason=said["reason"],
            staff=self.request.user,
            made_as=said["once"],
            now=timezone.now(),
        )
        total = formats.money(-self.note.total, self.note.currency)
        return _("The credit note %(number)s of %(total)s is made.") % {"number": self.note.number, "total": total}

    def after(self) -> str:
        return reverse("admin:billing_invoice_change", args=[self.note.pk])
