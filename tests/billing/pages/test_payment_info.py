"""Payment Info through the browser's eyes: what is stored, who may change it, and the wishes for automatic payments."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from billing.models import AutoCharge, AutoPay, MethodSetup, OfferedMethod, StoredMethod
from selfcare.models import AuditEvent, OutgoingMail, Role
from tests.billing.payments.conftest import *  # noqa: F403 - the sandbox's fixtures
from tests.billing.payments.conftest import pay_on_page
from tests.factories import (
    PASSWORD,
    AutoChargeFactory,
    AutoPayFactory,
    CustomerFactory,
    InvoiceFactory,
    OfferedMethodFactory,
    StoredMethodFactory,
    UserFactory,
)
from tests.people import signed_in

INFO, ADD = "/billing/payment-info/", "/billing/payment-info/add/"
WISHES = {"pay_invoices": "on", "invoice_when": "issue", "threshold": "", "amount": "", "daily_cap": ""}


def text_of(page: str) -> str:
    """What a person reads in the page's main part."""
    main = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])
    return re.sub(r"\s+", " ", main)


def read(client, address: str = INFO) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return text_of(answer.content.decode())


def remove_page(method: StoredMethod) -> str:
    return reverse("billing:method-remove", args=[method.pk])


def prefer_page(method: StoredMethod) -> str:
    return reverse("billing:method-prefer", args=[method.pk])


def mailed(words: str) -> int:
    return OutgoingMail.objects.filter(subject__icontains=words).count()


def test_nothing_is_stored_yet(as_alice):
    assert "Nothing is stored." in read(as_alice)


def test_brand_last_four_and_expiry(easycall, as_alice):
    StoredMethodFactory(customer=easycall, is_default=True)
    StoredMethodFactory(customer=easycall, kind="sepa", brand="ING", last4="0300", exp_month=None, exp_year=None,
                        mandate="MND-77", usable=False)  # fmt: skip
    page = read(as_alice)
    assert "Visa 4242 preferred Credit or debit card, expires 12/2040" in page
    assert "mandate MND-77" in page
    assert "cannot be used any more" in page


@pytest.mark.parametrize(
    ("days", "words"), [(-40, "has expired"), (20, "expires soon"), (58, "expires soon"), (120, "")]
)
def test_a_warning_before_a_card_ends(easycall, as_alice, days, words):
    """A card is good until the last day of its month."""
    last = timezone.localdate() + timedelta(days=days)
    end = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    StoredMethodFactory(customer=easycall, exp_month=end.month, exp_year=end.year)
    page = read(as_alice)
    if not words or (end - timezone.localdate()).days > 60:
        assert "This card" not in page
    else:
        assert words in page


def test_a_method_that_is_no_longer_offered_says_so(easycall, as_alice):
    StoredMethodFactory(customer=easycall, kind="paypal", brand="PayPal", last4="")
    assert "does not take payments in this way any more" in read(as_alice)
    assert "PayPal" not in read(as_alice, "/billing/pay/")
    OfferedMethodFactory(method="paypal")
    assert "any more" not in read(as_alice)


def test_add_a_card_on_the_providers_page(sandbox, as_alice, easycall, alice):
    page = as_alice.get(ADD).content.decode()
    (setup_id,) = re.findall(r'name="setup_id" value="([^"]+)"', page)
    form = {"setup_id": setup_id, "kind": "card"}
    address = as_alice.post(ADD, form).url
    assert address.startswith(f"{sandbox.url}/c/pay/")
    assert as_alice.post(ADD, form).url == address, "a double click opens the same page"
    back = pay_on_page(address).headers["Location"]
    assert back.endswith(reverse("billing:method-setup", args=[setup_id]))
    assert "Visa 4242 is stored" in read(as_alice, reverse("billing:method-setup", args=[setup_id]))
    kept = StoredMethod.objects.get()
    assert (kept.customer, kept.is_default, kept.added_by) == (easycall, True, alice)
    assert "Visa 4242 preferred" in read(as_alice)
    assert AuditEvent.objects.filter(record_type="billing.storedmethod", user=alice).count() == 1
    assert mailed("payment method") == 1


def test_leaving_the_providers_page_stores_nothing(sandbox, as_alice):
    setup_id = str(uuid4())
    as_alice.post(ADD, {"setup_id": setup_id, "kind": "card"})
    page = as_alice.get(reverse("billing:method-setup", args=[setup_id])).content.decode()
    assert "Not finished" in page
    assert "Go on to the provider" in page
    assert not StoredMethod.objects.exists()


def test_only_what_is_offered_can_be_added(sandbox, as_alice):
    OfferedMethod.objects.all().delete()
    assert 'value="ach"' not in as_alice.get(ADD).content.decode()
    answer = as_alice.post(ADD, {"setup_id": str(uuid4()), "kind": "ach"})
    assert answer.status_code == 200
    assert not MethodSetup.objects.exists()


def test_prefer_another(easycall, as_alice):
    first = StoredMethodFactory(customer=easycall, is_default=True)
    second = StoredMethodFactory(customer=easycall, brand="Mastercard", last4="4444")
    answer = as_alice.post(prefer_page(second), follow=True)
    assert "Mastercard 4444 is your preferred payment method now" in answer.content.decode()
    assert list(StoredMethod.objects.filter(is_default=True)) == [second]
    assert as_alice.get(prefer_page(first)).url == INFO, "an address opened by hand changes nothing"
    assert list(StoredMethod.objects.filter(is_default=True)) == [second]


def test_removing_asks_for_the_password(sandbox, easycall, alice, as_alice):
    method = StoredMethodFactory(customer=easycall, is_default=True)
    AutoPayFactory(customer=easycall)
    page = read(as_alice, remove_page(method))
    assert "Remove Visa 4242 ?" in page
    assert "nothing to charge until you prefer another one" in page
    for wrong in ("", "not it"):
        answer = as_alice.post(remove_page(method), {"password": wrong})
        assert answer.status_code == 200
        assert "id_password" in answer.content.decode()
        method.refresh_from_db()
        assert method.removed_at is None
    answer = as_alice.post(remove_page(method), {"password": PASSWORD}, follow=True)
    assert "was removed" in answer.content.decode()
    method.refresh_from_db()
    assert method.removed_at is not None
    assert as_alice.get(remove_page(method)).status_code == 404, "gone is gone"
    assert mailed("payment method") >= 1
    assert "there is no preferred payment method" in read(as_alice)


def test_auto_pay_needs_something_to_charge(easycall, as_alice):
    answer = as_alice.post(INFO, WISHES)
    assert answer.status_code == 200
    assert "Store a payment method first" in answer.content.decode()
    assert not AutoPay.objects.exists()


def test_switch_auto_pay_on_and_off(easycall, alice, as_alice):
    StoredMethodFactory(customer=easycall, is_default=True)
    answer = as_alice.post(INFO, WISHES | {"by_threshold": "on", "threshold": "400", "amount": "100"}, follow=True)
    assert "Your automatic payments were saved" in answer.content.decode()
    kept = AutoPay.objects.get()
    assert (kept.pay_invoices, kept.invoice_when, kept.threshold, kept.amount) == (True, "issue", 400, 100)
    page = as_alice.get(INFO).content.decode()
    assert 'value="400.00"' in page
    assert "They are charged to Visa 4242" in text_of(page)
    assert AuditEvent.objects.filter(record_type="billing.autopay", user=alice).count() == 1
    assert OutgoingMail.objects.filter(to__contains=alice.email).exists()
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    as_alice.post(INFO, {"invoice_when": "issue", "threshold": "", "amount": "", "daily_cap": "", "version": version})
    kept.refresh_from_db()
    assert not kept.pay_invoices
    assert not kept.by_threshold


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"by_threshold": "on", "amount": "100"}, "threshold"),
        ({"by_threshold": "on", "threshold": "400"}, "amount"),
        ({"by_threshold": "on", "threshold": "400", "amount": "1"}, "amount"),
        ({"by_threshold": "on", "threshold": "400", "amount": "100", "daily_cap": "50"}, "daily_cap"),
        ({"daily_cap": "10.001"}, "daily_cap"),
    ],
)
def test_wishes_that_are_refused(easycall, as_alice, typed, field):
    StoredMethodFactory(customer=easycall, is_default=True)
    answer = as_alice.post(INFO, WISHES | typed)
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not AutoPay.objects.exists()


def test_prepaid_is_asked_in_other_words(lotus, as_charlie, as_alice):
    page = read(as_charlie)
    assert "When less is left than" in page
    assert "Auto-pay invoices" not in page
    assert "When I owe more than" in read(as_alice)


def test_what_auto_pay_did_and_does_next(easycall, as_alice):
    invoice = InvoiceFactory(customer=easycall)
    AutoChargeFactory(invoice=invoice, failure="insufficient_funds", next_try_at=timezone.now() + timedelta(days=1))
    AutoCharge.objects.create(
        customer=easycall, crossing=1, amount=Decimal(100), state="paid", created_at=timezone.now()
    )
    page = read(as_alice)
    assert f"Invoice {invoice.number}" in page
    assert "next try" in page
    assert "not enough money" in page
    assert "Balance" in page


def test_a_stop_says_why_and_what_to_do(easycall, alice, as_alice, as_bob):
    method = StoredMethodFactory(customer=easycall, is_default=True)
    AutoPayFactory(customer=easycall, stopped_at=timezone.now(), stopped_because="stolen_card", stopped_method=method)
    assert "Automatic payments stopped on" in read(as_alice)
    assert "Let them go on" in read(as_alice)
    assert "Let them go on" not in read(as_bob)
    assert as_bob.post("/billing/payment-info/resume/").status_code == 403
    assert as_alice.get("/billing/payment-info/resume/").url == INFO
    as_alice.post("/billing/payment-info/resume/")
    assert "stopped on" not in read(as_alice)
    assert AutoPay.objects.get().stopped_at is None


def test_bob_reads_and_changes_nothing(easycall, as_bob):
    method = StoredMethodFactory(customer=easycall, is_default=True)
    page = as_bob.get(INFO).content.decode()
    assert "Visa 4242" in page
    assert remove_page(method) not in page
    assert ADD not in page
    for address, data in (
        (INFO, WISHES),
        (ADD, {"kind": "card", "setup_id": str(uuid4())}),
        (prefer_page(method), {}),
        (remove_page(method), {"password": PASSWORD}),
    ):
        assert as_bob.post(address, data).status_code == 403
    assert as_bob.get(ADD).status_code == 403
    assert not MethodSetup.objects.exists()


def test_a_bookkeeper_may(easycall, sandbox):
    method = StoredMethodFactory(customer=easycall, is_default=True)
    keeper = signed_in(UserFactory(customer=easycall, role=Role.BILLING_MANAGER))
    assert keeper.post(INFO, WISHES).status_code == 302
    assert keeper.post(remove_page(method), {"password": PASSWORD}).status_code == 302
    manager = signed_in(UserFactory(customer=easycall, role=Role.CENTREX_MANAGER))
    assert manager.get(INFO).status_code == 403


def test_a_branch_office_has_its_own(easycall):
    branch = CustomerFactory(main_office=easycall)
    StoredMethodFactory(customer=easycall, is_default=True)
    StoredMethodFactory(customer=branch, is_default=True, brand="Mastercard", last4="4444")
    berta = signed_in(UserFactory(customer=branch))
    page = read(berta)
    assert "Mastercard 4444" in page
    assert "Visa" not in page
    assert berta.post(INFO, WISHES).status_code == 302
    assert [row.customer for row in AutoPay.objects.all()] == [branch]


def test_charlie_reaches_nothing_of_alice(easycall, as_charlie, sandbox):
    method = StoredMethodFactory(customer=easycall, is_default=True)
    for address in (remove_page(method), prefer_page(method)):
        for verb in ("get", "post", "put", "delete", "head", "options"):
            assert getattr(as_charlie, verb)(address).status_code == 404
    assert "Visa" not in read(as_charlie)
    taken = MethodSetup.objects.create(
        customer=easycall, provider="stripe", kind="card", created_at=timezone.now(), changed_at=timezone.now()
    )
    answer = as_charlie.post(ADD, {"setup_id": str(taken.pk), "kind": "card"})
    assert "has been used already" in answer.content.decode()
    assert str(taken.pk) not in answer.content.decode()


def test_a_user_of_one_line_is_kept_out(as_lena):
    for address in (INFO, ADD, "/billing/payments/", "/billing/pay/"):
        assert as_lena.get(address).status_code == 403
