"""A new costly number: the notice by mail and text message, the wait, and the link that takes it back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.urls import reverse

from centrex.models import Line, NewDestination, ScreeningRule
from centrex.operations.forwarding import Number, PasswordNeeded, Wanted, set_forwarding
from centrex.operations.new_destinations import token_of
from centrex.operations.screening import arrange_rules, save_rule
from centrex.operations.taking_back import take_back
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, decide
from selfcare.models import OutgoingMail, OutgoingSms
from tests.factories import LineFactory

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
ABROAD, PREMIUM = "442079460000", "19005551234"


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, account_id="12125550201")


def forward(user, line, *numbers, mode="follow_me", now=NOW, **more):
    wanted = Wanted(mode=mode, numbers=[Number(f"+{number}") for number in numbers], **more)
    line.refresh_from_db()
    return set_forwarding(user=user, line=line, version=None, wanted=wanted, confirmed=True, now=now)


def forwarded_to(line, now):
    """Which numbers outside a call to the line reaches."""
    answer = decide(plan_of(line.customer, now=now), Call(line.account_id, caller="12065550150"), now)
    found = [target.address for step in answer.steps for target in step.targets if target.kind == "trunk"]
    return found, [step.code for step in answer.trace]


def test_a_number_of_high_risk_is_used_half_an_hour_later(alice, as_alice, line):
    forward(alice, line, PREMIUM)
    row = NewDestination.objects.get()
    assert (row.number, row.counts_from, row.made_by) == (PREMIUM, NOW + timedelta(minutes=30), alice)
    found, codes = forwarded_to(line, NOW + timedelta(minutes=29))
    assert (found, "forward.cooling" in codes) == ([], True)
    found, codes = forwarded_to(line, NOW + timedelta(minutes=30))
    assert (found, "forward.cooling" in codes) == ([PREMIUM], False)
    assert "from 12:30 on" in OutgoingMail.objects.get().body  # in New York


def test_an_ordinary_number_abroad_is_used_at_once(alice, line):
    forward(alice, line, ABROAD)
    assert forwarded_to(line, NOW)[0] == [ABROAD]
    assert "high risk" not in OutgoingMail.objects.get().body


def test_taking_it_out_and_in_again_begins_the_wait_anew(alice, line):
    forward(alice, line, PREMIUM)
    later = NOW + timedelta(minutes=25)
    forward(alice, line, "12065550150", now=later)
    forward(alice, line, PREMIUM, now=later)
    assert forwarded_to(line, NOW + timedelta(minutes=31))[0] == []
    assert forwarded_to(line, later + timedelta(minutes=31))[0] == [PREMIUM]


def test_saving_again_does_not_begin_anew(alice, line):
    forward(alice, line, PREMIUM)
    forward(alice, line, PREMIUM, "12065550150", now=NOW + timedelta(minutes=20))
    assert NewDestination.objects.count() == OutgoingMail.objects.count() == 1
    assert forwarded_to(line, NOW + timedelta(minutes=31))[0] == [PREMIUM, "12065550150"]


def test_the_pages_say_when(as_alice, alice, line):
    now = datetime.now(UTC)
    forward(alice, line, PREMIUM, now=now)
    page = as_alice.get(reverse("centrex:line-forwarding", args=[line.pk])).content.decode()
    assert "Calls go to +1 900-555-1234 from" in page
    assert "forwards to +1 900-555-1234 from" in as_alice.get(reverse("centrex:health")).content.decode()


def test_a_screening_rule_waits_as_well(alice, line):
    rule = ScreeningRule(line=line, position=1, action="number", number=f"+{PREMIUM}")
    save_rule(user=alice, rule=rule, version=None, confirmed=True, now=NOW)
    assert forwarded_to(line, NOW)[0] == []
    assert forwarded_to(line, NOW + timedelta(minutes=30))[0] == [PREMIUM]


def test_a_text_message_to_owners_with_a_mobile_number(alice, line):
    forward(alice, line, ABROAD)
    assert not OutgoingSms.objects.exists()
    alice.mobile = "+12125550177"
    alice.save()
    forward(alice, line, ABROAD, PREMIUM)
    message = OutgoingSms.objects.get()
    assert message.to.as_e164 == "+12125550177"
    assert "+1 900-555-1234" in message.body
    assert "/centrex/lines/destinations/" in message.body


def address(row) -> str:
    return reverse("centrex:destination-undo", args=[token_of(row)])


def test_the_link_takes_the_number_back_once(alice, as_alice, line):
    forward(alice, line, "12065550150", ABROAD)
    row = NewDestination.objects.get()
    assert address(row) in OutgoingMail.objects.get().body
    asked = as_alice.get(address(row)).content.decode()
    assert "+44 20 7946 0000" in asked
    assert forwarded_to(line, NOW)[0] == ["12065550150", ABROAD]  # looking changes nothing
    assert as_alice.post(address(row)).status_code == 302
    assert forwarded_to(line, NOW)[0] == ["12065550150"]
    assert "This link was used before." in as_alice.post(address(row)).content.decode()


def test_the_link_works_for_that_change_only(alice, as_alice, line):
    forward(alice, line, ABROAD)
    first = NewDestination.objects.get()
    forward(alice, line, "12065550150")
    assert "there is nothing to take back" in as_alice.post(address(first)).content.decode()
    forward(alice, line, ABROAD)
    assert "a newer notice" in as_alice.post(address(first)).content.decode()
    assert forwarded_to(line, NOW)[0] == [ABROAD]
    as_alice.post(address(NewDestination.objects.latest("id")))
    line.refresh_from_db()
    assert (line.forwarding, forwarded_to(line, NOW)[0]) == (Line.Forwarding.NONE, [])


def test_simple_forwarding_and_screening_are_taken_back(alice, as_alice, line):
    forward(alice, line, mode="simple", to=f"+{ABROAD}")
    as_alice.post(address(NewDestination.objects.get()))
    line.refresh_from_db()
    assert line.forwarding == Line.Forwarding.NONE
    rule = ScreeningRule(line=line, position=1, action="number", number=f"+{PREMIUM}")
    save_rule(user=alice, rule=rule, version=None, confirmed=True, now=NOW)
    as_alice.post(address(NewDestination.objects.latest("id")))
    rule.refresh_from_db()
    assert not rule.enabled


def test_a_rule_that_was_taken_back_is_switched_on_again_with_the_password_only(alice, line):
    rule = ScreeningRule(line=line, position=1, action="number", number=f"+{ABROAD}")
    save_rule(user=alice, rule=rule, version=None, confirmed=True, now=NOW)
    take_back(user=alice, row=NewDestination.objects.get(), now=NOW)
    rule.refresh_from_db()
    assert not rule.enabled
    again = {"user": alice, "version": None, "order": [rule.pk], "enabled": {rule.pk}, "now": NOW}
    with pytest.raises(PasswordNeeded, match="Enter your password"):
        arrange_rules(line=Line.objects.get(pk=line.pk), **again)
    rule.enabled, rule.number = True, f"+{ABROAD}"
    with pytest.raises(PasswordNeeded):
        save_rule(user=alice, rule=rule, version=None, now=NOW)
    arrange_rules(line=Line.objects.get(pk=line.pk), confirmed=True, **again)
    assert ScreeningRule.objects.get().enabled
    assert NewDestination.objects.count() == 2  # with a notice and a link of its own


def test_the_link_needs_a_login_of_the_customer(alice, as_bob, as_charlie, client, line):
    forward(alice, line, ABROAD)
    row = NewDestination.objects.get()
    for method in ("get", "post"):
        assert getattr(as_charlie, method)(address(row)).status_code == 404
        anonymous = getattr(client, method)(address(row))
        assert (anonymous.status_code, "/login" in anonymous["Location"]) == (302, True)
    assert as_bob.post(address(row)).status_code == 403
    assert forwarded_to(line, NOW)[0] == [ABROAD]


def test_a_forged_link_is_not_found(alice, as_alice, line):
    forward(alice, line, ABROAD)
    row = NewDestination.objects.get()
    for forged in ("x", "MQ:abc:def", signing.dumps(row.pk), signing.dumps(row.pk, salt="another"), token_of(row)[:-1]):
        assert as_alice.get(reverse("centrex:destination-undo", args=[forged])).status_code == 404
