"""Signing in, being locked out, a forgotten password, sessions, and customers who may not come in."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from selfcare.models import Customer, OutgoingMail, User
from tests.factories import PASSWORD
from tests.people import signed_in

LOGIN = "/accounts/login/"
NEW_PASSWORD = "a long new passphrase 7"


def sign_in(client: Client, login: str, password: str = PASSWORD, **extra: str):
    return client.post(LOGIN, {"login": login, "password": password, **extra})


@pytest.mark.parametrize("login", ["alice", "alice@example.com", "ALICE@example.com"])
def test_by_user_name_or_email(alice, login):
    answer = sign_in(Client(), login)
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_lands_where_it_wanted_to_go(alice):
    client = Client()
    wanted = reverse("centrex:lines")
    asked = client.get(wanted)
    assert asked["Location"] == f"{LOGIN}?next={wanted}"
    assert sign_in(client, "alice", next=wanted)["Location"] == wanted


@pytest.mark.parametrize("evil", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_does_not_lead_to_another_host(alice, evil):
    assert sign_in(Client(), "alice", next=evil)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_login_look_the_same(alice):
    wrong, unknown = sign_in(Client(), "alice", "wrong"), sign_in(Client(), "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 200
    assert [str(e) for e in wrong.context["form"].non_field_errors()] == [
        str(e) for e in unknown.context["form"].non_field_errors()
    ]


def test_is_locked_out_after_five_wrong_passwords(alice):
    client = Client()
    answers = [sign_in(client, "alice", f"wrong {n}").status_code for n in range(5)]
    assert answers[:4] == [200] * 4
    locked = sign_in(client, "alice")
    assert locked.status_code == 429
    assert "15 minutes" in locked.content.decode()


def test_another_address_is_not_locked_out_with_it(alice):
    for n in range(6):
        sign_in(Client(REMOTE_ADDR="203.0.113.5"), "alice", f"wrong {n}")
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), "alice").status_code == 302


def test_the_session_id_changes_at_login(alice):
    client = Client()
    client.get(LOGIN)
    client.session["mark"] = 1
    before = client.session.session_key
    sign_in(client, "alice")
    assert client.session.session_key != before


def test_logout_ends_the_session_at_the_server(as_alice):
    cookie = as_alice.cookies["sid"].value
    as_alice.post(reverse("account_logout"))
    replayed = Client()
    replayed.cookies["sid"] = cookie
    assert replayed.get("/").status_code == 302


def test_a_forgotten_password_is_set_anew_by_a_mailed_link_once(alice):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": alice.email})
    mail = OutgoingMail.objects.get()
    assert mail.to == [alice.email]
    path = re.search(r"http://testserver(\S+)", mail.body).group(1)
    form = client.get(path, follow=True)
    answer = client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert answer.status_code == 302
    assert sign_in(Client(), "alice", NEW_PASSWORD).status_code == 302
    again = Client().get(path, follow=True)
    assert "used before or is too old" in again.content.decode()


def test_a_reset_for_an_unknown_address_says_the_same(alice):
    known = Client().post(reverse("account_reset_password"), {"email": alice.email})
    unknown = Client().post(reverse("account_reset_password"), {"email": "stranger@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_changing_the_password_ends_the_other_sessions(alice):
    here, elsewhere = signed_in(alice), signed_in(alice)
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post(reverse("account_change_password"), fields).status_code == 302
    assert here.get(reverse("account_change_password")).status_code == 200
    assert elsewhere.get("/").status_code == 302


@pytest.mark.parametrize("weak", ["short", "password1234", "alice@example.com"])
def test_a_weak_password_is_refused(as_alice, weak):
    fields = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    answer = as_alice.post(reverse("account_change_password"), fields)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_the_sessions_page_signs_out_the_others(alice):
    here, elsewhere = Client(), Client()
    sign_in(here, "alice")
    sign_in(elsewhere, "alice")
    page = here.get(reverse("usersessions_list"))
    assert page.content.decode().count("This session") == 1
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("usersessions_list")).status_code == 200
    assert elsewhere.get("/").status_code == 302


@pytest.mark.parametrize("status", [Customer.Status.SUSPENDED, Customer.Status.CLOSED])
def test_users_of_a_suspended_or_closed_customer_get_a_clear_page(as_alice, easycall, status):
    Customer.objects.filter(pk=easycall.pk).update(status=status)
    answer = as_alice.get("/")
    assert answer.status_code == 403
    assert f"This account is {status}" in answer.content.decode()
    assert as_alice.post(reverse("account_logout")).status_code == 302


def test_a_disabled_user_is_out_at_once(as_alice, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert as_alice.get("/").status_code == 302


def test_nobody_signs_up_by_himself(db):
    assert Client().get("/accounts/signup/").status_code in {302, 404}
