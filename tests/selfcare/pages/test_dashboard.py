"""The Dashboard: its windows, and how a user arranges them."""

import re

import pytest
from django.urls import reverse

from selfcare.models import CustomerClass, Preference, Role, User
from tests.people import signed_in

PAGE = "/"
KEEP = "/windows/"


def windows(client) -> list[str]:
    return re.findall(r'data-window="(\w+)"', client.get(PAGE).content.decode())


def test_four_windows_in_their_first_order(as_alice):
    page = as_alice.get(PAGE).content.decode()
    assert windows(as_alice) == ["contact", "billing", "spend", "calls"]
    for title in ("Contact Information", "Brief Billing Information", "Spending", "Recent Calls"):
        assert title in page


@pytest.mark.parametrize(
    ("acts", "order"),
    [
        (["down:contact"], ["billing", "contact", "spend", "calls"]),
        (["up:calls", "up:calls"], ["contact", "calls", "billing", "spend"]),
        (["up:contact"], ["contact", "billing", "spend", "calls"]),
        (["down:calls"], ["contact", "billing", "spend", "calls"]),
        (["hide:billing"], ["contact", "spend", "calls"]),
        (["hide:spend", "hide:billing", "up:calls"], ["calls", "contact"]),
        (["hide:billing", "show:billing"], ["contact", "billing", "spend", "calls"]),
        (["down:contact", "default"], ["contact", "billing", "spend", "calls"]),
    ],
)
def test_buttons_arrange_the_windows(as_alice, acts, order):
    for act in acts:
        assert as_alice.post(KEEP, {"act": act}).status_code == 302
    assert windows(as_alice) == order


def test_a_minimised_window_shows_its_head_only(as_alice, easycall):
    as_alice.post(KEEP, {"act": "minimise:contact"})
    page = as_alice.get(PAGE).content.decode()
    assert "Contact Information" in page
    assert "Edit contact details" not in page
    as_alice.post(KEEP, {"act": "restore:contact"})
    assert "Edit contact details" in as_alice.get(PAGE).content.decode()


def test_an_order_from_dragging_is_kept_for_this_user_only(as_alice, as_bob):
    as_alice.post(KEEP, {"order": "calls,contact,billing,spend"})
    assert windows(as_alice) == ["calls", "contact", "billing", "spend"]
    assert windows(as_bob) == ["contact", "billing", "spend", "calls"]


@pytest.mark.parametrize("order", ["", "nonsense", "calls,calls,calls", "calls,<script>", "contact"])
def test_an_odd_order_loses_no_window(as_alice, order):
    as_alice.post(KEEP, {"order": order})
    assert sorted(windows(as_alice)) == ["billing", "calls", "contact", "spend"]


@pytest.mark.parametrize("act", ["", "up", "up:nonsense", ":contact", "hide:__class__"])
def test_an_odd_button_changes_nothing(as_alice, act):
    as_alice.post(KEEP, {"act": act})
    assert windows(as_alice) == ["contact", "billing", "spend", "calls"]


def test_what_was_kept_by_an_older_portal_does_no_harm(as_alice, alice):
    Preference.remember(alice, "dashboard", {"order": ["gone", "calls"], "hidden": ["gone"]})
    assert windows(as_alice) == ["calls", "contact", "billing", "spend"]


def test_a_window_needs_the_right_to_its_page(easycall, alice):
    User.objects.filter(pk=alice.pk).update(role=Role.CENTREX_MANAGER)
    assert windows(signed_in(alice)) == ["contact"]


def test_a_window_goes_with_its_hidden_page(as_alice, easycall):
    easycall.customer_class = CustomerClass.objects.create(name="x", hidden_pages=["billing:transactions"])
    easycall.save()
    assert windows(as_alice) == ["contact", "billing", "spend"]


def test_staff_without_a_customer_are_sent_to_the_administration(as_dora):
    assert as_dora.get(PAGE)["Location"] == reverse("admin:index")
