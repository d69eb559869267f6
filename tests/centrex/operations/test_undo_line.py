"""Undo of what a line has, of filters and hours, of blocked callers, and of the first dialing rules."""

from datetime import date, time

import pytest
from django.urls import reverse
from django.utils import timezone

from centrex.models import (
    BarringClass,
    BlockedCaller,
    DialingRules,
    FeatureSetting,
    NumberFilter,
    Schedule,
    ScheduleDay,
)
from centrex.operations.barring import save_barring
from centrex.operations.blocked import block_caller, unblock_caller
from centrex.operations.dialing import save_dialing_rules
from centrex.operations.disa import unlock
from centrex.operations.features import save_feature
from centrex.operations.filters import delete_filter, save_filter
from centrex.operations.forwarding import Number, Wanted, set_forwarding
from centrex.operations.lines import edit_line
from centrex.operations.schedules import delete_day, delete_schedule, import_days, save_day, save_schedule
from centrex.operations.screening import arrange_rules, delete_rule, save_rule
from centrex.operations.undo import plan_undo, undo
from centrex.queries.features import effective_of
from centrex.routing.features import Answering, Barring
from centrex.sheets.days import NamedDay
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, Role
from tests.factories import CustomerFactory, LineFactory, ScreeningRuleFactory, UserFactory
from tests.people import signed_in

NOW = timezone.now()


@pytest.fixture
def line(easycall):
    Customer.objects.filter(pk=easycall.pk).update(country="US")
    easycall.refresh_from_db()
    return LineFactory(customer=easycall, account_id="12125550101", name="Desk 1")


def last(record) -> AuditEvent:
    return AuditEvent.objects.of(record).latest("pk")


def back(user, record, **how) -> None:
    undo(user=user, now=NOW, event=last(record), version=None, **how)


def ring(user, line, seconds):
    values, labels = Answering(ring_seconds=seconds), {"ring_seconds": "Ring for, sec"}
    return save_feature(user=user, line=line, version=None, values=values, enabled=True, labels=labels)


def test_a_setting_goes_back_to_the_former_one_and_then_to_none(alice, line):
    ring(alice, line, 40)
    first = last(line)
    line.refresh_from_db()
    ring(alice, line, 50)
    [step] = plan_undo(last(line)).steps
    assert (step.label, step.now, step.then, step.changed_since) == ("Ring for, sec", "50", "40", False)
    back(alice, line)
    assert effective_of(line, Answering).values.ring_seconds == 40
    assert last(line).changes == {"Ring for, sec": ["50", "40"]}
    undo(user=alice, now=NOW, event=first, version=None)
    assert not FeatureSetting.objects.exists()


def test_an_undo_can_be_undone(alice, line):
    ring(alice, line, 40)
    back(alice, line)
    back(alice, line)
    assert effective_of(line, Answering).values.ring_seconds == 40


def test_what_the_itsp_locked_since_stays(alice, line, easycall):
    ring(alice, line, 40)
    FeatureSetting.objects.create(customer=easycall, name="answering", locked=True)
    with pytest.raises(Refused, match="keeps this setting"):
        back(alice, line)


def test_an_undo_that_opens_a_dangerous_class_asks_for_the_password(alice, line):
    premium = BarringClass.objects.create(name="Premium", patterns="1900%", dangerous=True)
    act = {"user": alice, "line": line, "version": None, "labels": {}, "enabled": True, "confirmed": True}
    save_barring(**act, values=Barring(barred=(premium.pk,)))
    with pytest.raises(Refused, match="Type your password to allow this: Premium"):
        back(alice, line)
    assert effective_of(line, Barring).values.barred == (premium.pk,)
    back(alice, line, confirmed=True)
    assert effective_of(line, Barring).values.barred == ()


def test_what_somebody_else_changed_in_the_same_section_stays(alice, bob, line):
    ring(alice, line, 40)
    line.refresh_from_db()
    first = ring(alice, line, 50)
    event = last(line)
    values = Answering(ring_seconds=50, voicemail=False)
    save_feature(user=bob, line=first, version=None, values=values, enabled=True, labels={})
    undo(user=alice, event=event, version=None, now=NOW)
    assert effective_of(line, Answering).values == Answering(ring_seconds=40, voicemail=False)


def test_an_act_that_the_line_was_only_told_of_takes_no_other_one_back(alice, line):
    ring(alice, line, 40)
    line.refresh_from_db()
    unlock(user=alice, line=line)
    with pytest.raises(Refused, match="cannot be undone"):
        back(alice, line)
    assert effective_of(line, Answering).values.ring_seconds == 40


def forward(user, line, *numbers, mode="follow_me"):
    line.refresh_from_db()
    wanted = Wanted(mode, numbers=[Number(number) for number in numbers])
    set_forwarding(user=user, line=line, version=None, wanted=wanted, confirmed=True, now=NOW)


def test_forwarding_goes_back_with_its_list(alice, line):
    forward(alice, line, "+12125550188", "+12125550199")
    forward(alice, line, "+12125550177")
    back(alice, line)
    line.refresh_from_db()
    kept = list(line.forward_numbers.order_by("position").values_list("number", flat=True))
    assert (line.forwarding, kept) == ("follow_me", ["12125550188", "12125550199"])
    forward(alice, line, mode="none")
    back(alice, line)
    line.refresh_from_db()
    assert line.forwarding == "follow_me"


def test_forwarding_abroad_comes_back_with_the_password_only(alice, line):
    forward(alice, line, "+442079460000")
    forward(alice, line, "+12125550177")
    with pytest.raises(Refused, match="Enter your password"):
        back(alice, line)
    back(alice, line, confirmed=True)
    assert line.forward_numbers.get().number == "442079460000"


def rules(line):
    return [rule.name for rule in line.screening_rules.order_by("position")]


def test_rules_come_back_go_and_get_their_order_again(alice, line):
    one, two = ScreeningRuleFactory(line=line, name="One", action="reject"), ScreeningRuleFactory(line=line, name="Two")
    line.version += 1  # as the page counts them
    line.save()
    arrange_rules(user=alice, line=line, version=None, order=[two.pk, one.pk], enabled={one.pk, two.pk}, now=NOW)
    back(alice, line)
    assert rules(line) == ["One", "Two"]
    delete_rule(user=alice, rule=one, version=None)
    back(alice, line)
    assert rules(line) == ["One", "Two"]
    two.refresh_from_db()
    two.action = "ring"
    save_rule(user=alice, rule=two, version=None, now=NOW)
    back(alice, line)
    assert line.screening_rules.get(name="Two").action == "voicemail"
    three = save_rule(
        user=alice, rule=ScreeningRuleFactory.build(line=line, name="Three", position=3), version=None, now=NOW
    )
    assert three.pk
    back(alice, line)
    assert rules(line) == ["One", "Two"]


def test_name_and_device_go_back(alice, line):
    line.name, line.mac = "Desk 2", "00:15:65:1a:2b:3c"
    edit_line(user=alice, line=line, version=None)
    back(alice, line)
    line.refresh_from_db()
    assert (line.name, line.mac) == ("Desk 1", "")


def test_a_filter_goes_back_goes_and_comes_back(alice, easycall):
    made = save_filter(
        user=alice, number_filter=NumberFilter(customer=easycall, name="VIP", patterns="44%"), version=None
    )
    made.patterns = "49%"
    save_filter(user=alice, number_filter=made, version=1)
    back(alice, made)
    made.refresh_from_db()
    assert made.patterns == "44%"
    pk = made.pk
    delete_filter(user=alice, number_filter=made)
    undo(user=alice, now=NOW, event=AuditEvent.objects.filter(action="delete").get(), version=None)
    assert NumberFilter.objects.get(pk=pk).patterns == "44%"


@pytest.fixture
def hours(alice, easycall):
    return save_schedule(
        user=alice, schedule=Schedule(customer=easycall, name="Office", period="hr{9-16}"), version=None
    )


def days(hours):
    return {row.day: (row.name, row.start) for row in hours.days.all()}


def test_special_days_go_back(alice, hours):
    eve = save_day(user=alice, day=ScheduleDay(schedule=hours, day=date(2026, 12, 24), name="Eve"))
    eve.start, eve.end = time(9), time(12)
    save_day(user=alice, day=eve)
    back(alice, hours)
    assert days(hours) == {date(2026, 12, 24): ("Eve", None)}
    delete_day(user=alice, day=eve)
    back(alice, hours)
    assert days(hours) == {date(2026, 12, 24): ("Eve", None)}
    hours.refresh_from_db()
    import_days(user=alice, schedule=hours, version=None, days=[NamedDay(date(2026, 12, 25), "Christmas")])
    back(alice, hours)
    assert days(hours) == {date(2026, 12, 24): ("Eve", None)}


def test_hours_come_back_with_their_days(alice, hours):
    save_day(user=alice, day=ScheduleDay(schedule=hours, day=date(2026, 12, 24), name="Eve"))
    pk = hours.pk
    delete_schedule(user=alice, schedule=hours)
    undo(user=alice, now=NOW, event=AuditEvent.objects.filter(action="delete").get(), version=None)
    assert days(Schedule.objects.get(pk=pk)) == {date(2026, 12, 24): ("Eve", None)}


def test_a_blocked_caller_goes_and_comes_back(alice, easycall):
    caller = block_caller(user=alice, customer=easycall, number="442079460000", note="Spam", now=NOW)
    back(alice, caller)
    assert not BlockedCaller.objects.exists()
    undo(user=alice, now=NOW, event=AuditEvent.objects.filter(action="delete").latest("pk"), version=None)
    assert BlockedCaller.objects.get().note == "Spam"
    unblock_caller(user=alice, caller=BlockedCaller.objects.get())
    undo(user=alice, now=NOW, event=AuditEvent.objects.filter(action="delete").latest("pk"), version=None)
    assert BlockedCaller.objects.count() == 1


def test_the_first_dialing_rules_go_again(alice, easycall):
    made = save_dialing_rules(user=alice, rules=DialingRules(customer=easycall, name="Home"), version=1)
    assert last(made).action == "add"
    back(alice, made)
    assert not DialingRules.objects.exists()


def test_berta_undoes_what_her_branch_did_with_filters_and_hours(easycall):
    berlin = CustomerFactory(main_office=easycall)
    berta = UserFactory(customer=berlin, role=Role.OWNER)
    client = signed_in(berta)
    client.post(reverse("centrex:filter-add"), {"name": "VIP", "patterns": "4930%"})
    made = NumberFilter.objects.get(customer=berlin)
    hours = save_schedule(user=berta, schedule=Schedule(customer=berlin, name="Office"), version=None)
    for record in (made, hours):
        assert client.post(reverse("centrex:undo", args=[last(record).pk])).status_code == 302
    assert not NumberFilter.objects.filter(customer=berlin).exists()
    assert not Schedule.objects.filter(customer=berlin).exists()


def test_lines_and_filters_offer_the_undo_on_their_pages(as_alice, as_bob, line, alice):
    ring(alice, line, 40)
    address = reverse("centrex:undo", args=[last(line).pk])
    section = reverse("centrex:line-incoming", args=[line.pk])
    assert address in as_alice.get(section).content.decode()
    assert address not in as_bob.get(section).content.decode()
    assert as_bob.post(address).status_code == 403
