"""Staff have the provider asked about a payment from the administration."""

from django.urls import reverse

from billing.models import Payment
from selfcare.models import AuditEvent
from tests.billing.payments.conftest import balance, booked, pay_on_page


def ask(payment: Payment) -> str:
    return reverse("admin:billing_payment_ask", args=[payment.pk])


def test_a_payment_whose_notice_was_lost_is_booked_when_staff_ask(as_dora, dora, opened):
    pay_on_page(opened.session_url)
    assert as_dora.get(ask(opened)).status_code == 200
    assert booked(opened) == []
    for _ in range(2):
        answer = as_dora.post(ask(opened), follow=True)
        assert "The payment is: Paid" in answer.content.decode()
    assert booked(opened) == [-50]
    assert balance(opened.customer) == -50
    first, second = AuditEvent.objects.filter(action="ask provider").order_by("id")
    assert (first.user, first.customer, first.record_id) == (dora, opened.customer, str(opened.pk))
    assert list(first.changes.values()) == [["Pending", "Paid"]]
    assert second.changes == {}


def test_a_silent_provider_is_told_to_staff(as_dora, opened, fault, impatient):
    fault("error_before", method="GET", path="/v1/checkout/sessions/*")
    page = as_dora.post(ask(opened))
    assert "no usable answer" in page.content.decode()
    assert not AuditEvent.objects.filter(action="ask provider").exists()
    opened.refresh_from_db()
    assert opened.state == Payment.State.PENDING
