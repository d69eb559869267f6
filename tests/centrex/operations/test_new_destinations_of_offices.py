"""New costly numbers of a closed huntgroup and of abbreviated numbers: the password, the wait, and the way back."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from centrex.models import AbbreviatedNumber, CompanySettings, Huntgroup, Line, NewDestination
from centrex.operations.abbreviated import add_abbreviated, edit_abbreviated
from centrex.operations.forwarding import PasswordNeeded
from centrex.operations.group_hours import set_hours
from centrex.operations.new_destinations import row_of_token, token_of
from centrex.operations.sheets import uploads
from centrex.queries.health import checks_of
from centrex.queries.plans import plan_of
from centrex.queries.trace_words import sentence
from centrex.routing.dialing.rules import DialingRules
from centrex.routing.engine import Call, decide
from selfcare.models import OutgoingMail, OutgoingSms, Role
from tests.centrex.operations.sheets.files import uploaded
from tests.factories import (
    PASSWORD,
    CustomerFactory,
    HuntgroupFactory,
    LineFactory,
    NewDestinationFactory,
    ScheduleFactory,
    UserFactory,
)
from tests.people import signed_in

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
ABROAD, PREMIUM, CHEAP = "442079460000", "19005551234", "12065550150"
WAIT = timedelta(minutes=30)


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, account_id="12125550201")


@pytest.fixture
def group(easycall, line):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    group.hours = ScheduleFactory(customer=easycall, period="none")
    group.closed_action, group.closed_line = "number", line
    return group


@pytest.fixture
def codes(easycall):
    CompanySettings.for_customer(easycall).update(abbreviated_length=3)


def send(user, group, number, *, now=NOW):
    fresh = Huntgroup.objects.get(pk=group.pk)
    for name in ("hours", "closed_action", "closed_line"):
        setattr(fresh, name, getattr(group, name))
    fresh.closed_number = f"+{number}"
    return set_hours(user=user, huntgroup=fresh, version=None, confirmed_at=now)


def reached(easycall, now, dialled="88"):
    """Which numbers outside a call from a phone of the office reaches, and the engine's words."""
    caller = Line.objects.filter(account_id="phone").first() or LineFactory(customer=easycall, account_id="phone")
    answer = decide(plan_of(easycall, now=now), Call(dialled, line=caller.pk), now)
    found = [target.address for step in answer.steps for target in step.targets if target.kind == "trunk"]
    return found, [step.code for step in answer.trace]


def address(row):
    return reverse("centrex:destination-undo", args=[token_of(row)])


def links(mail):
    """The rows that the links of a notice name."""
    return [row_of_token(token) for token in re.findall("/destinations/([^/]+)/", mail.body)]


def test_a_closed_group_uses_a_number_of_high_risk_half_an_hour_later(alice, easycall, group):
    send(alice, group, PREMIUM)
    row = NewDestination.objects.get()
    assert (row.place, row.huntgroup, row.line, row.counts_from) == ("huntgroup", group, group.closed_line, NOW + WAIT)
    found, codes = reached(easycall, NOW + WAIT - timedelta(seconds=1))
    assert (found, codes[-2:]) == ([], ["forward.cooling", "refused.closed"])
    found, codes = reached(easycall, NOW + WAIT)
    assert (found, "forward.cooling" in codes) == ([PREMIUM], False)
    mail = OutgoingMail.objects.get()
    assert links(mail) == [row.pk]
    assert "from 12:30 on" in mail.body


def test_an_ordinary_number_abroad_is_used_at_once_and_has_no_time(alice, easycall, group):
    send(alice, group, ABROAD)
    assert NewDestination.objects.get().counts_from is None
    assert reached(easycall, NOW)[0] == [ABROAD]
    assert "high risk" not in OutgoingMail.objects.get().body


def test_the_wait_of_a_group_is_not_that_of_its_lines_own_forwarding(alice, easycall, group, line):
    send(alice, group, PREMIUM)
    assert plan_of(easycall, now=NOW).lines[line.pk].cooling == {}


def test_the_page_says_from_when(as_alice, alice, group):
    send(alice, group, PREMIUM, now=datetime.now(UTC))
    page = as_alice.get(reverse("centrex:huntgroup-hours", args=[group.pk])).content.decode()
    assert "Calls go to +1 900-555-1234 from" in page


def test_the_link_ends_the_calls_of_a_closed_group_once(as_alice, alice, easycall, group):
    send(alice, group, ABROAD)
    row = NewDestination.objects.get()
    assert "88 Sales" in as_alice.get(address(row)).content.decode()
    assert reached(easycall, NOW)[0] == [ABROAD]
    assert as_alice.post(address(row)).url == reverse("centrex:huntgroup-hours", args=[group.pk])
    group.refresh_from_db()
    assert (group.closed_action, group.closed_number, group.hours) == ("hang_up", "", group.hours)
    assert reached(easycall, NOW)[0] == []
    assert "This link was used before." in as_alice.post(address(row)).content.decode()


def test_the_link_of_a_group_works_for_that_change_only(as_alice, alice, group):
    send(alice, group, ABROAD)
    send(alice, group, CHEAP)
    row = NewDestination.objects.get()
    assert "there is nothing to take back" in as_alice.post(address(row)).content.decode()
    send(alice, group, ABROAD)
    assert "a newer notice" in as_alice.post(address(row)).content.decode()
    group.refresh_from_db()
    assert group.closed_number == ABROAD


def test_a_number_taken_back_from_a_group_asks_for_the_password_again(as_alice, alice, group):
    send(alice, group, ABROAD)
    as_alice.post(address(NewDestination.objects.get()))
    with pytest.raises(PasswordNeeded):
        send(alice, group, ABROAD, now=None)


def test_the_link_has_the_rights_of_the_page(alice, as_bob, as_charlie, client, easycall, group, codes):
    send(alice, group, ABROAD)
    shorten(alice, easycall, "801", PREMIUM)
    berta = signed_in(UserFactory(customer=CustomerFactory(main_office=easycall), role=Role.OWNER))
    for row in NewDestination.objects.all():
        for stranger in (as_charlie, berta):
            assert stranger.post(address(row)).status_code == 404
        assert as_bob.post(address(row)).status_code == 403
        assert "/login" in client.post(address(row)).url
    assert not NewDestination.objects.exclude(taken_back_at=None).exists()


def shorten(user, easycall, number, target, *, now=NOW):
    code = AbbreviatedNumber(customer=easycall, number=number, target=f"+{target}")
    return add_abbreviated(user=user, number=code, confirmed_at=now)


def test_an_abbreviated_number_dials_a_number_of_high_risk_half_an_hour_later(alice, easycall, codes):
    code = shorten(alice, easycall, "801", PREMIUM)
    row = NewDestination.objects.get()
    assert (row.place, row.abbreviated, row.line, row.counts_from) == ("abbreviated", code, None, NOW + WAIT)
    assert links(OutgoingMail.objects.get()) == [row.pk]
    found, said = reached(easycall, NOW + timedelta(minutes=29), "801")
    assert (found, said[-1]) == ([], "refused.not_yet")
    assert reached(easycall, NOW + WAIT, "801")[0] == [PREMIUM]
    shorten(alice, easycall, "802", PREMIUM)  # another short number for it waits as long
    assert reached(easycall, NOW, "802")[0] == []
    assert NewDestination.objects.count() == 1


def test_the_words_say_for_how_long(alice, easycall, codes):
    shorten(alice, easycall, "801", PREMIUM)
    caller, now = LineFactory(customer=easycall), NOW + timedelta(minutes=18)
    answer = decide(plan_of(easycall, now=now), Call("801", line=caller.pk), now)
    words = sentence(answer.trace[-1], DialingRules())
    assert words == "801 does not dial +1 900-555-1234 yet: it is a new number of high risk, used in 12 min."


def test_the_link_empties_what_an_abbreviated_number_dials(as_alice, alice, easycall, codes):
    code = shorten(alice, easycall, "801", ABROAD)
    row = NewDestination.objects.get()
    assert "abbreviated number 801" in as_alice.get(address(row)).content.decode()
    assert as_alice.post(address(row)).status_code == 302
    code.refresh_from_db()
    assert code.target == ""
    code.target = f"+{ABROAD}"
    with pytest.raises(PasswordNeeded):
        edit_abbreviated(user=alice, number=code, version=None)


def test_the_link_of_a_target_that_was_changed_since_does_nothing(as_alice, alice, easycall, codes):
    code = shorten(alice, easycall, "801", ABROAD)
    code.target = f"+{CHEAP}"
    edit_abbreviated(user=alice, number=code, version=None)
    assert "nothing to take back" in as_alice.post(address(NewDestination.objects.get())).content.decode()
    code.refresh_from_db()
    assert code.target == CHEAP


def sheet(alice, *targets):
    rows = [["", str(801 + place), f"+{target}", "Somebody"] for place, target in enumerate(targets)]
    return uploaded(alice, "abbreviated", lambda all_rows: all_rows + rows)


def test_a_sheet_asks_for_the_password_and_one_notice_names_them_all(alice, easycall, codes):
    alice.mobile = "+12125550177"
    alice.save()
    upload = sheet(alice, PREMIUM, CHEAP, ABROAD)
    act = {"user": alice, "upload": upload, "seen": uploads.plan_of(upload).digest, "delete_missing": False}
    with pytest.raises(PasswordNeeded) as refused, transaction.atomic():
        uploads.apply_upload(**act)
    assert "+1 900-555-1234" in str(refused.value.message)
    assert "206" not in str(refused.value.message)
    assert not AbbreviatedNumber.objects.exists()
    uploads.apply_upload(**act, confirmed_at=NOW)
    rows = list(NewDestination.objects.order_by("pk"))
    assert [(row.abbreviated.number, row.counts_from) for row in rows] == [("801", NOW + WAIT), ("803", None)]
    mail = OutgoingMail.objects.get()
    assert "2 abbreviated numbers" in mail.subject
    assert links(mail) == [row.pk for row in rows]
    assert reached(easycall, NOW, "801")[0] == []
    assert reached(easycall, NOW, "803")[0] == [ABROAD]
    assert OutgoingSms.objects.count() == 1


def test_of_many_numbers_the_page_names_the_first_and_says_how_many_wait(as_alice, alice, easycall, codes):
    upload = sheet(alice, *(f"1900555{place:04}" for place in range(1000, 1023)))
    seen = uploads.plan_of(upload).digest
    with pytest.raises(PasswordNeeded, match=r"1019: it is a premium-rate number\. And 3 more\."), transaction.atomic():
        uploads.apply_upload(user=alice, upload=upload, seen=seen, delete_missing=False)
    act = {"user": alice, "upload": upload, "seen": seen, "delete_missing": False}
    uploads.apply_upload(**act, confirmed_at=datetime.now(UTC))
    assert (
        "23 new numbers of high risk are not in use yet"
        in as_alice.get(reverse("centrex:abbreviated")).content.decode()
    )


def test_the_health_check_names_them_until_they_are_in_use(as_alice, alice, easycall, group, codes):
    now = datetime.now(UTC)
    send(alice, group, PREMIUM, now=now)
    shorten(alice, easycall, "801", "19005551235", now=now)
    page = as_alice.get(reverse("centrex:health")).content.decode()
    assert f'href="{reverse("centrex:huntgroup-hours", args=[group.pk])}"' in page
    assert "sends calls to +1 900-555-1234 from" in page
    assert "dials +1 900-555-1235 from" in page
    later = [check for check in checks_of(easycall, now=now + WAIT) if check.name == "cooling"]
    assert later[0].findings == ()


def test_a_sheet_without_costly_numbers_asks_nothing_and_tells_nobody(alice, easycall, codes):
    upload = sheet(alice, CHEAP)
    seen = uploads.plan_of(upload).digest
    uploads.apply_upload(user=alice, upload=upload, seen=seen, delete_missing=False)
    assert AbbreviatedNumber.objects.get().target == CHEAP
    assert not OutgoingMail.objects.exists()


def test_what_is_known_already_is_not_asked_about_in_a_sheet(alice, easycall, codes):
    shorten(alice, easycall, "850", ABROAD)
    upload = sheet(alice, ABROAD)
    uploads.apply_upload(user=alice, upload=upload, seen=uploads.plan_of(upload).digest, delete_missing=False)
    assert AbbreviatedNumber.objects.filter(target=ABROAD).count() == 2


def test_the_page_of_the_sheet_asks_where_the_difference_is_shown(as_alice, alice, easycall, codes):
    upload = sheet(alice, PREMIUM)
    check = reverse("centrex:abbreviated-sheet-check", args=[upload.pk])
    assert 'name="password"' not in as_alice.get(check).content.decode()
    sent = {"seen": uploads.plan_of(upload).digest}
    asked = as_alice.post(check, sent).content.decode()
    assert "Is it really you?" in asked
    assert 'name="password"' in asked
    assert "This is not your password." in as_alice.post(check, sent | {"password": "x"}).content.decode()
    assert not AbbreviatedNumber.objects.exists()
    assert as_alice.post(check, sent | {"password": PASSWORD}).status_code == 302
    listed = as_alice.get(reverse("centrex:abbreviated")).content.decode()
    assert "Calls go to +1 900-555-1234 from" in listed


def test_each_place_has_its_record(easycall, line):
    with pytest.raises(IntegrityError, match="destination_has_its_place"), transaction.atomic():
        NewDestinationFactory(customer=easycall, line=line, place="huntgroup")
