"""Blocked callers: from the log or typed by hand, named as people read numbers, and let through again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from billing.models import Xdr
from centrex.models import BlockedCaller
from tests.factories import BlockedCallerFactory, ExtensionFactory, LineFactory, XdrFactory

LOG = "/centrex/calls/"
PAGE = f"{LOG}blocked/"
ADD = f"{PAGE}add/"
LONDON = "442079460000"
pytestmark = pytest.mark.django_db


def plain(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def incoming(easycall, cli, **more) -> Xdr:
    return XdrFactory(customer=easycall, cli=cli, cld="12125550100", description=Xdr.INCOMING, **more)


def button(answer, label: str) -> list[str]:
    return re.findall(rf'href="([^"]+)" title="{label}"', answer.content.decode())


def test_a_caller_is_blocked_from_the_log_and_unblocked_there(easycall, as_alice):
    incoming(easycall, LONDON)
    incoming(easycall, LONDON, started_at=timezone.now() - timedelta(days=2))
    log = as_alice.get(LOG)
    assert "Blocked callers" in plain(log)
    block = button(log, "Block this caller")
    assert block == [f"{ADD}?number=%2B{LONDON}"] * 2
    page = as_alice.get(block[0])
    assert "Block +44 20 7946 0000 ?" in plain(page)
    assert 'value="+44 20 7946 0000"' in page.content.decode()
    said = as_alice.post(ADD, {"number": "+44 20 7946 0000", "note": "Sales"}, follow=True)
    assert "Calls from +44 20 7946 0000 are refused from now on." in plain(said)
    assert BlockedCaller.objects.get().number == LONDON
    log = as_alice.get(LOG)
    assert log.content.decode().count('"badge bad"') == 2
    unblock = button(log, "Unblock this caller")
    assert len(unblock) == 2
    assert not button(log, "Block this caller")
    assert "Unblock +44 20 7946 0000 ? Calls will ring your phones again. Your note: Sales" in plain(
        as_alice.get(unblock[0])
    )
    assert "can reach you again" in plain(as_alice.post(unblock[0], follow=True))
    assert not BlockedCaller.objects.exists()


def test_hidden_numbers_are_blocked_from_the_log(easycall, as_alice):
    incoming(easycall, "anonymous")
    (block,) = button(as_alice.get(LOG), "Block this caller")
    page = as_alice.get(block)
    assert "Block everybody who hides the number?" in plain(page)
    assert re.search(r'name="hidden"[^>]* checked', page.content.decode())
    as_alice.post(ADD, {"hidden": "on"})
    assert BlockedCaller.objects.get().number == ""
    assert "Hidden number Blocked" in plain(as_alice.get(LOG))
    assert "Hidden numbers" in plain(as_alice.get(PAGE))


def test_no_button_for_colleagues_and_for_whom_we_called(easycall, as_alice):
    line = LineFactory(customer=easycall)
    ExtensionFactory(customer=easycall, number="201", line=line)
    incoming(easycall, "201")
    incoming(easycall, line.account_id)
    XdrFactory(customer=easycall, cli=line.account_id, cld=LONDON)
    assert not button(as_alice.get(LOG), "Block this caller")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+44 (0)20 7946-0000", LONDON),
        ("011 44 20 7946 0000", LONDON),
        ("(917) 555-0100", "19175550100"),
        ("12345", "12345"),
        ("+1 917.555.0100", "19175550100"),
    ],
)
def test_a_number_may_be_typed_in_any_way(easycall, as_alice, typed, kept):
    assert as_alice.post(ADD, {"number": typed}).status_code == 302
    assert BlockedCaller.for_customer(easycall).get().number == kept


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Enter a number, or tick that hidden numbers are meant."),
        ({"number": LONDON, "hidden": "on"}, "Choose one"),
        ({"number": "the bank"}, "Enter a telephone number such as"),
        ({"number": "911"}, "Emergency services may call back"),
        ({"number": "201"}, "one of your own numbers"),
        ({"number": "+1 212 555 0100"}, "one of your own numbers"),
        ({"number": "1" * 16}, "Enter a telephone number such as"),
        ({"number": "33170185154"}, "blocked already"),
    ],
)
def test_what_cannot_be_blocked_is_told_at_the_field(easycall, as_alice, form, says):
    ExtensionFactory(customer=easycall, number="201", line=LineFactory(customer=easycall, account_id="12125550100"))
    BlockedCallerFactory(customer=easycall, number="33170185154")
    answer = as_alice.post(ADD, form)
    assert says in str(answer.context["form"].errors["number"])
    assert BlockedCaller.objects.count() == 1


def test_the_list_shows_whom_when_by_whom_and_why(easycall, alice, lotus, as_alice):
    BlockedCallerFactory(customer=easycall, number=LONDON, note="Sales", blocked_by=alice)
    BlockedCallerFactory(customer=lotus, number="33170185154")
    page = plain(as_alice.get(PAGE))
    for words in ("+44 20 7946 0000", "Sales", "alice", "03/02/2026 04:00"):
        assert words in page
    assert "+33" not in page


def test_who_may_only_read_sees_the_list_and_changes_nothing(easycall, as_bob):
    caller = BlockedCallerFactory(customer=easycall, number=LONDON)
    incoming(easycall, LONDON)
    assert "Unblock" not in as_bob.get(PAGE).content.decode().partition("<main")[2].partition('id="help"')[0]
    assert not button(as_bob.get(LOG), "Unblock this caller")
    for address in (ADD, f"{PAGE}{caller.pk}/delete/"):
        assert as_bob.get(address).status_code == 403
        assert as_bob.post(address, {"number": "33170185154"}).status_code == 403
    assert BlockedCaller.objects.count() == 1


def test_somebody_elses_is_not_there(easycall, as_charlie):
    caller = BlockedCallerFactory(customer=easycall)
    assert as_charlie.post(f"{PAGE}{caller.pk}/delete/").status_code == 404
    assert BlockedCaller.objects.exists()
