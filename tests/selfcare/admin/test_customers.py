"""Staff and customers: viewing as one, and changing one."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from selfcare.models import AuditEvent, Customer, CustomerClass
from tests.factories import AccountFactory, CustomerFactory, LineFactory, TariffFactory, UserFactory
from tests.people import signed_in

LIST = reverse("admin:selfcare_customer_changelist")


def page_of(customer: Customer) -> str:
    return reverse("admin:selfcare_customer_change", args=[customer.pk])


def given(client: Client, customer: Customer) -> dict[str, object]:
    """The form of the customer's page as it stands."""
    response = client.get(page_of(customer))
    forms = [
        response.context["adminform"].form,
        *(f.formset.management_form for f in response.context["inline_admin_formsets"]),
    ]
    forms += [form for f in response.context["inline_admin_formsets"] for form in f.formset.forms]
    values = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


@pytest.fixture
def line(easycall) -> str:
    return LineFactory(customer=easycall, name="Reception").name


def test_viewing_as_a_customer_from_start_to_end(as_dora, dora, easycall, line):
    address = reverse("view-as", args=[easycall.pk])
    assert f'action="{address}"' in as_dora.get(page_of(easycall)).content.decode()
    assert f'formaction="{address}"' in as_dora.get(LIST).content.decode()

    assert as_dora.post(address)["Location"] == reverse("dashboard")
    page = as_dora.get(reverse("centrex:lines")).content.decode()
    assert "You are viewing the portal as EasyCall Ltd" in page
    assert "Reception" in page
    for name in ("tickets:add", "dashboard", "centrex:lines"):
        assert as_dora.post(reverse(name), {}).status_code == 403
    assert as_dora.post(page_of(easycall), given(as_dora, easycall)).status_code == 403, "nor in the administration"

    assert as_dora.post(reverse("view-as-end"))["Location"] == reverse("admin:index")
    assert as_dora.get(reverse("centrex:lines"))["Location"] == reverse("admin:index")
    trail = AuditEvent.objects.order_by("id").values_list("action", "user", "customer")
    assert list(trail) == [("view as begins", dora.pk, easycall.pk), ("view as ends", dora.pk, easycall.pk)]


def test_viewing_as_is_not_for_everybody(as_alice, easycall, lotus, db):
    clerk = UserFactory(customer=None, is_staff=True)
    as_clerk = signed_in(clerk)
    assert as_clerk.post(reverse("view-as", args=[easycall.pk])).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_customer"))
    assert as_clerk.post(reverse("view-as", args=[easycall.pk])).status_code == 302
    assert as_alice.post(reverse("view-as", args=[lotus.pk])).status_code == 404
    assert as_alice.get("/").context["customer"] == easycall
    assert Client().post(reverse("view-as", args=[easycall.pk])).status_code == 302


def test_a_link_cannot_start_viewing(as_dora, easycall):
    assert as_dora.get(reverse("view-as", args=[easycall.pk])).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = as_dora.cookies
    assert strict.post(reverse("view-as", args=[easycall.pk])).status_code == 403


def test_the_page_has_balance_tariff_and_users(as_dora, easycall, alice):
    AccountFactory(customer=easycall, balance="12.50000")
    page = as_dora.get(page_of(easycall)).content.decode()
    assert "12.50000" in page
    assert "alice" in page
    assert f"{reverse('admin:billing_xdr_changelist')}?customer__id__exact={easycall.pk}" in page


def test_a_change_by_staff_is_logged_and_raises_the_version(as_dora, dora, easycall, alice):
    AccountFactory(customer=easycall, balance="12.50000")
    tariff = TariffFactory()
    form = given(as_dora, easycall) | {"city": "Boston", "account-0-tariff": tariff.pk, "account-0-balance": "0"}
    response = as_dora.post(page_of(easycall), form)
    assert response.status_code == 302, response.context["errors"]
    easycall.refresh_from_db()
    assert (easycall.city, easycall.version) == ("Boston", 2)
    assert (easycall.account.tariff, str(easycall.account.balance)) == (tariff, "12.50000")
    assert LogEntry.objects.get().user == dora


def test_a_customer_is_never_deleted(as_dora, easycall):
    assert (
        as_dora.post(reverse("admin:selfcare_customer_delete", args=[easycall.pk]), {"post": "yes"}).status_code == 403
    )


def test_a_branch_of_a_branch_is_refused(as_dora, easycall):
    branch = CustomerFactory(main_office=easycall)
    other = CustomerFactory()
    response = as_dora.post(page_of(other), given(as_dora, other) | {"main_office": branch.pk})
    assert response.status_code == 200
    assert "main_office" in response.context["adminform"].form.errors


def test_a_class_hides_pages_that_are_ticked(as_dora, as_alice, easycall):
    address = reverse("admin:selfcare_customerclass_add")
    form = {
        "name": "Basic", "hidden_pages": ["tickets:list"], "read_only_fields": "[]", "send_statistic": "nothing",
    }  # fmt: skip
    assert as_dora.post(address, form).status_code == 302
    easycall.customer_class = CustomerClass.objects.get()
    easycall.save()
    assert as_alice.get(reverse("tickets:list")).status_code == 404
    assert as_alice.get(reverse("centrex:lines")).status_code == 200
    for odd in ('{"a": 1}', '["x"]', "[1]"):
        assert as_dora.post(address, form | {"name": "Odd", "read_only_fields": odd}).status_code == 200
