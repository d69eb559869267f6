"""Logins in the administration."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from selfcare.models import AuditEvent, Role, User
from tests.factories import PASSWORD, UserFactory
from tests.people import signed_in

LIST = reverse("admin:selfcare_user_changelist")
ADD = reverse("admin:selfcare_user_add")


def page_of(user: User) -> str:
    return reverse("admin:selfcare_user_change", args=[user.pk])


@pytest.fixture
def clerk(db) -> User:
    """Staff with all rights over users, but no superuser."""
    clerk = UserFactory(username="clerk", customer=None, is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    return clerk


def sign_in(name: str, password: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": name, "password": password})
    return client


def test_the_administration_has_no_door_of_its_own(client, dora):
    login = reverse("admin:login")
    response = client.post(login, {"username": "dora", "password": PASSWORD})
    assert response["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
    wrong = {"login": "dora", "password": "wrong"}
    assert [client.post(reverse("account_login"), wrong).status_code for _try in range(5)] == [200] * 4 + [429]
    client.post(reverse("account_login"), wrong | {"password": PASSWORD})
    client.post(login, {"username": "dora", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_customer_gets_no_further_than_the_door(as_alice):
    assert as_alice.get(reverse("admin:login")).status_code == 403


def test_a_new_user_signs_in_with_the_password_given(as_dora, easycall):
    form = {
        "username": "erin",
        "email": "erin@example.com",
        "customer": easycall.pk,
        "role": Role.BILLING_MANAGER,
        "usable_password": "true",
        "password1": "a long walk home",
        "password2": "a long walk home",
    }
    response = as_dora.post(ADD, form)
    assert response.status_code == 302
    erin = User.objects.get(username="erin")
    assert (erin.customer, erin.role, erin.is_staff) == (easycall, Role.BILLING_MANAGER, False)
    assert sign_in("erin", "a long walk home").get("/").context["customer"] == easycall
    assert as_dora.post(ADD, form | {"username": "second"}).status_code == 200, "one login an e-mail"
    assert (
        as_dora.post(ADD, form | {"username": "weak", "email": "", "password1": "x", "password2": "x"}).status_code
        == 200
    )


def test_a_customers_user_cannot_become_staff(as_dora, alice):
    form = as_dora.get(page_of(alice)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    response = as_dora.post(page_of(alice), values | {"is_staff": "on"})
    assert response.status_code == 200
    assert "cannot be staff" in response.content.decode()


def test_staff_hand_out_no_power_that_is_not_theirs(clerk, alice, dora):
    as_clerk = signed_in(clerk)
    form = as_clerk.get(page_of(alice)).context["adminform"].form
    assert not {"is_staff", "is_superuser", "groups", "user_permissions"} & set(form.fields)
    assert as_clerk.post(page_of(dora), {"username": "dora", "email": "clerk@example.com"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[dora.pk])
    assert as_clerk.post(password, {"password1": "mine mine mine", "password2": "mine mine mine"}).status_code == 403
    assert as_clerk.post(reverse("admin:selfcare_user_delete", args=[dora.pk]), {"post": "yes"}).status_code == 403
    assert as_clerk.get(page_of(alice)).status_code == 200


def test_staff_end_the_sessions_of_a_user(as_dora, alice, bob, clerk):
    laptop, phone, colleague = sign_in("alice", PASSWORD), sign_in("alice", PASSWORD), sign_in("bob", PASSWORD)
    assert UserSession.objects.count() >= 3
    response = as_dora.post(LIST, {"action": "end_sessions", "_selected_action": [alice.pk]}, follow=True)
    assert "2 sessions were ended" in response.content.decode()
    for client in (laptop, phone):
        assert client.get("/")["Location"].startswith(reverse("account_login"))
    assert colleague.get("/").status_code == 200
    assert AuditEvent.objects.get(action="end sessions").record_id == str(alice.pk)
    signed_in(clerk).post(
        LIST, {"action": "end_sessions", "_selected_action": [as_dora.get("/admin/").context["user"].pk]}
    )
    assert as_dora.get("/admin/").status_code == 200, "a clerk does not put out a superuser"
