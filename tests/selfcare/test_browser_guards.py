"""What the browser is told to keep and to forget, and how long a session lasts."""

import ast
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centrex.models import CallRecording
from tests.factories import PASSWORD, AttachmentFactory, CallRecordingFactory, LineFactory, XdrFactory
from tests.house.samples import next_invoice
from tests.house.test_environment import boot
from tests.house.test_urls import PLAIN, assert_fenced
from tests.rows import read
from tests.tools import require

LOGIN = "/accounts/login/"
COOKIES = ("SESSION_COOKIE_", "CSRF_COOKIE_")


def kept_by_nobody(answer) -> bool:
    """No cache between us and the reader keeps it, nor does the reader's own disk."""
    rules = {rule.strip() for rule in answer["Cache-Control"].split(",")}
    return {"private", "no-store"} <= rules


@pytest.mark.parametrize("name", sorted({*PLAIN, "account_login", "account_reset_password"}))
def test_no_cache_keeps_a_page(name, as_alice):
    assert kept_by_nobody(as_alice.get(reverse(name))), name


def test_no_cache_keeps_an_error_page(as_alice):
    assert kept_by_nobody(as_alice.get("/no/such/page/"))


def test_colours_are_kept_for_a_while_but_not_between_us(client, db):
    assert client.get("/brand.css")["Cache-Control"] == "max-age=300, private"


def csv(easycall, alice):
    LineFactory(customer=easycall)
    return reverse("centrex:lines") + "?format=csv", "text/csv"


def xlsx(easycall, alice):
    LineFactory(customer=easycall)
    return reverse("centrex:lines") + "?format=xlsx", "application/vnd.openxmlformats"


def ledger(easycall, alice):
    XdrFactory(customer=easycall)
    return reverse("billing:transactions") + "?format=csv", "text/csv"


def pdf(easycall, alice):
    require("pango")
    return reverse("billing:invoice-pdf", args=[next_invoice(easycall).pk]), "application/pdf"


def attachment(easycall, alice):
    file = AttachmentFactory(message__ticket__customer=easycall, message__ticket__requestor=alice)
    return reverse("tickets:attachment", args=[file.pk]), "text/csv"


def recording(easycall, alice):
    file = ContentFile(b"RIFF0000WAVE", name="call.wav")
    call = CallRecordingFactory(customer=easycall, status=CallRecording.Status.READY, file=file)
    return reverse("centrex:recording", args=[call.pk]) + "?download=1", "audio/"


@pytest.mark.parametrize("make", [csv, xlsx, ledger, pdf, attachment, recording], ids=lambda make: make.__name__)
def test_downloads_are_files_and_nothing_else(make, easycall, alice, as_alice):
    address, content_type = make(easycall, alice)
    answer = as_alice.get(address)
    read(answer)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(content_type)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert kept_by_nobody(answer)
    assert_fenced(answer)


def test_signing_out_has_the_browser_forget(as_alice):
    session = as_alice.cookies["sid"].value
    answer = as_alice.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=session).exists()
    as_alice.cookies["sid"] = session
    assert as_alice.get("/").status_code == 302


def signed_in_by_hand() -> Client:
    client = Client()
    assert client.post(LOGIN, {"login": "alice", "password": PASSWORD}).status_code == 302
    return client


def test_a_session_ends_twelve_hours_after_signing_in_whatever_is_done(alice, monkeypatch):
    client, began = signed_in_by_hand(), timezone.now()
    for hours, status in ((6, 200), (11.9, 200), (12.1, 302)):
        now = began + timedelta(hours=hours)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        client.post("/preferences/", {"theme": "dark", "next": "/"})
        assert client.get("/").status_code == status


def test_a_session_ends_with_the_browser(alice):
    assert signed_in_by_hand().cookies["sid"]["max-age"] == ""


def test_signing_in_makes_a_new_session(alice):
    client = Client()
    client.cookies["sid"] = preset = "a" * 32
    client.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert client.cookies["sid"].value != preset
    thief = Client()
    thief.cookies["sid"] = preset
    assert thief.get("/").status_code == 302


def test_cookies_are_for_this_host_and_https_alone(tmp_path):
    done = boot(tmp_path, ["diffsettings", "--all"])
    found = dict(line.lstrip("# ").split(" = ", 1) for line in done.stdout.splitlines() if " = " in line)
    cookies = {name: ast.literal_eval(value) for name, value in found.items() if name.startswith(COOKIES)}
    for kind in COOKIES:
        assert cookies[f"{kind}NAME"].startswith("__Host-")
        assert cookies[f"{kind}SECURE"] is True
        assert cookies[f"{kind}HTTPONLY"] is True
        assert cookies[f"{kind}SAMESITE"] == "Lax"
        assert cookies[f"{kind}PATH"] == "/"
        assert cookies[f"{kind}DOMAIN"] is None


ODD_COOKIES = {
    "NUL": '"aaaaaaaaaaaa\\000aaaa"',
    "long": "a" * 8000,
    "quoted": '"a;b"',
    "words": "' OR 1=1 --",
    "digits": "٣" * 32,
    "short": "a",
}


@pytest.mark.parametrize("name", ["sid", "csrf", "messages"])
@pytest.mark.parametrize("value", ODD_COOKIES.values(), ids=ODD_COOKIES.keys())
def test_odd_cookies_do_no_harm(db, name, value):
    client = Client()
    answer = client.get("/", headers={"cookie": f"{name}={value}".encode().decode("latin-1")})
    assert answer.status_code in {302, 400}
    posted = client.post(LOGIN, {"login": "x"}, headers={"cookie": f"{name}={value}".encode().decode("latin-1")})
    assert posted.status_code in {200, 400, 403}


@pytest.mark.parametrize(
    "path", ["/%00", "/centrex/%00/", "/accounts/password/reset/key/1-%00/", "/preferences/tables/%00/"]
)
def test_a_nul_in_the_address_is_refused(as_alice, path):
    assert as_alice.get(path).status_code == 400
