"""A line's General: SIP user, a new SIP password that is shown once, and the device."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from centrex.models import Line, SipCredential
from selfcare.models import AuditEvent, OutgoingMail, Role
from tests.factories import PASSWORD, PhoneModelFactory, UserFactory
from tests.people import signed_in


@pytest.fixture(autouse=True)
def _sip(settings):
    settings.SIP_REALM, settings.SIP_SERVER, settings.SIP_TRANSPORT = "pbx.example.net", "sip.example.net:5070", "tcp"


def renew(client, line, **typed):
    address = reverse("centrex:line-sip-password", args=[line.pk])
    return client.post(address, {"version": 1, "password": PASSWORD} | typed)


def test_a_new_password_is_shown_once(as_alice, alice, line):
    answer = renew(as_alice, line)
    password = answer.context["shown"]
    page = answer.content.decode()
    assert password in page
    assert all(value in page for value in ("sip.example.net:5070", "12125550101", "pbx.example.net", "TCP"))
    assert "no-store" in answer["Cache-Control"]
    assert password not in as_alice.get(reverse("centrex:line", args=[line.pk])).content.decode()
    assert password not in as_alice.get(reverse("centrex:line-sip-password", args=[line.pk])).content.decode()


def test_only_the_hashes_are_kept(as_alice, line):
    password = renew(as_alice, line).context["shown"]
    kept = SipCredential.objects.get(line=line)
    clear = f"12125550101:pbx.example.net:{password}".encode()
    assert kept.ha1_md5 == hashlib.md5(clear, usedforsecurity=False).hexdigest()
    assert kept.ha1_sha256 == hashlib.sha256(clear).hexdigest()
    assert all(password not in str(value) for value in SipCredential.objects.values_list().get())
    assert len(password) == 26  # of 32 signs: 130 bits
    assert set(password) <= set("abcdefghijkmnpqrstuvwxyz23456789")


def test_it_is_written_down_and_the_owner_is_told_but_nobody_reads_it(as_alice, alice, line):
    password = renew(as_alice, line).context["shown"]
    event = AuditEvent.objects.of(line).get()
    assert (event.action, event.user, event.version) == ("renew SIP password", alice, 2)
    mail = OutgoingMail.objects.get()
    assert mail.to == [alice.email]
    assert "12125550101" in mail.subject + mail.body
    assert password not in str(event.changes) + mail.subject + mail.body


def test_without_the_own_password_nothing_happens(as_alice, line):
    for typed in ("", "wrong"):
        answer = renew(as_alice, line, password=typed)
        assert list(answer.context["form"].errors) == ["password"]
    assert not SipCredential.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_sending_the_form_again_makes_no_second_password(as_alice, line):
    renew(as_alice, line)
    kept = SipCredential.objects.get().ha1_md5
    answer = renew(as_alice, line)
    assert "shown" not in answer.context
    assert SipCredential.objects.get().ha1_md5 == kept


def test_a_second_password_takes_the_place_of_the_first(as_alice, line):
    first, second = (renew(as_alice, line, version=version).context["shown"] for version in (1, 2))
    assert first != second
    assert SipCredential.objects.count() == 1


def test_a_changed_realm_asks_for_a_new_password(as_alice, line, settings):
    renew(as_alice, line)
    general = reverse("centrex:line", args=[line.pk])
    assert "None yet" not in as_alice.get(general).content.decode()
    settings.SIP_REALM = "other.example.net"
    assert "None yet" in as_alice.get(general).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 200), (Role.CENTREX_MANAGER, 200), (Role.BILLING_MANAGER, 403), (Role.READ_ONLY, 403)],
)
def test_who_may_make_one(easycall, line, role, status):
    client = signed_in(UserFactory(customer=easycall, role=role))
    assert client.get(reverse("centrex:line-sip-password", args=[line.pk])).status_code == status
    assert renew(client, line).status_code == status
    assert SipCredential.objects.exists() == (status == 200)


def device(client, line, **typed):
    address = reverse("centrex:line-device", args=[line.pk])
    return client.post(address, {"version": 1, "name": "Desk 1"} | typed)


@pytest.mark.parametrize("typed", ["00:15:65:1A:2B:3C", "0015651a2b3c", "00-15-65-1a-2b-3c", "0015.651a.2b3c"])
def test_a_mac_address_is_kept_in_one_form(as_alice, line, typed):
    assert device(as_alice, line, mac=typed, phone_model="Snom D735", note="Front desk").status_code == 302
    line.refresh_from_db()
    assert (line.mac, line.phone_model, line.note, line.version) == ("00:15:65:1a:2b:3c", "Snom D735", "Front desk", 2)
    page = as_alice.get(reverse("centrex:line", args=[line.pk])).content.decode()
    assert all(words in page for words in ("00:15:65:1a:2b:3c", "Snom D735", "Front desk"))


@pytest.mark.parametrize("typed", ["00:15:65:1a:2b", "00:15:65:1a:2b:3g", "01:00:5e:00:00:01", "000000000000"])
def test_what_is_no_address_of_a_phone_is_refused(as_alice, line, typed):
    assert list(device(as_alice, line, mac=typed).context["form"].errors) == ["mac"]
    line.refresh_from_db()
    assert line.mac == ""


def test_staff_keep_the_same_form(line):
    line.mac = "0015651A2B3C"
    with pytest.raises(ValidationError):
        line.full_clean()


def test_the_list_of_phones_is_the_itsps(as_alice, line):
    PhoneModelFactory(name="Poly VVX 250")
    page = as_alice.get(reverse("centrex:line-device", args=[line.pk])).content.decode()
    assert '<option value="Poly VVX 250">' in page


def test_who_only_reads_cannot_change_the_device(as_bob, line):
    assert device(as_bob, line, name="Bob was here").status_code == 403
    assert Line.objects.get(pk=line.pk).name == "Desk 1"
