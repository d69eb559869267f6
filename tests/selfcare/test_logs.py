"""The logs: one JSON object a line, whose and from where; nobody forges a line, and no secret gets in."""

import io
import json
import logging
import re
from decimal import Decimal
from uuid import uuid4

import pytest
import structlog
from django.core import mail as django_mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import Payment
from selfcare import logs, mail, middleware
from tests.billing.payments.conftest import *  # noqa: F403 - the sandbox's fixtures
from tests.billing.payments.conftest import CARD, pay_on_page
from tests.factories import PASSWORD
from tests.people import signed_in

LOGIN = "/accounts/login/"
FORGED = '{"event": "forged", "user_id": 1}'
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"]


class Book(io.StringIO):
    """What was logged."""

    @property
    def lines(self) -> list[str]:
        return [line for line in self.getvalue().split("\n") if line]

    @property
    def entries(self) -> list[dict]:
        """Each line as an object; a line that is none fails the test."""
        entries = [json.loads(line) for line in self.lines]
        assert all(isinstance(entry, dict) for entry in entries)
        return entries

    def of(self, event: str) -> list[dict]:
        return [entry for entry in self.entries if entry["event"] == event]


@pytest.fixture
def book():
    """Everything from INFO on, written as production writes it."""
    formatter = dict(logs.configured(level="INFO", as_json=True)["formatters"]["structured"])
    handler = logging.StreamHandler(book := Book())
    handler.setFormatter(formatter.pop("()")(**formatter))
    loggers = [logging.getLogger(), logging.getLogger("django")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield book
    for logger, level in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)
    structlog.contextvars.clear_contextvars()


def test_a_request_is_known_by_id_user_and_address(book, as_alice, alice):
    as_alice.get("/centrex/lines/", REMOTE_ADDR="203.0.113.9")
    (begun,), (done,) = book.of("request_started"), book.of("request_finished")
    for entry in (begun, done):
        assert entry["user_id"] == alice.pk
        assert entry["ip"] == "203.0.113.9"
        assert entry["request"] == "GET /centrex/lines/"
        assert entry["timestamp"].endswith("Z")
    assert begun["request_id"] == done["request_id"]
    assert done["code"] == 200


def test_the_next_request_inherits_nothing(book, as_alice, as_bob, bob):
    as_alice.get("/")
    as_bob.get("/")
    first, second = book.of("request_started")
    assert first["request_id"] != second["request_id"]
    assert second["user_id"] == bob.pk


@pytest.mark.parametrize("end", BREAKS, ids=ascii)
def test_nobody_forges_a_line(book, alice, end):
    lie = f"x{end}{FORGED}"
    client = signed_in(alice)
    client.get(f"/no/{lie}/", {"text": lie}, headers={"user-agent": lie, "x-request-id": lie, "referer": lie})
    Client().post(LOGIN, {"login": lie, "password": lie}, headers={"user-agent": lie})
    client.post("/tickets/add/", {"subject": lie, "text": lie, "category": lie})
    client.post("/preferences/", {"next": lie, "theme": lie})
    assert len(book.of("request_finished")) == 4
    assert not book.of("forged")
    assert len(book.getvalue().splitlines()) == len(book.lines) == len(book.entries)


def test_an_exception_is_one_line(book, alice, monkeypatch):
    def breaks(*args, **kwargs):
        raise ValueError(f"x\n{FORGED}")

    monkeypatch.setattr("selfcare.pages.dashboard.Dashboard.get_context_data", breaks)
    client = signed_in(alice)
    client.raise_request_exception = False
    assert client.get("/").status_code == 500
    (failed,) = book.of("request_failed")
    assert "ValueError" in failed["exception"]
    assert failed["user_id"] == alice.pk
    assert not book.of("forged")


def luhn(digits: str) -> bool:
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[::-2]))) % 10 == 0


def card_numbers(text: str) -> list[str]:
    """What looks like a card's number; ids and times are digits by chance."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z", "", text)
    runs = re.findall(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)", text)
    return [run for run in runs if luhn(re.sub(r"\D", "", run))]


def test_the_guard_against_card_numbers_would_find_one():
    assert card_numbers(f"paid with {CARD['number']}")


def test_signing_in_and_paying_leave_no_secret(book, sandbox, alice):
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    token = client.cookies["csrf"].value
    client.post(LOGIN, {"login": "alice", "password": "wrong-horse-battery", "csrfmiddlewaretoken": token})
    assert client.post(LOGIN, {"login": "alice", "password": PASSWORD, "csrfmiddlewaretoken": token}).status_code == 302
    session, token = client.cookies["sid"].value, client.cookies["csrf"].value
    form = {"payment_id": str(uuid4()), "method": "card", "amount": "20", "csrfmiddlewaretoken": token}
    form["card_number"] = CARD["number"]  # a browser's extension may send what we never asked for
    page = client.post("/billing/pay/", form)
    pay_on_page(page.url)
    client.get(reverse("billing:payment", args=[form["payment_id"]]))
    assert Payment.objects.get().state == Payment.State.SUCCEEDED
    assert Payment.objects.get().amount == Decimal(20)
    written = book.getvalue()
    assert len(book.of("request_finished")) >= 5
    for secret in (PASSWORD, "wrong-horse-battery", session, token, CARD["number"].replace(" ", ""), CARD["number"]):
        assert secret not in written
    assert card_numbers(written) == []


def test_a_mailed_link_is_not_in_the_log(book, alice):
    client = Client()
    client.post("/accounts/password/reset/", {"email": alice.email})
    mail.send_due(now=timezone.now(), limit=1)
    key = re.search(r"/reset/key/([^/\s]+)/", django_mail.outbox[0].body)[1]
    assert client.get(f"/accounts/password/reset/key/{key}/").status_code == 302
    client.get("/profile/confirm-email/door-opener/")
    assert key not in book.getvalue()
    assert "door-opener" not in book.getvalue()
    assert "GET /accounts/password/reset/key/…" in {entry["request"] for entry in book.of("request_started")}


def test_queries_stay_out(book, as_alice):
    as_alice.get("/centrex/lines/", {"text": "12125550100"})
    assert "12125550100" not in book.getvalue()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.1", "10.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        (2, "192.0.2.66, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "198.51.100.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "rubbish", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_an_address_counts_as_far_as_our_proxies_wrote_it(settings, rf, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert middleware.client_ip(request) == expected


def test_behind_a_proxy_who_guesses_locks_out_himself_only(settings, alice):
    settings.TRUSTED_PROXIES = 1
    settings.ACCOUNT_RATE_LIMITS = False
    for n in range(6):
        guess = {"login": "alice", "password": f"wrong {n}"}
        Client().post(LOGIN, guess, headers={"x-forwarded-for": f"192.0.2.{n}, 203.0.113.5"})
    right = {"login": "alice", "password": PASSWORD}
    assert Client().post(LOGIN, right, headers={"x-forwarded-for": "203.0.113.5"}).status_code == 429
    assert Client().post(LOGIN, right, headers={"x-forwarded-for": "198.51.100.7"}).status_code == 302
    assert alice.usersession_set.get().ip == "198.51.100.7"
