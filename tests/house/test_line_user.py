"""The user of one phone line sees that line and nothing else: every address, by every method."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from centrex.models import FeatureSetting
from centrex.queries.sounds import audible
from selfcare import access
from selfcare.models import Customer, Role
from tests.factories import (
    CallRecordingFactory,
    LineFactory,
    ScreeningRuleFactory,
    SoundFactory,
    UserFactory,
    XdrFactory,
)
from tests.house.samples import SAMPLES
from tests.house.test_urls import ADDRESSES, METHODS, OPEN
from tests.people import signed_in

SAFE = {"get", "head", "options"}
MAY = access.LINE_USER_MAY
# Addresses of his own: no other line's row is named in them.
HIS_OWN = {name for name in MAY if not name.startswith("centrex:")}
OF_A_LINE = sorted(name for name in MAY if name.startswith("centrex:line"))


def test_what_he_may_open_exists():
    assert set(MAY) <= set(ADDRESSES)


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - OPEN - HIS_OWN))
def test_every_other_address_is_closed(name, easycall, alice, as_lena):
    """SAMPLES are records of his own company, on lines of his colleagues."""
    if name in {"centrex:calls", "centrex:default-tune"}:
        return  # a list, of his own calls only (below), and a tune that is everybody's
    args = SAMPLES[name][0](easycall, alice) if name in SAMPLES else []
    for method in METHODS:
        status = getattr(as_lena, method)(reverse(name, args=args)).status_code
        assert status in ({403, 404} if name in MAY else {403}), f"{method} {name}: {status}"


@pytest.mark.parametrize("name", OF_A_LINE)
def test_his_own_line(name, as_lena, lena):
    address = reverse(name, args=[lena.line_login.line_id])
    assert as_lena.get(address).status_code == 200
    status = as_lena.post(address, {}).status_code
    assert status == 403 if access.CHANGE not in MAY[name] else status in {200, 302}


def test_signing_in_leads_to_his_line(as_lena, lena):
    answer = as_lena.get(reverse("dashboard"))
    assert answer.url == reverse("centrex:line", args=[lena.line_login.line_id])


@pytest.mark.parametrize("name", OF_A_LINE)
def test_no_link_leads_where_he_may_not_go(name, as_lena, lena):
    page = as_lena.get(reverse(name, args=[lena.line_login.line_id])).content.decode()
    for link in set(re.findall(r'href="(/[^"#]*)"', page)):
        if not link.startswith("/static/"):
            assert as_lena.get(link).status_code in {200, 302}, link


def test_no_word_of_money(as_lena, lena):
    answer = as_lena.get(reverse("centrex:line", args=[lena.line_login.line_id]))
    assert "funds" not in answer.context
    assert not answer.context["money_words"]


@pytest.mark.django_db(transaction=True)  # a file is copied over a connection of its own
def test_his_calls_and_no_others(as_lena, lena, easycall):
    own, other = lena.line_login.line, LineFactory(customer=easycall)
    now = timezone.now()
    XdrFactory(customer=easycall, line=own, cld="442079460001", started_at=now)
    XdrFactory(customer=easycall, line=other, cld="442079460002", started_at=now)
    answer = as_lena.get(reverse("centrex:calls"))
    assert [call.cld for call in answer.context["table"].found.rows] == ["442079460001"]
    text = as_lena.get(reverse("centrex:calls"), {"format": "csv"}).getvalue().decode()
    assert "442079460001" in text
    assert "442079460002" not in text


def test_the_number_of_all_calls_is_not_told(as_lena, lena, easycall):
    for _each in range(3):
        XdrFactory(customer=easycall, line=LineFactory(customer=easycall), started_at=timezone.now())
    answer = as_lena.get(reverse("centrex:calls"))
    assert answer.context["table"].found.rows == []
    assert answer.context["table"].found.total == 0


def test_a_colleagues_recording_is_not_there(as_lena, easycall):
    recording = CallRecordingFactory(
        customer=easycall, line=LineFactory(customer=easycall), status="ready", file="x.wav"
    )
    assert as_lena.get(reverse("centrex:recording", args=[recording.pk])).status_code == 404


def test_a_colleagues_rule_stays(as_lena, easycall):
    rule = ScreeningRuleFactory(line__customer=easycall)
    assert as_lena.post(reverse("centrex:rule-delete", args=[rule.pk])).status_code == 404
    rule.refresh_from_db()


def test_he_hides_his_number_but_shows_no_other(as_lena, lena):
    line = lena.line_login.line
    address = reverse("centrex:line-identity", args=[line.pk])
    answer = as_lena.post(address, {"own": "own", "hide_cli": "always", "name": "The Queen", "version": 1})
    assert answer.status_code == 302
    values = line.features.get(name="identity").values
    assert (values["hide_cli"], values["name"]) == ("always", "")


def test_a_login_without_a_line_is_told_so(easycall):
    client = signed_in(UserFactory(customer=easycall, role=Role.LINE_USER))
    for address in (reverse("dashboard"), reverse("centrex:calls")):
        answer = client.get(address)
        assert answer.status_code == 403
        assert b"no phone line yet" in answer.content
    assert client.get(reverse("account_change_password")).status_code == 200


def test_a_line_of_another_company_does_not_count(lena, lotus):
    """As after a mistake in the database."""
    login = lena.line_login
    login.line = LineFactory(customer=lotus)
    login.save()
    assert signed_in(lena).get(reverse("centrex:line", args=[login.line_id])).status_code == 404


def test_he_hears_what_his_line_plays(as_lena, lena, easycall):
    own, other = (
        SoundFactory(customer=easycall, purpose="prompt", state="ready", wav_16k="x.wav") for _each in range(2)
    )
    FeatureSetting.objects.create(
        customer=easycall, line=lena.line_login.line, name="voicemail", values={"personal": own.pk}
    )
    heard = Customer.objects.get(pk=easycall.pk)
    heard.only_line = lena.line_login.line_id
    assert list(audible(heard)) == [own]
    assert as_lena.get(reverse("centrex:sound", args=[other.pk])).status_code == 404
