"""The rights, as they are, against every address: forms without a token, readers who write, pages that only look.

All addresses come from the URLconf, all rights from `selfcare.access`.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from billing.gateways.base import NotDone
from billing.gateways.stripe import Stripe
from selfcare.access import CHANGE, RIGHTS, VIEW
from selfcare.crud.views import Page
from selfcare.models import Role
from tests.factories import UserFactory
from tests.house.samples import SAMPLES
from tests.house.test_urls import ADDRESSES, PLAIN
from tests.people import signed_in
from tests.rows import contents, read

# A user's own ways of looking at the portal, which whoever may only read keeps as well.
OWN_WAYS = {
    "preference",
    "table-preference",
    "dashboard-windows",
    "account_change_password",
    "usersessions_list",
    "view-as-end",
}
# What stands in the addresses of mailed links.
FREE_ARGUMENTS: dict[str, list[Any]] = {
    "account_reset_password_from_key": ["1", "abc"],
    "profile:confirm-email": ["token"],
    "billing:payment-confirm": ["token"],
}


@pytest.fixture(autouse=True)
def no_provider(monkeypatch):
    """The payment provider refuses all; what a page then does is another test's question."""

    def refuse(*_args: object, **_more: object) -> None:
        raise NotDone("not today", later=False)

    for call in (
        "open_page", "open_element", "get_element", "get_payment", "find_payment", "open_customer", "open_setup",
        "get_setup", "detach", "create_charge",
        "confirm_charge", "cancel_charge",
    ):  # fmt: skip
        monkeypatch.setattr(Stripe, call, refuse)


def view_class(name: str) -> Any:
    return getattr(ADDRESSES[name].callback, "view_class", None)


def is_page(name: str) -> bool:
    return view_class(name) is not None and issubclass(view_class(name), Page)


PAGES = sorted(name for name in ADDRESSES if is_page(name))
FORMS = sorted(name for name in PAGES if hasattr(view_class(name), "post"))


def address_of(name: str, easycall: Any, alice: Any) -> str:
    make: Callable[..., Any] = SAMPLES[name][0] if name in SAMPLES else lambda *_people: FREE_ARGUMENTS.get(name, [])
    return reverse(name, args=make(easycall, alice))


NOTICES = {"stripe-webhook", "paynearme-authorization", "paynearme-confirmation", "paynearme-reverse"}


def test_only_the_providers_notices_come_without_a_token():
    exempt = {name for name, entry in ADDRESSES.items() if getattr(entry.callback, "csrf_exempt", False)}
    assert exempt == NOTICES


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - NOTICES))
def test_nothing_is_posted_without_a_token(name, easycall, alice):
    address = address_of(name, easycall, alice)
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice, backend="selfcare.backends.WithCustomer")
    before = contents()
    for data in ({}, {"csrfmiddlewaretoken": "a" * 64}):
        assert client.post(address, data).status_code == 403
    assert contents() == before


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_a_token_from_elsewhere_does_not_count(origin, alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice, backend="selfcare.backends.WithCustomer")
    client.get("/tickets/add/")
    form = {"theme": "dark", "next": "/", "csrfmiddlewaretoken": client.cookies["csrf"].value}
    assert client.post("/preferences/", form).status_code == 302
    assert client.post("/preferences/", form, headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_looking_changes_nothing(name, easycall, alice, as_alice):
    address = address_of(name, easycall, alice)
    before = contents()
    for _time in range(2):
        read(as_alice.get(address))
    assert contents() == before


@pytest.mark.parametrize("name", FORMS)
def test_who_may_only_read_changes_nothing(name, easycall, alice, as_bob):
    address = address_of(name, easycall, alice)
    before = contents()
    assert as_bob.post(address, {"number": "123", "text": "x", "subject": "x", "amount": "20"}).status_code == 403
    assert contents() == before


def test_whoever_is_not_a_page_is_a_users_own_way():
    """A view that checks no right must be named here on purpose."""
    unchecked = {name for name in PLAIN if not is_page(name)} | {name for name in SAMPLES if not is_page(name)}
    assert unchecked == OWN_WAYS | {"view-as"}


def area_of(name: str) -> str:
    """The area whose rights hold; undoing has those of the record's page, which lies in the area of its address."""
    page = view_class(name).page
    return (page if isinstance(page, str) else name).partition(":")[0]


@pytest.mark.parametrize("name", PAGES)
def test_every_role_gets_what_the_table_says(name, easycall, alice):
    """But the user of a line, who has rights by address: `test_line_user`."""
    assert set(RIGHTS) == set(Role.values) - {Role.LINE_USER}
    address = address_of(name, easycall, alice)
    for role in RIGHTS:
        user = UserFactory(customer=easycall, role=role)
        rights = RIGHTS[role].get(area_of(name), frozenset())
        asks = CHANGE if view_class(name).always_changes else VIEW
        client, before = signed_in(user), contents()
        answer = client.get(address)
        read(answer)
        assert (answer.status_code != 403) == (asks in rights), f"{role}: {answer.status_code}"
        if CHANGE not in rights:
            assert client.post(address).status_code == 403, role
        assert contents() == before, role
