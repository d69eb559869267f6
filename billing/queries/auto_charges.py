"""What auto-pay is doing."""

from __future__ import annotations

from billing.models import AutoCharge, AutoPay, Invoice, StoredMethod
from billing.queries.invoices import PAYABLE, with_payments


def at_work(invoice: Invoice) -> bool:
    """Whether auto-pay is about to charge this invoice right after it was made, or has no first answer yet.

    What waits for the customer, or was declined once, has been answered.
    """
    charge = AutoCharge.objects.filter(invoice=invoice).first()
    if charge is not None:
        return charge.state == AutoCharge.State.DUE and not charge.failure
    wishes = AutoPay.objects.filter(customer=invoice.customer_id, stopped_at=None, pay_invoices=True)
    if not wishes.filter(invoice_when=AutoPay.When.ISSUE).exists():
        return False
    methods = StoredMethod.objects.filter(customer=invoice.customer_id, is_default=True, usable=True, removed_at=None)
    payable = with_payments(Invoice.objects.filter(PAYABLE, pk=invoice.pk)).filter(outstanding__gt=0)
    return methods.exists() and payable.exists()
