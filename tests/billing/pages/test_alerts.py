"""Spending limits: what the owner may do with and without his password, and what everybody else gets."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import LineLimit, Service, SpendLimits, SpendReader
from billing.operations.ledger import LedgerRow, post_rows
from selfcare.models import AuditEvent, OutgoingMail, Role
from tests.factories import (
    PASSWORD,
    CustomerFactory,
    LineFactory,
    LineLimitFactory,
    SpendLimitsFactory,
    SpendNoticeFactory,
    UserFactory,
)
from tests.people import signed_in

PAGE, RAISE, ADD = (reverse(f"billing:{name}") for name in ("alerts", "alerts-raise", "line-limit-add"))
pytestmark = pytest.mark.django_db


def form(alice, **more):
    kept = SpendLimits.objects.filter(customer=alice.customer).first()
    return {"by_mail": [alice.pk], "version": kept.version if kept else ""} | more


def spend(customer, amount, *, line=None) -> None:
    now = timezone.now()
    row = LedgerRow(customer_id=customer.pk, service_id=Service.CALLS, started_at=now, amount=Decimal(amount),
                    external_id=f"test:{amount}", line_id=line.pk if line else None)  # fmt: skip
    post_rows([row], now=now)


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200, "it was taken"
    return answer.context["form"].errors


def test_the_page_says_what_is_used_and_what_happens(as_alice, easycall):
    spend(easycall, "16.20")
    SpendNoticeFactory(customer=easycall, percent=80, amount=Decimal("16.20"))
    html = as_alice.get(PAGE).content.decode().replace("\xa0", " ")
    assert "(the usual one for you)" in html
    assert 'class="spend-bar warn" max="100" value="81"' in html
    assert "emergency calls always work" in html
    assert "80 % of your limit" in html
    assert "to Alice Morgan" in html
    assert "Raise for today" in html


def test_a_reached_limit_is_said(as_alice, easycall):
    spend(easycall, "20")
    assert "The limit is reached: no more calls that cost money." in as_alice.get(PAGE).content.decode()


def test_a_lower_limit_needs_no_password(as_alice, alice):
    values = {"daily_limit": "10", "low_funds": "25", "call_over": "5", "night_abroad": "on"}
    assert as_alice.post(PAGE, form(alice, **values)).status_code == 302
    kept = SpendLimits.objects.get()
    assert (kept.daily_limit, kept.low_funds, kept.call_over, kept.night_abroad) == (10, 25, 5, True)
    assert SpendReader.objects.get().user == alice
    event = AuditEvent.objects.get(record_type="billing.spendlimits")
    assert event.changes["Calls may cost in a day"] == ["", "10"]
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("changes", [{"daily_limit": "30"}, {"period_limit": "200"}, {"period_limit": ""}])
def test_a_higher_limit_needs_the_password_and_is_told(as_alice, alice, easycall, changes):
    SpendLimitsFactory(customer=easycall, daily_limit=25, period_limit=100)
    values = form(alice, daily_limit="25", period_limit="100") | changes
    assert "password" in errors(as_alice.post(PAGE, values))
    assert "password" in errors(as_alice.post(PAGE, values | {"password": "wrong"}))
    assert SpendLimits.objects.get().version == 1
    assert as_alice.post(PAGE, values | {"password": PASSWORD}).status_code == 302
    assert OutgoingMail.objects.get().subject == "Calls may cost more now"


def test_fewer_readers_need_the_password(as_alice, alice, bob, easycall):
    limits = SpendLimitsFactory(customer=easycall)
    for user in (alice, bob):
        SpendReader.objects.create(limits=limits, user=user)
    assert "password" in errors(as_alice.post(PAGE, form(alice)))
    assert SpendReader.objects.count() == 2
    assert as_alice.post(PAGE, form(alice, by_mail=[alice.pk, bob.pk])).status_code == 302


def test_what_is_refused(as_alice, alice, bob, charlie, lena):
    assert "At most" in str(as_alice.get(PAGE).context["form"].fields["daily_limit"].help_text)
    assert "daily_limit" in errors(as_alice.post(PAGE, form(alice, daily_limit="60.01", password=PASSWORD)))
    assert "daily_limit" in errors(as_alice.post(PAGE, form(alice, daily_limit="-1")))
    assert "by_mail" in errors(as_alice.post(PAGE, form(alice, by_mail=[])))
    for stranger in (charlie, lena):
        assert "by_mail" in errors(as_alice.post(PAGE, form(alice, by_mail=[alice.pk, stranger.pk])))
    assert "by_sms" in errors(as_alice.post(PAGE, form(alice, by_sms=[bob.pk])))
    assert not SpendLimits.objects.exists()


def test_a_currency_without_decimals_takes_none(as_alice, alice, easycall):
    easycall.currency = "JPY"
    easycall.save()
    assert "daily_limit" in errors(as_alice.post(PAGE, form(alice, daily_limit="100.50")))


def test_a_limit_of_old_stays_where_the_highest_choice_has_sunk(as_alice, alice, easycall):
    SpendLimitsFactory(customer=easycall, daily_limit=500)
    assert as_alice.post(PAGE, form(alice, daily_limit="500", day_over="10")).status_code == 302
    assert SpendLimits.objects.get().daily_limit == 500


def test_today_is_raised_with_the_password_up_to_the_highest_choice(as_alice, easycall):
    assert "password" in errors(as_alice.post(RAISE, {"amount": "40"}))
    assert "password" in errors(as_alice.post(RAISE, {"amount": "40", "password": "wrong"}))
    for amount in ("20", "60.01"):
        assert "amount" in errors(as_alice.post(RAISE, {"amount": amount, "password": PASSWORD}))
    assert as_alice.post(RAISE, {"amount": "40", "password": PASSWORD}).status_code == 302
    kept = SpendLimits.objects.get()
    assert (kept.raised_to, kept.raised_on) == (40, timezone.now().astimezone(easycall.zone).date())
    assert "(raised for today)" in as_alice.get(PAGE).content.decode()
    SpendLimits.objects.update(raised_on=kept.raised_on - timedelta(days=1))
    assert "(the usual one for you)" in as_alice.get(PAGE).content.decode()


def test_a_line_gets_a_limit_a_higher_one_and_none_again(as_alice, easycall):
    lobby = LineFactory(customer=easycall, name="Lobby")
    assert as_alice.post(ADD, {"line": lobby.pk, "daily_limit": "5"}).status_code == 302
    limit = LineLimit.objects.get()
    edit, remove = (reverse(f"billing:{name}", args=[limit.pk]) for name in ("line-limit", "line-limit-remove"))
    spend(easycall, "4.50", line=lobby)
    html = as_alice.get(PAGE).content.decode()
    assert "Lobby" in html
    assert 'value="90"' in html
    assert "password" in errors(as_alice.post(edit, {"daily_limit": "6", "version": 1}))
    assert as_alice.post(edit, {"daily_limit": "4", "version": 1}).status_code == 302
    assert as_alice.post(edit, {"daily_limit": "6", "version": 2, "password": PASSWORD}).status_code == 302
    assert "password" in errors(as_alice.post(remove, {"version": 3}))
    assert as_alice.post(remove, {"version": 3, "password": PASSWORD}).status_code == 302
    assert not LineLimit.objects.exists()
    actions = AuditEvent.objects.filter(record_type="billing.linelimit").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["add", "edit", "edit", "delete"]


def test_a_line_has_one_limit_and_a_foreign_line_none(as_alice, easycall, lotus):
    limit = LineLimitFactory(line=LineFactory(customer=easycall))
    foreign = LineFactory(customer=lotus)
    for line in (limit.line, foreign):
        assert "line" in errors(as_alice.post(ADD, {"line": line.pk, "daily_limit": "5"}))


def test_who_may_only_read_sees_and_changes_nothing(as_bob, bob, easycall):
    limit = LineLimitFactory(line=LineFactory(customer=easycall))
    html = as_bob.get(PAGE).content.decode()
    assert "<fieldset disabled>" in html
    assert RAISE not in html
    assert ADD not in html
    for address in (PAGE, RAISE, ADD, reverse("billing:line-limit", args=[limit.pk])):
        assert as_bob.post(address, form(bob)).status_code == 403
    assert as_bob.get(RAISE).status_code == 403


def test_a_stranger_gets_404_and_nobody_the_login(as_charlie, client, easycall):
    SpendNoticeFactory(customer=easycall, number="442079460000")
    limit = LineLimitFactory(line=LineFactory(customer=easycall, name="Lobby"))
    for name in ("line-limit", "line-limit-remove"):
        address = reverse(f"billing:{name}", args=[limit.pk])
        assert as_charlie.get(address).status_code == as_charlie.post(address).status_code == 404
    html = as_charlie.get(PAGE).content.decode()
    assert "Lobby" not in html
    assert "Messages that we sent" in html
    assert "Limit for a day" not in html
    assert client.get(PAGE).status_code == 302


def test_a_branch_office_and_who_keeps_the_books(easycall):
    berta = UserFactory(customer=CustomerFactory(main_office=easycall), role=Role.OWNER)
    keeper = UserFactory(customer=easycall, role=Role.BILLING_MANAGER)
    switch = UserFactory(customer=easycall, role=Role.CENTREX_MANAGER)
    assert signed_in(berta).post(PAGE, form(berta, daily_limit="5")).status_code == 302
    assert signed_in(keeper).get(RAISE).status_code == 200
    assert signed_in(switch).get(PAGE).status_code == 403


def test_what_happens_if_says_that_the_limit_is_reached(as_alice, easycall):
    line = LineFactory(customer=easycall, account_id="12125550101")
    asked = {"caller": line.pk, "dialled": "442079460000"}
    page = reverse("centrex:what-if")
    assert "has reached a spending limit" not in as_alice.get(page, asked).content.decode()
    spend(easycall, "20")
    html = as_alice.get(page, asked).content.decode()
    assert "has reached a spending limit" in html
    assert f'href="{PAGE}"' in html


def test_the_number_of_queries_does_not_grow(as_alice, easycall, django_assert_num_queries):
    def add() -> None:
        LineLimitFactory(line=LineFactory(customer=easycall))
        SpendNoticeFactory(customer=easycall, line=LineFactory(customer=easycall), kind="line_limit")

    add()
    as_alice.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        as_alice.get(PAGE)
    add()
    add()
    with django_assert_num_queries(len(one)):
        as_alice.get(PAGE)
