"""Every address of the portal: closed to strangers, to the anonymous, and guarded by the browser's own fences.

The addresses are read off the URLconf, so that a new page without an entry in `SAMPLES` fails here.
"""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.samples import NOT_FOUND, SAMPLES

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
# Doors that stand open on purpose: signing in, health, brand, and the provider's signed notices.
OPEN = {
    "account_login", "account_logout", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
    "brand-css", "brand-logo", "favicon", "health-live", "health-ready",
    "stripe-webhook", "paynearme-authorization", "paynearme-confirmation", "paynearme-reverse",
    "profile:confirm-email", "billing:payment-confirm",
}  # fmt: skip


def named(patterns: list, prefix: str = "") -> dict[str, URLPattern]:
    """All named addresses but the admin's, by their full name."""
    found = {}
    for entry in patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                found |= named(entry.url_patterns, prefix + (f"{entry.namespace}:" if entry.namespace else ""))
        elif entry.name:
            found[prefix + entry.name] = entry
    return found


ADDRESSES = named(get_resolver().url_patterns)
WITH_ID = {name: entry for name, entry in ADDRESSES.items() if entry.pattern.converters and name not in OPEN}
PLAIN = [name for name, entry in ADDRESSES.items() if not entry.pattern.converters and name not in OPEN]


def test_every_address_has_a_name():
    assert not [
        str(entry.pattern) for entry in get_resolver().url_patterns if isinstance(entry, URLPattern) and not entry.name
    ]


def test_every_address_with_an_id_has_a_sample():
    assert set(WITH_ID) == set(SAMPLES), "tests/house/samples.py names one record of EasyCall's for each"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_foreign_record_is_not_there(name, method, easycall, alice, as_charlie):
    make, foreign_status = SAMPLES[name]
    address = reverse(name, args=make(easycall, alice))
    assert getattr(as_charlie, method)(address).status_code in foreign_status


@pytest.mark.parametrize("name", sorted(name for name, (_make, status) in SAMPLES.items() if status == NOT_FOUND))
def test_a_foreign_record_looks_like_a_missing_one(name, easycall, alice, as_charlie):
    args = SAMPLES[name][0](easycall, alice)
    nobodys = 2**31 if isinstance(args[0], int) else uuid4()
    foreign = as_charlie.get(reverse(name, args=args))
    missing = as_charlie.get(reverse(name, args=[nobodys, *args[1:]]))
    assert without_secrets(foreign.content) == without_secrets(missing.content)


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - OPEN))
@pytest.mark.parametrize("method", METHODS)
def test_the_anonymous_are_sent_to_the_login(name, method, easycall, alice):
    make: Callable[..., Any] = SAMPLES[name][0] if name in SAMPLES else lambda *_people: []
    answer = getattr(Client(), method)(reverse(name, args=make(easycall, alice)))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_no_page_breaks_and_every_page_is_fenced(name, as_alice, as_bob):
    for client in (as_alice, as_bob):
        answer = client.get(reverse(name))
        assert answer.status_code in {200, 302, 403, 405}, f"{name}: {answer.status_code}"
        assert_fenced(answer)


def test_error_pages_are_fenced(as_alice):
    answer = as_alice.get("/no/such/page/")
    assert answer.status_code == 404
    assert b"This page does not exist" in answer.content
    assert_fenced(answer)


def test_every_answer_has_a_nonce_of_its_own(as_alice):
    policies = {as_alice.get(reverse("account_change_password"))["Content-Security-Policy"] for _ in range(2)}
    assert all("'unsafe-inline'" not in policy and "'unsafe-eval'" not in policy for policy in policies)


def assert_fenced(answer) -> None:
    """The headers that a browser's fences hang on."""
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "microphone=(self)" in answer["Permissions-Policy"]
    assert "camera=()" in answer["Permissions-Policy"]


def without_secrets(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|/\d+/', b"", page)
