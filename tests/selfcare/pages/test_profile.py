"""My Profile: General."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from selfcare.models import AuditEvent, Customer, CustomerClass, OutgoingMail

PAGE = "/profile/"


def filled(customer: Customer, **changes: object) -> dict[str, object]:
    """The form as the browser would send it back."""
    page_fields = {
        "company_name": customer.company_name,
        "country": customer.country.code,
        "email": customer.email,
        "version": customer.version,
    }
    return page_fields | changes


def test_alice_changes_her_address(as_alice, easycall):
    answer = as_alice.post(PAGE, filled(easycall, city="Boston", phone="(617) 555-0123"), follow=True)
    easycall.refresh_from_db()
    assert easycall.city == "Boston"
    assert easycall.phone.as_e164 == "+16175550123"
    assert "Your details were saved." in answer.content.decode()
    event = AuditEvent.objects.get()
    assert event.changes["City"] == ["", "Boston"]
    assert event.customer == easycall


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12"),
        ("email", "not an address"),
        ("company_name", ""),
        ("address_line_1", "x" * 42),
        ("country", "XX"),
    ],
)
def test_bad_input_gets_a_message_at_its_field_and_changes_nothing(as_alice, easycall, field, value):
    answer = as_alice.post(PAGE, filled(easycall, city="Boston", **{field: value}))
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert "There is a problem" in answer.content.decode()
    assert 'value="Boston"' in answer.content.decode()
    easycall.refresh_from_db()
    assert easycall.city == ""


def test_bob_reads_but_does_not_change(as_bob, easycall):
    page = as_bob.get(PAGE).content.decode()
    assert "<fieldset disabled>" in page
    assert as_bob.post(PAGE, filled(easycall, city="Boston")).status_code == 403
    easycall.refresh_from_db()
    assert easycall.city == ""


def test_nobody_sets_what_the_form_does_not_offer(as_alice, easycall):
    as_alice.post(PAGE, filled(easycall, credit_limit="99999", status="closed", currency="EUR", billing="debit"))
    before = (easycall.credit_limit, easycall.status, easycall.currency, easycall.billing)
    easycall.refresh_from_db()
    assert (easycall.credit_limit, easycall.status, easycall.currency, easycall.billing) == before


def test_the_second_editor_is_told_what_the_first_changed(as_alice, easycall):
    as_alice.post(PAGE, filled(easycall, city="Boston"))
    late = as_alice.post(PAGE, filled(easycall, city="Chicago"))
    text = late.content.decode()
    assert "City" in text
    assert "Boston" in text
    assert 'value="Chicago"' in text
    easycall.refresh_from_db()
    assert easycall.city == "Boston"
    version = re.search(r'name="version" value="(\d+)"', text).group(1)
    as_alice.post(PAGE, filled(easycall, city="Chicago", version=version))
    easycall.refresh_from_db()
    assert easycall.city == "Chicago"


def test_a_new_email_counts_only_when_confirmed_from_there(as_alice, easycall):
    before = easycall.email
    page = as_alice.post(PAGE, filled(easycall, email="new@easycall.example"), follow=True).content.decode()
    easycall.refresh_from_db()
    assert (easycall.email, easycall.pending_email) == (before, "new@easycall.example")
    assert "Waiting for confirmation from new@easycall.example" in page
    mail = OutgoingMail.objects.get()
    assert mail.to == ["new@easycall.example"]
    link = re.search(r"http://testserver(\S+)", mail.body).group(1)
    stranger = Client()
    assert "Confirm this address" in stranger.get(link).content.decode()
    stranger.post(link)
    easycall.refresh_from_db()
    assert (easycall.email, easycall.pending_email) == ("new@easycall.example", "")
    assert stranger.post(link).status_code == 404


def test_an_altered_or_outdated_link_confirms_nothing(as_alice, easycall):
    as_alice.post(PAGE, filled(easycall, email="first@easycall.example"))
    easycall.refresh_from_db()
    link = re.search(r"http://testserver(\S+)", OutgoingMail.objects.get().body).group(1)
    as_alice.post(PAGE, filled(easycall, email="second@easycall.example"))
    assert Client().post(link).status_code == 404
    assert Client().post(link[:-5] + "xxxx/").status_code == 404


def test_a_read_only_field_ignores_a_forged_post(as_alice, easycall):
    easycall.customer_class = CustomerClass.objects.create(
        name="Fixed name", read_only_fields=["profile:general.company_name"]
    )
    easycall.save()
    as_alice.post(PAGE, filled(easycall, company_name="Hacked", city="Boston"))
    easycall.refresh_from_db()
    assert (easycall.company_name, easycall.city) == ("EasyCall Ltd", "Boston")


def test_a_hidden_page_is_not_there(as_alice, easycall):
    easycall.customer_class = CustomerClass.objects.create(name="No lines", hidden_pages=["centrex:lines"])
    easycall.save()
    assert as_alice.get(reverse("centrex:lines")).status_code == 404
    assert reverse("centrex:lines") not in as_alice.get(PAGE).content.decode()
