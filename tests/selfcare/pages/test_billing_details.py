"""Billing, General: the tax ID is checked, the mail about each period is chosen; bob may only look."""

import pytest
from django.urls import reverse

from selfcare.models import AuditEvent, Customer, CustomerClass
from tests.factories import CustomerFactory, UserFactory
from tests.people import signed_in

PAGE = "billing:general"


@pytest.fixture
def german(easycall):
    easycall.country, easycall.tax_id = "DE", "DE136695976"
    easycall.save()
    return easycall


def save(client, customer, **values):
    said = {"tax_id": customer.tax_id, "send_statistic": customer.send_statistic, "version": customer.version} | values
    answer = client.post(reverse(PAGE), said)
    customer.refresh_from_db()
    return answer


def test_a_good_tax_id_is_kept_with_its_letters(as_alice, german):
    assert save(as_alice, german, tax_id=" 129 273 398 ").status_code == 302
    assert german.tax_id == "DE129273398"
    event = AuditEvent.objects.of(german).get()
    assert event.changes == {"Tax ID": ["DE136695976", "DE129273398"]}


def test_it_may_be_empty(as_alice, german):
    save(as_alice, german, tax_id="")
    assert german.tax_id == ""


def test_a_wrong_one_is_refused_at_its_field(as_alice, german):
    answer = save(as_alice, german, tax_id="DE136695977")
    assert answer.status_code == 200
    assert "check digit" in answer.context["form"].errors["tax_id"][0]
    assert german.tax_id == "DE136695976"


def test_one_from_before_the_check_does_not_keep_the_rest_from_being_saved(as_alice, easycall):
    Customer.objects.filter(pk=easycall.pk).update(tax_id="old one", country="DE")
    easycall.refresh_from_db()
    assert save(as_alice, easycall, send_statistic="full").status_code == 302
    assert (easycall.tax_id, easycall.send_statistic) == ("old one", "full")


def test_the_choice_names_what_the_class_does(as_alice, german):
    german.customer_class = CustomerClass.objects.create(name="Business", send_statistic="summary")
    german.save()
    assert "Customer class default (Summary Only)" in as_alice.get(reverse(PAGE)).content.decode()
    assert german.statistic == "summary"
    save(as_alice, german, send_statistic="nothing")
    assert german.statistic == "nothing"


def test_who_saves_second_is_told(as_alice, german):
    opened = german.version
    save(as_alice, german, send_statistic="full")
    answer = save(as_alice, german, send_statistic="summary", version=opened)
    assert "changed" in answer.content.decode()
    assert german.send_statistic == "full"


def test_it_can_be_undone(as_alice, german):
    save(as_alice, german, tax_id="DE129273398", send_statistic="full")
    event = AuditEvent.objects.of(german).get()
    undo = reverse("profile:undo", args=[event.pk])
    assert "DE136695976" in as_alice.get(undo).content.decode()
    assert as_alice.post(undo, {"version": german.version}).status_code == 302
    german.refresh_from_db()
    assert (german.tax_id, german.send_statistic) == ("DE136695976", "")


def test_who_may_not_change_bills_undoes_nothing_of_them(as_alice, german):
    save(as_alice, german, tax_id="DE129273398")
    event = AuditEvent.objects.of(german).get()
    manager = signed_in(UserFactory(username="max", customer=german, role="centrex_manager"))
    undo = reverse("profile:undo", args=[event.pk])
    assert manager.post(undo, {"version": german.version}).status_code == 403
    assert signed_in(UserFactory(username="eve", customer=CustomerFactory())).get(undo).status_code == 404


def test_who_only_reads_sees_it_and_changes_nothing(as_bob, as_lena, client, german):
    page = as_bob.get(reverse(PAGE)).content.decode()
    assert "DE136695976" in page
    assert "<fieldset disabled>" in page
    assert save(as_bob, german, tax_id="").status_code == 403
    assert as_lena.get(reverse(PAGE)).status_code == 403
    assert client.get(reverse(PAGE)).status_code == 302
    assert german.tax_id == "DE136695976"


def test_a_class_may_fix_the_tax_id(as_alice, german):
    german.customer_class = CustomerClass.objects.create(name="Fixed", read_only_fields=["billing:general.tax_id"])
    german.save()
    save(as_alice, german, tax_id="DE129273398")
    assert german.tax_id == "DE136695976"
