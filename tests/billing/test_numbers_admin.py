"""Numbers that customers have without a fee, in the administration: found, charged once, by right."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from billing.models import Subscription
from centrex.models import Did
from tests.factories import DidFactory, FreeDidFactory, SubscriptionFactory, UserFactory
from tests.people import signed_in

LIST = "/admin/centrex/did/"


def page(did: Did) -> str:
    return reverse("admin:billing_subscription_number", args=[did.pk])


@pytest.fixture
def given(easycall) -> Did:
    return DidFactory(number="12125550161", customer=easycall, line=None, monthly_fee="2.50")


def test_unpaid_numbers_are_listed(as_dora, easycall, given):
    FreeDidFactory(number="12125550162")
    SubscriptionFactory(customer=easycall, did=DidFactory(number="12125550163", customer=easycall, line=None))
    assert "Given without a fee" in as_dora.get(LIST).content.decode()
    assert [did.number for did in as_dora.get(f"{LIST}?fee=none").context["cl"].result_list] == [given.number]


def test_a_number_is_charged_once_from_its_page(as_dora, easycall, given):
    assert page(given) in as_dora.get(f"{LIST}{given.pk}/change/").content.decode()
    form = as_dora.get(page(given))
    assert "EasyCall Ltd has had this number without a fee so far" in form.content.decode()
    assert "Monthly fee, USD" in form.content.decode()
    fields = form.context["form"]
    said = {name: fields[name].value() for name in ("once", "fee", "activation_fee")}
    assert f"{said['fee']}" == "2.50"
    for _press in range(2):
        assert as_dora.post(page(given), said).url == f"{LIST}{given.pk}/change/"
    assert (Subscription.objects.get().did, Subscription.objects.get().default_fee) == (given, 2.5)
    again = as_dora.get(page(given))
    assert "EasyCall Ltd pays 2.50 USD a month for it already." in again.content.decode()
    refused = as_dora.post(page(given), said | {"once": again.context["form"]["once"].value()})
    assert "This number has a monthly fee already." in refused.content.decode()


@pytest.mark.parametrize("fee", ["", "-1", "1.001", "x", "NaN"])
def test_an_odd_fee_is_refused_at_its_field(as_dora, given, fee):
    once = as_dora.get(page(given)).context["form"]["once"].value()
    answer = as_dora.post(page(given), {"once": once, "fee": fee, "activation_fee": "0"})
    assert answer.context["form"].errors["fee"]
    assert not Subscription.objects.exists()


def test_a_free_number_has_nobody_to_charge(as_dora, db):
    free = FreeDidFactory()
    assert page(free) not in as_dora.get(f"{LIST}{free.pk}/change/").content.decode()
    form = as_dora.get(page(free))
    assert "Nobody has this number" in form.content.decode()
    said = {"once": form.context["form"]["once"].value(), "fee": "1", "activation_fee": "0"}
    assert "nobody to charge" in as_dora.post(page(free), said).content.decode()


def test_it_needs_the_right(given, as_alice):
    assert as_alice.get(page(given)).status_code == 302
    clerk = UserFactory(customer=None, is_staff=True)
    assert signed_in(clerk).get(page(given)).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="add_subscription"))
    assert signed_in(clerk).get(page(given)).status_code == 200
