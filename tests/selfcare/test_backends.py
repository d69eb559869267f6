"""Signing in by login or e-mail address, and the user that comes with his customer."""

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from selfcare.backends import ByNameOrMail, WithCustomer
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("backend", [WithCustomer(), ByNameOrMail()])
def test_a_user_comes_with_his_customer_in_one_question(backend, alice, easycall, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert backend.get_user(alice.pk).customer == easycall


@pytest.mark.parametrize("backend", [WithCustomer(), ByNameOrMail()])
def test_who_was_switched_off_or_is_nobody_is_not_known(backend, alice, dora):
    assert backend.get_user(dora.pk) == dora  # staff have no customer
    alice.is_active = False
    alice.save()
    assert backend.get_user(alice.pk) is None
    assert backend.get_user(0) is None


def test_login_and_address_both_lead_in(alice):
    request = RequestFactory().post("/")
    assert authenticate(request, username=alice.username, password=PASSWORD) == alice
    assert authenticate(request, email=alice.email, password=PASSWORD) == alice
    assert authenticate(request, username=alice.username, password="wrong") is None
