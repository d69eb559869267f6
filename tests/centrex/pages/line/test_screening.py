"""A line's Call Screening: rules added, changed, deleted, put into order, and who may do so."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrex.models import FeatureSetting, ScreeningRule, Sound
from centrex.sounds.tune import default_tune
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import (
    PASSWORD,
    DidFactory,
    ExtensionFactory,
    LineFactory,
    NumberFilterFactory,
    ScheduleFactory,
    ScreeningRuleFactory,
    SoundFactory,
)

RULE = {"enabled": "on", "name": "Boss", "action": "ring"}


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall)


@pytest.fixture
def address(line):
    return reverse("centrex:line-screening", args=[line.pk])


@pytest.fixture
def add(line):
    return reverse("centrex:rule-add", args=[line.pk])


@pytest.fixture
def rules(line):
    return [ScreeningRuleFactory(line=line, name=name) for name in ("One", "Two", "Three")]


def names(line):
    return list(line.screening_rules.values_list("name", flat=True))


def sent(line, rules, *, on=None):
    ticks = {f"rule-{rule.pk}-enabled": "on" for rule in (rules if on is None else on)}
    return {"rule": [rule.pk for rule in rules], "version": line.version} | ticks


def test_without_rules_the_page_says_what_happens(as_alice, address):
    page = as_alice.get(address).content.decode()
    assert "This line has no rules" in page
    assert "</a>: Ring, forward, voicemail." in page


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"ring": False, "forward": False, "voicemail": True}, "Voicemail only"),
        ({"ring": True, "forward": False, "voicemail": False}, "Ring only"),
        ({"ring": False, "forward": False, "voicemail": False}, "Reject"),
    ],
)
def test_the_end_of_the_list_says_what_incoming_calls_does(as_alice, address, easycall, values, words):
    FeatureSetting.objects.create(customer=easycall, name="answering", values=values)
    assert f"</a>: {words}." in as_alice.get(address).content.decode()


def test_a_rule_with_everything(as_alice, line, add, easycall):
    callers, called = NumberFilterFactory(customer=easycall, name="VIP"), NumberFilterFactory(customer=easycall)
    times = ScheduleFactory(customer=easycall, name="Office")
    typed = RULE | {"callers": callers.pk, "called": called.pk, "times": times.pk, "action": "number"}
    answer = as_alice.post(add, typed | {"number": "+1 917-555-0123", "version": line.version}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("centrex:line-screening", args=[line.pk])
    rule = line.screening_rules.get()
    assert (rule.callers, rule.called, rule.times, rule.number) == (callers, called, times, "19175550123")
    page = answer.content.decode()
    assert f"Calls from “VIP”, to “{called}”, during “Office”" in page
    assert "Forward to +1 917-555-0123" in page
    line.refresh_from_db()
    assert line.version == 2
    event = AuditEvent.objects.latest("id")
    assert event.record_type == "centrex.line"
    assert event.changes["Rule 1"][0] == ""
    assert "Calls from “VIP”" in event.changes["Rule 1"][1]


@pytest.mark.parametrize("action", ScreeningRule.Action.values)
def test_every_action_can_be_chosen_and_is_shown(as_alice, line, add, easycall, action):
    message = SoundFactory(customer=easycall, purpose="prompt", name="Closed")
    typed = RULE | {"action": action, "number": "+1 917-555-0123", "message": message.pk}
    answer = as_alice.post(add, typed, follow=True)
    rule = line.screening_rules.get()
    assert rule.action == action
    assert rule.number == ("19175550123" if action == "number" else "")
    assert rule.message == (message if action == "play" else None)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"action": "number", "number": ""}, "number"),
        ({"action": "number", "number": "call me"}, "number"),
        ({"action": "number", "number": "911"}, "number"),
        ({"action": "play"}, "file"),
        ({"action": "dance"}, "action"),
        ({"callers": "999999"}, "callers"),
    ],
)
def test_what_a_rule_lacks_is_said_at_its_field(as_alice, line, add, typed, field):
    answer = as_alice.post(add, RULE | typed)
    assert field in answer.context["form"].errors
    assert not line.screening_rules.exists()


def test_a_number_that_comes_back_to_the_line_is_refused(as_alice, line, add, easycall):
    did = DidFactory(line=line)
    extension = ExtensionFactory(customer=easycall, line=line)
    for number in (line.account_id, did.number, extension.number):
        answer = as_alice.post(add, RULE | {"action": "number", "number": number})
        assert "the call would come back" in str(answer.context["form"].errors["number"])


def test_a_number_abroad_asks_for_the_password_and_tells_the_owner(as_alice, line, add, alice):
    typed = RULE | {"action": "number", "number": "+44 20 7946 0000"}
    assert 'name="password"' not in as_alice.get(add).content.decode()
    asked = as_alice.post(add, typed)
    assert "it is abroad" in str(asked.context["form"].errors["password"])
    assert 'name="password"' in asked.content.decode()
    wrong = as_alice.post(add, typed | {"password": "guess"})
    assert "This is not your password." in str(wrong.context["form"].errors["password"])
    assert not line.screening_rules.exists()
    assert as_alice.post(add, typed | {"password": PASSWORD}).status_code == 302
    rule = line.screening_rules.get()
    assert rule.number == "442079460000"
    assert [mail.to for mail in OutgoingMail.objects.all()] == [[alice.email]]
    # A number that the line has already is not asked for again.
    assert as_alice.post(reverse("centrex:rule-edit", args=[rule.pk]), typed).status_code == 302


def test_two_lines_cannot_forward_to_each_other(as_alice, line, add, easycall):
    other = LineFactory(customer=easycall, forwarding="follow_me")
    other.forward_numbers.create(position=1, number=line.account_id)
    answer = as_alice.post(add, RULE | {"action": "number", "number": f"+{other.account_id}"})
    assert "number" in answer.context["form"].errors


def test_a_message_is_uploaded_and_goes_with_its_rule(as_alice, line, add, django_capture_on_commit_callbacks):
    file = SimpleUploadedFile("closed.wav", default_tune(8000))
    as_alice.post(add, RULE | {"action": "play", "file": file})
    rule = line.screening_rules.get()
    assert (rule.message.name, rule.message.purpose) == ("closed", "prompt")
    with django_capture_on_commit_callbacks(execute=True):
        as_alice.post(reverse("centrex:rule-edit", args=[rule.pk]), RULE | {"action": "reject"})
    rule.refresh_from_db()
    assert (rule.action, rule.message) == ("reject", None)
    assert not Sound.objects.exists()


def test_order_and_ticks_are_saved_together(as_alice, address, line, rules):
    one, two, three = rules
    as_alice.post(address, sent(line, [three, one, two], on=[three, one]))
    assert names(line) == ["Three", "One", "Two"]
    two.refresh_from_db()
    assert not two.enabled
    event = AuditEvent.objects.latest("id")
    assert set(event.changes) == {"Rule 1", "Rule 2", "Rule 3"}
    assert [event.changes[f"Rule {place}"][1].partition(":")[0] for place in (1, 2, 3)] == ["“Three”", "“One”", "“Two”"]


def test_the_arrows_work_without_javascript(as_alice, address, line, rules):
    answer = as_alice.post(address, sent(line, rules) | {"do": f"up:{rules[2].pk}"})
    assert [row.rule.name for row in answer.context["form"].rules] == ["One", "Three", "Two"]
    assert "Three, position 2 of 3" in answer.content.decode()
    assert names(line) == ["One", "Two", "Three"]


def test_a_list_that_is_not_that_of_the_line_is_refused(as_alice, address, line, rules, easycall):
    other = ScreeningRuleFactory(line=LineFactory(customer=easycall))
    for order in ([*rules, other], rules[:2], [rules[0], rules[1], other]):
        answer = as_alice.post(address, sent(line, order))
        assert "Load the page again" in answer.content.decode()
    assert names(line) == ["One", "Two", "Three"]


def test_deleting_moves_the_others_up(as_alice, line, rules):
    place = reverse("centrex:rule-delete", args=[rules[0].pk])
    assert "Every call" in as_alice.get(place).content.decode()
    as_alice.post(place, {"version": line.version})
    assert list(line.screening_rules.values_list("name", "position")) == [("Two", 1), ("Three", 2)]


def test_the_second_of_two_editors_is_told(as_alice, address, line, rules):
    edit = reverse("centrex:rule-edit", args=[rules[0].pk])
    as_alice.post(edit, RULE | {"version": line.version})
    for place, typed in (
        (edit, RULE | {"name": "Mine"}),
        (reverse("centrex:rule-delete", args=[rules[1].pk]), {}),
        (address, sent(line, rules[::-1])),
    ):
        answer = as_alice.post(place, typed | {"version": line.version})
        assert "alice changed Rule 1" in answer.content.decode()
    assert names(line) == ["Boss", "Two", "Three"]
    answer = as_alice.post(edit, RULE | {"name": "Mine", "version": line.version})
    again = as_alice.post(edit, RULE | {"name": "Mine", "version": answer.context["form"]["version"].value()})
    assert again.status_code == 302
    assert names(line)[0] == "Mine"


def test_the_number_of_queries_does_not_grow_with_the_rules(as_alice, address, line, easycall):
    def rule():
        return ScreeningRuleFactory(
            line=line,
            callers=NumberFilterFactory(customer=easycall),
            times=ScheduleFactory(customer=easycall),
            message=SoundFactory(customer=easycall),
        )

    rule()
    as_alice.get(address)
    with CaptureQueriesContext(connection) as with_one:
        as_alice.get(address)
    rule()
    rule()
    with CaptureQueriesContext(connection) as with_three:
        as_alice.get(address)
    assert len(with_one) == len(with_three)


def test_who_reads_only_sees_the_rules_and_a_stranger_does_not(as_bob, as_charlie, address, add, line, rules):
    page = as_bob.get(address).content.decode()
    assert "Three" in page
    assert "Add rule" not in page
    edit, delete = (reverse(f"centrex:rule-{act}", args=[rules[0].pk]) for act in ("edit", "delete"))
    for place, typed in ((address, sent(line, rules[::-1])), (add, RULE), (edit, RULE), (delete, {})):
        assert as_bob.post(place, typed).status_code == 403
        assert as_charlie.get(place).status_code == 404
        assert as_charlie.post(place, typed).status_code == 404
    assert names(line) == ["One", "Two", "Three"]
