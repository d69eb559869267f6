"""A line's Call Barring: classes of the ITSP's, and the password before dangerous ones are allowed."""

import pytest
from django.urls import reverse

from centrex.models import BarringClass, FeatureSetting
from centrex.queries.features import effective_of
from centrex.routing.features import Barring
from selfcare.models import AuditEvent, OutgoingMail, Role
from tests.factories import PASSWORD, UserFactory

OWN = {"own": "own", "enabled": "on", "version": 1}


@pytest.fixture
def address(line):
    return reverse("centrex:line-barring", args=[line.pk])


@pytest.fixture
def premium(db):
    return BarringClass.objects.create(name="Premium", patterns="1900%", barred_by_default=True, dangerous=True)


@pytest.fixture
def mobiles(db):
    return BarringClass.objects.create(name="Mobiles", patterns="4917%\n4916%")


def field(row) -> str:
    return f"class_{row.pk}"


def test_each_class_with_what_counts(as_alice, address, premium, mobiles):
    page = as_alice.get(address)
    form = page.context["form"]
    assert (form[field(premium)].value(), form[field(mobiles)].value()) == (True, False)
    words = page.content.decode()
    assert "Numbers such as +1900… and others. Usually barred. Allowing it asks for your password." in words
    assert "Numbers such as +4917…, +4916… and others. Usually allowed." in words
    assert "<dt>Mobiles</dt><dd>allowed</dd><dt>Premium</dt><dd>barred</dd>" in words


def test_barring_one_more_asks_nothing(as_alice, address, line, premium, mobiles):
    as_alice.post(address, OWN | {field(premium): "on", field(mobiles): "on"})
    assert effective_of(line, Barring).values == Barring(barred=(mobiles.pk,))
    assert AuditEvent.objects.latest("id").changes["Mobiles"] == ["allowed", "barred"]
    assert not OutgoingMail.objects.exists()


def test_allowing_a_dangerous_class_asks_for_the_password(as_alice, address, line, premium):
    UserFactory(username="olga", customer=line.customer, role=Role.OWNER, language="en")
    UserFactory(username="rita", customer=line.customer, role=Role.READ_ONLY)
    asked = as_alice.post(address, OWN)
    assert "Type your password to allow this: Premium." in asked.content.decode()
    assert 'type="password"' in asked.content.decode()
    assert 'type="password"' not in as_alice.get(address).content.decode()
    wrong = as_alice.post(address, OWN | {"password": "not mine"})
    assert "This is not your password." in wrong.content.decode()
    assert not FeatureSetting.objects.exists()
    assert as_alice.post(address, OWN | {"password": PASSWORD}).status_code == 302
    assert effective_of(line, Barring).values == Barring(allowed=(premium.pk,))
    assert sorted(mail.to[0] for mail in OutgoingMail.objects.all()) == ["alice@example.com", "olga@example.com"]
    notice = OutgoingMail.objects.first()
    assert "may now call Premium" in notice.subject
    assert "alice allowed phone line 12125550101 (Desk 1)" in notice.body


def test_switching_barring_off_allows_it_too(as_alice, address, line, premium):
    off = {"own": "own", "version": 1}
    assert "password" in as_alice.post(address, off | {field(premium): "on"}).context["form"].errors
    as_alice.post(address, off | {field(premium): "on", "password": PASSWORD})
    assert not effective_of(line, Barring).enabled


def test_inheriting_may_allow_it_as_well(as_alice, address, line, premium):
    FeatureSetting.objects.create(customer=line.customer, name="barring", values={"allowed": [premium.pk]})
    FeatureSetting.objects.create(customer=line.customer, line=line, name="barring")
    inherit = {"own": "inherit", "version": 1}
    assert "password" in as_alice.post(address, inherit).context["form"].errors
    assert as_alice.post(address, inherit | {"password": PASSWORD}).status_code == 302
    assert effective_of(line, Barring).values.allowed == (premium.pk,)


def test_guessing_the_password_comes_to_an_end(as_alice, address, line, premium):
    for number in range(5):
        assert "password" in as_alice.post(address, OWN | {"password": f"guess {number}"}).context["form"].errors
    right = as_alice.post(address, OWN | {"password": PASSWORD})
    assert "This was tried too often." in right.content.decode()
    assert not FeatureSetting.objects.exists()


def test_a_class_left_as_it_usually_is_follows_the_itsp(as_alice, address, line, premium, mobiles):
    as_alice.post(address, OWN | {field(premium): "on"})
    BarringClass.objects.filter(pk=mobiles.pk).update(barred_by_default=True)
    assert as_alice.get(address).context["form"][field(mobiles)].value() is True
