"""The page of everything about money that has not ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import AutoCharge, Difference, MethodSetup, Payment, Refund, WebhookEvent, XdrReport
from billing.operations.staff_ends import give_up_event, give_up_payment, give_up_setup
from billing.queries.open_ends import KINDS, NOT_AT_ONCE, open_counts, open_ends
from selfcare.errors import Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests import factories
from tests.factories import UserFactory
from tests.people import signed_in

PAGE = "/admin/billing/payment/open/"


def one_of_each(number: int = 1) -> None:
    """One of each kind that hangs, and beside it one that has ended."""
    factories.PaymentFactory(state=Payment.State.UNKNOWN, failure="no answer")
    factories.PaymentFactory(state=Payment.State.SUCCEEDED)
    paid = factories.PaymentFactory(state=Payment.State.SUCCEEDED)
    factories.RefundFactory(payment=paid, state=Refund.State.PENDING, next_check_at=timezone.now())
    factories.RefundFactory(payment=paid, state=Refund.State.FAILED)
    factories.MethodSetupFactory(state=MethodSetup.State.OPEN)
    factories.MethodSetupFactory(state=MethodSetup.State.DONE)
    factories.AutoChargeFactory()
    factories.AutoChargeFactory(state=AutoCharge.State.PAID)
    factories.WebhookEventFactory(processed_at=None, error="no usable answer")
    factories.WebhookEventFactory(processed_at=timezone.now())
    factories.DifferenceFactory(payment=paid)
    factories.DifferenceFactory(payment=paid, cleared_at=timezone.now())
    factories.XdrReportFactory()
    factories.XdrReportFactory(state=XdrReport.State.DONE)
    for key, sent in ((f"c{number}", None), (f"d{number}", timezone.now())):
        mail = OutgoingMail.objects.create(key=key, to=["a@example.com"], subject="s", body="b", sent_at=sent)
        OutgoingMail.objects.filter(pk=mail.pk).update(created_at=timezone.now() - timedelta(hours=1))


def test_each_kind_is_found_and_what_has_ended_is_not(db):
    one_of_each()
    assert open_counts(now=timezone.now()) == {kind.name: 1 for kind in KINDS}
    ends = open_ends(now=timezone.now(), offset=0, limit=50)
    assert sorted(end.kind.name for end in ends) == sorted(kind.name for kind in KINDS)
    assert [end.since for end in ends] == sorted(end.since for end in ends), "the oldest first"
    payment = next(end for end in ends if end.kind.name == "payment")
    assert (payment.state, payment.error, payment.overdue) == ("Being checked", "no answer", True)
    event = next(end for end in ends if end.kind.name == "event")
    assert (event.customer, event.overdue, event.error) == (None, False, "no usable answer")


def test_what_began_a_moment_ago_is_not_listed(db):
    factories.PaymentFactory(state=Payment.State.PENDING, created_at=timezone.now() - NOT_AT_ONCE / 2)
    assert open_ends(now=timezone.now(), offset=0, limit=50) == []


def test_the_page_and_its_acts(as_dora):
    one_of_each()
    page = as_dora.get(PAGE).content.decode()
    payment = Payment.objects.get(state=Payment.State.UNKNOWN)
    event = WebhookEvent.objects.get(processed_at=None)
    for address in (
        reverse("admin:billing_payment_change", args=[payment.pk]),
        reverse("admin:billing_payment_ask", args=[payment.pk]),
        reverse("admin:billing_payment_give_up", args=[payment.pk]),
        reverse("admin:billing_webhookevent_give_up", args=[event.pk]),
        reverse("admin:billing_difference_clear", args=[Difference.objects.get(cleared_at=None).pk]),
        reverse("admin:selfcare_outgoingmail_again", args=[OutgoingMail.objects.get(sent_at=None).pk]),
        reverse("admin:billing_xdrreport_give_up", args=[XdrReport.objects.get(state="waiting").pk]),
    ):
        assert f'href="{address}"' in page
        assert as_dora.get(address).status_code == 200
    only = as_dora.get(PAGE, {"kind": "event"}).content.decode()
    assert "no usable answer" in only
    assert "no answer</td>" not in only.replace("no usable answer</td>", "")
    assert "Nothing hangs" not in as_dora.get(PAGE, {"kind": "nonsense", "page": "x"}).content.decode()


def test_the_first_page_of_the_administration_says_how_many(as_dora):
    one_of_each()
    index = as_dora.get(reverse("admin:index")).content.decode()
    assert f'href="{PAGE}">What has not ended <b>{len(KINDS)}</b>' in index


def test_as_many_queries_for_many_as_for_one(as_dora):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert as_dora.get(PAGE).status_code == 200
        return len(captured)

    one_of_each()
    queries()
    few = queries()
    one_of_each(2)
    one_of_each(3)
    assert queries() == few


def test_it_is_paged(as_dora):
    factories.PaymentFactory.create_batch(51, state=Payment.State.PENDING)
    first, second = (as_dora.get(PAGE, {"page": number}).content.decode() for number in (1, 2))
    assert first.count("<time datetime") == 50
    assert second.count("<time datetime") == 1
    assert "Page 2 of 2" in second


def test_only_for_who_may_see_payments(as_alice, client):
    clerk = signed_in(UserFactory(username="clerk", is_staff=True, customer=None))
    assert clerk.get(PAGE).status_code == 403
    assert "What has not ended" not in clerk.get(reverse("admin:index")).content.decode()
    assert as_alice.get(PAGE).status_code == 302
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("make", "act", "read"),
    [
        (lambda: factories.PaymentFactory(state="unknown"), "billing_payment_give_up", ("state", "cancelled")),
        (
            lambda: factories.WebhookEventFactory(processed_at=None),
            "billing_webhookevent_give_up",
            ("error", "Looked at it"),
        ),
        (lambda: factories.XdrReportFactory(), "billing_xdrreport_give_up", ("state", "cancelled")),
    ],
)
def test_giving_up_keeps_the_reason(as_dora, dora, make, act, read):
    record = make()
    address = reverse(f"admin:{act}", args=[record.pk])
    answer = as_dora.post(address, {"reason": "Looked at it"})
    assert answer.url == PAGE
    record.refresh_from_db()
    assert getattr(record, read[0]) == read[1]
    assert AuditEvent.objects.filter(user=dora, record_id=str(record.pk)).exists()
    assert as_dora.post(address, {"reason": "again"}).status_code == 200, "it has ended already"


def test_a_mail_is_sent_again(as_dora):
    mail = OutgoingMail.objects.create(key="k", to=["a@example.com"], subject="s", body="b", tries=10)
    address = reverse("admin:selfcare_outgoingmail_again", args=[mail.pk])
    assert as_dora.post(address).url == PAGE
    mail.refresh_from_db()
    assert mail.tries == 0
    OutgoingMail.objects.update(sent_at=timezone.now())
    assert "sent already" in as_dora.post(address).content.decode()


def test_what_has_ended_cannot_be_given_up(dora):
    now = timezone.now()
    paid = factories.PaymentFactory(state=Payment.State.SUCCEEDED)
    done = factories.WebhookEventFactory(processed_at=now)
    stored = factories.MethodSetupFactory(state=MethodSetup.State.DONE)
    with pytest.raises(Refused):
        give_up_event(event=done, staff=dora, reason="x", now=now)
    with pytest.raises(Refused):
        give_up_setup(setup=stored, staff=dora, reason="x", now=now)
    with pytest.raises(Refused):
        give_up_payment(payment=paid, staff=dora, reason="x", now=now)
