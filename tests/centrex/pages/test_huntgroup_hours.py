"""Opening hours of a huntgroup: kept, refused, obeyed, told."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from centrex.models import Huntgroup
from centrex.operations.schedules import delete_schedule
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, decide
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, OutgoingMail, Role
from tests.factories import (
    PASSWORD,
    CustomerFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    ScheduleFactory,
    UserFactory,
)
from tests.people import signed_in

NIGHT = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)


@pytest.fixture
def line(easycall):
    Customer.objects.filter(pk=easycall.pk).update(country="US")
    easycall.refresh_from_db()
    return LineFactory(customer=easycall, account_id="12125550101")


@pytest.fixture
def sales(easycall, line):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    group.members.create(extension=ExtensionFactory(customer=easycall, number="201", line=line), position=1)
    return group


@pytest.fixture
def hours(easycall):
    return ScheduleFactory(customer=easycall, name="Office", period="wd{mo-fr} hr{9-16}")


def save(client, group, **typed):
    address = reverse("centrex:huntgroup-hours", args=[group.pk])
    return client.post(address, {"version": group.version, "closed_action": "hang_up"} | typed)


def test_what_is_saved_is_what_the_engine_obeys(as_alice, easycall, sales, hours, line):
    assert save(as_alice, sales, hours=hours.pk, closed_action="voicemail", closed_line=line.pk).status_code == 302
    caller = LineFactory(customer=easycall)
    decision = decide(plan_of(easycall, now=NIGHT), Call("88", line=caller.pk), NIGHT)
    assert [target.address for step in decision.steps for target in step.targets] == ["voicemail"]
    page = as_alice.get(reverse("centrex:huntgroups")).content.decode()
    assert "Office; else: The caller can leave a message" in page


def test_what_the_action_does_not_use_is_let_go(as_alice, sales, hours, line):
    save(as_alice, sales, hours=hours.pk, closed_action="voicemail", closed_line=line.pk, closed_number="2125550123")
    sales.refresh_from_db()
    assert (sales.closed_line, sales.closed_number) == (line, "")
    save(as_alice, sales, hours="", closed_action="voicemail", closed_line=line.pk)
    sales.refresh_from_db()
    assert (sales.hours, sales.closed_action, sales.closed_line) == (None, "hang_up", None)


@pytest.mark.parametrize(
    ("action", "field"),
    [
        ("group", "closed_group"),
        ("extension", "closed_extension"),
        ("voicemail", "closed_line"),
        ("number", "closed_line"),
    ],
)
def test_what_the_action_needs_must_be_chosen(as_alice, sales, hours, action, field):
    answer = save(as_alice, sales, hours=hours.pk, closed_action=action)
    assert list(answer.context["form"].errors) == [field]


def test_closed_groups_pass_no_call_round(as_alice, easycall, sales, hours):
    support = HuntgroupFactory(customer=easycall, number="89", name="Support")
    assert save(as_alice, sales, hours=hours.pk, closed_action="group", closed_group=support.pk).status_code == 302
    answer = save(as_alice, support, hours=hours.pk, closed_action="group", closed_group=sales.pk)
    assert answer.context["form"].errors == {
        "closed_group": ["The call would go round in a circle: 89 Support → 88 Sales → 89 Support."]
    }


def test_a_costly_number_asks_for_the_password_and_tells_the_owner(as_alice, alice, sales, hours, line):
    typed = {"hours": hours.pk, "closed_action": "number", "closed_line": line.pk, "closed_number": "+442079460018"}
    answer = save(as_alice, sales, **typed)
    assert list(answer.context["form"].errors) == ["password"]
    assert not Huntgroup.objects.filter(closed_action="number").exists()
    assert save(as_alice, sales, **typed, password=PASSWORD).status_code == 302
    assert OutgoingMail.objects.get().to == [alice.email]
    sales.refresh_from_db()
    assert sales.closed_number == "442079460018"


def test_the_line_itself_is_no_number_outside(as_alice, sales, hours, line):
    typed = {"closed_line": line.pk, "closed_number": "+12125550101"}
    answer = save(as_alice, sales, hours=hours.pk, closed_action="number", **typed)
    assert list(answer.context["form"].errors) == ["closed_number"]


def test_strangers_records_are_no_choice(as_alice, sales, hours, lotus):
    foreign = {
        "hours": ScheduleFactory(customer=lotus).pk,
        "closed_group": HuntgroupFactory(customer=lotus).pk,
        "closed_extension": ExtensionFactory(customer=lotus).pk,
        "closed_line": LineFactory(customer=lotus).pk,
    }
    for field, pk in foreign.items():
        answer = save(as_alice, sales, **({"hours": hours.pk, "closed_action": "group"} | {field: pk}))
        assert field in answer.context["form"].errors


def test_hours_in_use_stay(alice, sales, hours):
    Huntgroup.objects.filter(pk=sales.pk).update(hours=hours)
    with pytest.raises(Refused, match="Huntgroup 88 Sales still uses these hours"):
        delete_schedule(user=alice, schedule=hours)


def test_an_undo_puts_the_hours_back(as_alice, easycall, sales, hours, line):
    save(as_alice, sales, hours=hours.pk, closed_action="voicemail", closed_line=line.pk)
    sales.refresh_from_db()
    save(as_alice, sales, hours="")
    event = AuditEvent.objects.of(sales).latest("pk")
    assert as_alice.post(reverse("centrex:undo", args=[event.pk])).status_code == 302
    sales.refresh_from_db()
    assert (sales.hours, sales.closed_action, sales.closed_line) == (hours, "voicemail", line)


def test_the_page_says_whether_it_is_open(as_alice, sales, easycall):
    sales.hours = ScheduleFactory(customer=easycall, period="none")
    sales.save()
    assert "Closed now" in as_alice.get(reverse("centrex:huntgroup-hours", args=[sales.pk])).content.decode()


def test_the_branch_leaves_them_to_its_main_office(easycall, sales, hours):
    berlin = CustomerFactory(main_office=easycall)
    berta = signed_in(UserFactory(customer=berlin, role=Role.OWNER))
    sales.branch_office = berlin
    sales.save()
    assert save(berta, sales, hours=hours.pk).status_code == 403
