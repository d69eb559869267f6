"""What is planned is changed in the form of its section: shown as it will be, saved back, refused like the page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from centrex.models import FeatureSetting, Huntgroup, PlannedChange, ScreeningRule
from centrex.operations.planned.begin_and_end import apply_due
from selfcare.models import AuditEvent
from tests.factories import (
    PASSWORD,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    MenuFactory,
    PlannedChangeFactory,
    ScreeningRuleFactory,
)

TYPED = "%Y-%m-%dT%H:%M"
ANSWER = {"own": "own", "ring": "on", "ring_seconds": "15"}


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall)


def days(count):
    return (timezone.now() + timedelta(days=count)).strftime(TYPED)


def when(start=2, end=4):
    return {"planning": "plan", "when-starts_at": days(start), "when-ends_at": days(end)}


def again(change, **more):
    """The times and the version as the form of a planned change sends them when nobody touches them."""
    shown = [moment.astimezone(change.customer.zone).strftime(TYPED) for moment in (change.starts_at, change.ends_at)]
    return {"when-starts_at": shown[0], "when-ends_at": shown[1], "when-version": change.version} | more


def planned(client, address, sent):
    """The planned change that sending this makes, and the address of its form."""
    client.post(address, sent | when())
    change = PlannedChange.objects.latest("pk")
    return change, f"{address}?plan={change.pk}"


@pytest.fixture
def incoming(as_alice, line):
    return planned(as_alice, reverse("centrex:line-incoming", args=[line.pk]), ANSWER | {"version": line.version})


def test_the_form_opens_with_what_is_planned_and_saves_back_into_the_plan(as_alice, alice, incoming, line):
    change, address = incoming
    answer = as_alice.get(address)
    page = answer.content.decode()
    assert 'value="15"' in page
    assert "you are changing what is planned for then" in page
    assert "Save the planned change" in page
    assert not answer.context["tries_form"]
    assert not FeatureSetting.objects.exists()
    assert not AuditEvent.objects.of(line).exists()
    sent = ANSWER | {"version": line.version, "ring_seconds": "20"} | again(change)
    said = as_alice.post(address, sent, follow=True).content.decode()
    kept = PlannedChange.objects.get()
    assert (kept.new["ring_seconds"], kept.version, kept.starts_at, kept.ends_at) == (
        20, 2, change.starts_at, change.ends_at,
    )  # fmt: skip
    assert "Ring for, sec becomes 20" in said
    assert not FeatureSetting.objects.exists()
    event = AuditEvent.objects.of(change).get(action="edit")
    assert (event.changes, event.user) == ({"Ring for, sec": ["15", "20"]}, alice)
    assert reverse("centrex:undo", args=[event.pk]) in said


def test_times_are_moved_in_the_same_form(as_alice, incoming, line):
    change, address = incoming
    as_alice.post(address, ANSWER | {"version": line.version} | again(change) | {"when-ends_at": ""})
    kept = PlannedChange.objects.get()
    assert (kept.starts_at, kept.ends_at, kept.new) == (change.starts_at, None, change.new)


def test_the_page_of_the_plan_leads_there_until_it_has_begun(as_alice, as_bob, incoming, line):
    change, address = incoming
    own = reverse("centrex:planned-change", args=[change.pk])
    assert address in as_alice.get(own).content.decode()
    assert address not in as_bob.get(own).content.decode()
    apply_due(now=change.starts_at)
    assert address not in as_alice.get(own).content.decode()


def test_once_it_has_begun_it_is_refused_plainly(as_alice, incoming, line):
    change, address = incoming
    apply_due(now=change.starts_at)
    sent = ANSWER | {"version": line.version, "ring_seconds": "20"} | again(change)
    for answer in (as_alice.get(address, follow=True), as_alice.post(address, sent, follow=True)):
        assert answer.redirect_chain[-1][0] == reverse("centrex:planned-change", args=[change.pk])
        assert "now only its end can be moved" in answer.content.decode()
    apply_due(now=change.ends_at)
    assert "This planned change is over" in as_alice.get(address, follow=True).content.decode()
    assert PlannedChange.objects.get().new["ring_seconds"] == 15


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"ring_seconds": "3"}, "greater than or equal to 5"),
        ({"own": "inherit"}, "This leaves nothing to be planned"),
        ({"when-starts_at": ""}, "This field is required"),
        ({"when-ends_at": "2020-01-01T10:00"}, "The end must be after the beginning"),
    ],
)
def test_what_is_wrong_stands_on_the_page(as_alice, incoming, line, sent, words):
    change, address = incoming
    page = as_alice.post(address, ANSWER | {"version": line.version} | again(change) | sent).content.decode()
    assert words in page
    assert "Save the planned change" in page
    assert PlannedChange.objects.get().version == 1


def test_the_second_of_two_editors_is_told_and_may_then_save(as_alice, incoming, line):
    change, address = incoming
    as_alice.post(address, ANSWER | {"version": line.version, "ring_seconds": "20"} | again(change))
    page = as_alice.post(address, ANSWER | {"version": line.version, "ring_seconds": "25"} | again(change))
    assert "alice changed Ring for, sec" in page.content.decode()
    assert page.context["planning"]["form"]["version"].value() == 2
    sent = ANSWER | {"version": line.version, "ring_seconds": "25"} | again(change) | {"when-version": 2}
    as_alice.post(address, sent)
    assert PlannedChange.objects.get().new["ring_seconds"] == 25


def test_a_number_abroad_asks_for_the_password_and_a_wrong_one_counts(as_alice, line, easycall):
    ExtensionFactory(customer=easycall, number="205", line=LineFactory(customer=easycall))
    address = reverse("centrex:line-forwarding", args=[line.pk])
    sent = {"version": line.version, "forwarding": "simple", "to": "205"}
    change, address = planned(as_alice, address, sent)
    sent |= {"to": "+44 20 7946 0000"} | again(change)
    assert "Is it really you?" in as_alice.post(address, sent).content.decode()
    assert "This is not your password." in as_alice.post(address, sent | {"password": "x"}).content.decode()
    assert PlannedChange.objects.get().new["to"] == "205"
    as_alice.post(address, sent | {"password": PASSWORD})
    kept = PlannedChange.objects.get()
    assert (kept.new["to"], kept.confirmed) == ("442079460000", True)


def test_a_list_of_numbers(as_alice, line):
    """Rows that are only planned have no ids that last; they are taken as they stand in the form."""
    row = {"enabled": "on", "ring_seconds": "20", "display": "caller", "transport": "udp", "when": "always"}

    def sent(key, number):
        typed = {f"number-{key}-{name}": value for name, value in row.items()} | {f"number-{key}-number": number}
        return {"version": line.version, "forwarding": "follow_me", "order": "listed", "number": [key]} | typed

    address = reverse("centrex:line-forwarding", args=[line.pk])
    change, address = planned(as_alice, address, sent("new1", "+1 206 555 0100"))
    form = as_alice.get(address).context["form"]
    assert [shown["number"].value() for shown in form.numbers] == ["+1 206-555-0100"]
    as_alice.post(address, sent(form.numbers[0].key, "+1 206 555 0199") | again(change))
    kept = PlannedChange.objects.get()
    assert [each["number"] for each in kept.new["numbers"]] == ["12065550199"]
    apply_due(now=kept.starts_at)
    assert list(line.forward_numbers.values_list("number", flat=True)) == ["12065550199"]


def test_fields_and_members_of_a_huntgroup(as_alice, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    one, two = (ExtensionFactory(customer=easycall, number=number) for number in ("301", "302"))
    sent = {"number": "88", "name": "Nights", "sequence": group.sequence, "caller_id": group.caller_id, "version": 1}
    sent |= {"pickup_allowed": "on"} if group.pickup_allowed else {}
    change, address = planned(as_alice, reverse("centrex:huntgroup-edit", args=[group.pk]), sent)
    assert 'value="Nights"' in as_alice.get(address).content.decode()
    as_alice.post(address, sent | {"name": "Weekend"} | again(change))
    change.refresh_from_db()
    assert change.new == {"name": "Weekend"}
    sent = {"version": 1, "member": [one.pk]}
    members, address = planned(as_alice, reverse("centrex:huntgroup-members", args=[group.pk]), sent)
    assert [row.record for row in as_alice.get(address).context["form"].members] == [one]
    as_alice.post(address, {"version": 1, "member": [two.pk, one.pk]} | again(members))
    members.refresh_from_db()
    assert [row["extension"] for row in members.new["members"]] == [two.pk, one.pk]
    assert Huntgroup.objects.get().members.count() == 0


def test_a_menu(as_alice, line):
    menu = MenuFactory(line=line, name="ROOT")
    address = reverse("centrex:menu-edit", args=[menu.pk])

    def typed(address, **values):
        form = as_alice.get(address).context["form"]
        sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        rows = {row[name].html_name: row[name].value() or "" for row in form.rows for name in row.fields}
        return sent | {name: value for name, value in rows.items() if not name.endswith("file")} | values

    change, again_at = planned(as_alice, address, typed(address, max_loops="5"))
    sent = typed(again_at)
    assert sent["max_loops"] == 5
    as_alice.post(again_at, sent | {"max_loops": "6"} | again(change))
    change.refresh_from_db()
    assert (change.new["max_loops"], change.version) == (6, 2)


@pytest.fixture
def rules(line):
    return [
        ScreeningRuleFactory(line=line, name=name, action=act) for name, act in (("One", "ring"), ("Two", "reject"))
    ]


def order(line, *rules):
    ticks = {f"rule-{rule.pk}-enabled": "on" for rule in rules}
    return {"rule": [rule.pk for rule in rules], "version": line.version} | ticks


def test_call_screening_is_planned_shown_and_comes_into_force(as_alice, as_bob, line, rules):
    address = reverse("centrex:line-screening", args=[line.pk])
    assert "Plan for a time…" in as_alice.get(address).content.decode()
    one, two = rules
    change, _again = planned(as_alice, address, order(line, two, one))
    assert change.new == {"first": [two.pk]}
    page = as_alice.get(address).content.decode()
    assert "Call Screening: Rule 1 becomes “Two”: Every call: reject" in page
    assert reverse("centrex:planned-cancel", args=[change.pk]) in page
    assert as_bob.post(address, order(line, two, one) | when()).status_code == 403
    apply_due(now=change.starts_at)
    assert list(line.screening_rules.values_list("name", flat=True)) == ["Two", "One"]
    assert "In force" in as_alice.get(address).content.decode()


def test_an_arrow_keeps_the_times(as_alice, line, rules):
    address = reverse("centrex:line-screening", args=[line.pk])
    answer = as_alice.post(address, order(line, *rules) | {"do": f"up:{rules[1].pk}"} | when())
    page = answer.content.decode()
    assert f'value="{days(2)}"' in page
    assert [row.name for row in answer.context["form"].rules] == ["Two", "One"]
    assert not PlannedChange.objects.exists()


def test_a_planned_rule_is_listed_moved_and_changed_within_its_plan(as_alice, line, rules):
    add = reverse("centrex:rule-add", args=[line.pk])
    assert "Plan for a time…" in as_alice.get(add).content.decode()
    sent = {"enabled": "on", "name": "Party", "action": "voicemail", "version": line.version}
    as_alice.post(add, sent | when())
    change = PlannedChange.objects.get()
    (key,) = {int(name.partition(".")[0]) for name in change.new}
    assert line.screening_rules.count() == 2
    address = f"{reverse('centrex:line-screening', args=[line.pk])}?plan={change.pk}"
    answer = as_alice.get(address)
    assert [row.name for row in answer.context["form"].rules] == ["One", "Two", "Party"]
    rule_at = f"{reverse('centrex:rule-edit', args=[key])}?plan={change.pk}"
    assert rule_at in answer.content.decode()
    moved = as_alice.post(address, order(line, *rules, ScreeningRule(pk=key)) | {"do": f"up:{key}"} | again(change))
    assert [row.name for row in moved.context["form"].rules] == ["One", "Party", "Two"]
    assert as_alice.get(reverse("centrex:rule-edit", args=[key])).status_code == 404
    assert 'value="Party"' in as_alice.get(rule_at).content.decode()
    said = as_alice.post(rule_at, sent | {"name": "Big party"} | again(change), follow=True)
    assert "Rule 3 becomes “Big party”: Every call: voicemail only" in said.content.decode()
    change.refresh_from_db()
    assert change.new[f"{key}.name"] == "Big party"
    as_alice.post(f"{add}?plan={change.pk}", sent | {"name": "Second party"} | again(change))
    change.refresh_from_db()
    assert change.version == 3
    apply_due(now=change.starts_at)
    names = ["One", "Two", "Big party", "Second party"]
    assert list(line.screening_rules.values_list("name", flat=True)) == names
    apply_due(now=change.ends_at)
    assert list(line.screening_rules.values_list("name", flat=True)) == names[:2]


def test_rights(as_alice, as_bob, as_charlie, client, easycall, incoming, line, lotus):
    change, address = incoming
    other = LineFactory(customer=easycall)
    for method in ("get", "post", "put", "delete", "options"):
        assert getattr(as_charlie, method)(address).status_code == 404, method
    assert as_bob.get(address).status_code == 403
    assert as_bob.post(address).status_code == 403
    assert "/login" in client.get(address).url
    foreign = PlannedChangeFactory(line__customer=lotus)
    own = reverse("centrex:line-incoming", args=[line.pk])
    for wrong in (
        f"{own}?plan={foreign.pk}",
        f"{own}?plan=x",
        f"{own}?plan=99999999999999999999",
        f"{reverse('centrex:line-incoming', args=[other.pk])}?plan={change.pk}",
        f"{reverse('centrex:line-forwarding', args=[line.pk])}?plan={change.pk}",
    ):
        for method in ("get", "post"):
            assert getattr(as_alice, method)(wrong).status_code == 404, wrong
    assert PlannedChange.objects.get(pk=change.pk).version == 1
