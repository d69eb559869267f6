"""The provider as the environment names it."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from selfcare import sms_provider
from selfcare.sms.http import ByHttp
from selfcare.sms.outbox import way
from selfcare.sms.smpp import BySmpp
from selfcare.sms.ways import ByLog


@pytest.fixture
def given(monkeypatch):
    def given(**names):
        for name, value in names.items():
            monkeypatch.setenv(f"SMS_{name}", value)
        return sms_provider.from_environment()

    return given


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("", ByLog),
        ("https://sms.example.net/v1", ByHttp),
        ("smpp://a:b@smsc.example.net", BySmpp),
        ("smpps://a:b@smsc.example.net:3551", BySmpp),
    ],
)
def test_the_address_says_which_way(given, settings, url, kind):
    settings.SMS = given(URL=url)
    assert isinstance(way(), kind)


def test_a_centre_has_a_port_and_a_login(given):
    provider = given(URL="smpp://esme%401:p%3Aw@smsc.example.net")
    assert provider.host_and_port == ("smsc.example.net", 2775)
    assert provider.login == ("esme@1", "p:w")


def test_the_shape_of_a_request(given):
    provider = given(
        URL="https://sms.example.net", REQUEST='form:{"dest": "{to}", "msg": "{text}"}', COUNTRIES="us, de"
    )
    assert (provider.as_form, provider.request) == (True, {"dest": "{to}", "msg": "{text}"})
    assert provider.countries == ("US", "DE")


@pytest.mark.parametrize(
    "url", ["sms.example.net", "ftp://a:s3cret@x", "smpp://", "https://x:port", "smpp://a:s3cret@x:0"]
)
def test_an_address_that_makes_no_sense_is_not_repeated(given, url):
    with pytest.raises(ImproperlyConfigured, match="SMS_URL") as raised:
        given(URL=url)
    assert "s3cret" not in str(raised.value)
