"""What does a call cost: staff ask, and read the price with its reasons."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from billing.models import DiscountUsage, Tariff, Xdr
from tests.billing.operations.test_rating import give_discount
from tests.billing.priced import german_customer
from tests.factories import CustomerFactory, UserFactory
from tests.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer():
    return german_customer()


def of_tariff(customer) -> str:
    return reverse("admin:billing_tariff_try", args=[customer.account.tariff_id])


def of_customer(customer) -> str:
    return reverse("admin:billing_customer_try", args=[customer.pk])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_tariffs_price_is_shown_with_its_reasons(as_dora, customer):
    Tariff.objects.update(time_zone="Europe/Berlin", off_peak_hours="hr{18-7}")
    asked = {"number": "+49 30 400400", "started_at": "2026-03-02 12:00", "seconds": "61"}
    page = text(as_dora.post(of_tariff(customer), asked))
    assert "begins with 4930: To 4930" in page
    assert "1:00, due in full once begun, at 0.06000 EUR a minute" in page
    assert "0.12000 EUR" in page
    assert not Xdr.objects.exists()


def test_a_customers_price_has_his_discounts_and_uses_nothing(as_dora, customer):
    plan = give_discount(customer, [(90, 100)]).plan
    page = text(as_dora.post(of_customer(customer), {"number": "030400400", "started_at": "", "seconds": "61"}))
    assert f"Discount: {plan.name}" in page
    assert "0.03000 EUR" in page
    assert not DiscountUsage.objects.exists()
    assert of_customer(customer) in text(as_dora.get(reverse("admin:selfcare_customer_change", args=[customer.pk])))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"number": "x"}, "number"),
        ({"number": "+33123456789"}, "number"),
        ({"seconds": "0"}, "seconds"),
        ({"seconds": "86401"}, "seconds"),
        ({"started_at": "yesterday"}, "started_at"),
    ],
)
def test_what_cannot_be_priced_is_refused_at_its_field(as_dora, customer, said, field):
    page = as_dora.post(of_customer(customer), {"number": "+4930400400", "seconds": "60"} | said)
    assert list(page.context["form"].errors) == [field]
    assert "lines" not in page.context


def test_a_customer_without_a_tariff_has_no_price(as_dora):
    page = as_dora.post(of_customer(CustomerFactory()), {"number": "+4930400400", "seconds": "60"})
    assert "no tariff" in text(page)


def test_it_needs_the_right_to_see_rates(as_alice, client, customer):
    clerk = UserFactory(customer=None, is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_tariff"))
    for address in (of_tariff(customer), of_customer(customer)):
        for method in ("get", "post"):
            assert getattr(signed_in(clerk), method)(address).status_code == 403
            assert getattr(client, method)(address).status_code == 302
            assert getattr(as_alice, method)(address, follow=True).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_rate"))
    assert signed_in(clerk).get(of_tariff(customer)).status_code == 200
