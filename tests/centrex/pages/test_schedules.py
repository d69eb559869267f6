"""Filters and Hours, hours: periods, public holidays, special days, imports, and who uses them."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from centrex.models import Schedule
from selfcare.models import AuditEvent
from tests.factories import LineFactory, ScheduleDayFactory, ScheduleFactory, ScreeningRuleFactory

ADD = reverse("centrex:schedule-add")
WEDNESDAY = datetime(2026, 12, 23, 16, tzinfo=UTC)  # 11:00 in New York
CHRISTMAS = datetime(2026, 12, 25, 16, tzinfo=UTC)


@pytest.fixture
def office(easycall):
    return ScheduleFactory(customer=easycall, name="Office", holidays_country="US", holidays_region="NY")


def to(name, record):
    return reverse(f"centrex:{name}", args=[record.pk])


WEEK = {"hours-start": "08:00", "hours-end": "17:00", "hours-weekdays": ["2", "3", "4", "5", "6"]}


def test_hours_with_a_country_and_region(as_alice, easycall):
    typed = {"name": "Office", "hours-when": "times", "holidays_country": "DE", "holidays_region": "BY"}
    answer = as_alice.post(ADD, typed | WEEK, follow=True)
    kept = Schedule.for_customer(easycall).get()
    assert (kept.period, kept.holidays_country, kept.holidays_region) == ("wd{mo-fr} hr{8-16}", "DE", "BY")
    page = answer.content.decode()
    assert "Monday to Friday, 08:00 until 17:00" in page
    assert "Germany, Bayern" in page
    assert AuditEvent.objects.latest("id").changes["Time Periods"] == ["", "wd{mo-fr} hr{8-16}"]


def test_the_wizard_draws_the_form_again_with_what_was_typed(as_alice):
    typed = {"name": "Office", "hours-when": "times", "holidays_country": "GB"} | WEEK
    answer = as_alice.post(ADD, typed | {"do": "include:hours"})
    page = answer.content.decode()
    assert "Monday to Friday, 08:00 until 17:00" in page
    assert 'value="Office"' in page
    assert answer.context["form"]["holidays_country"].value() == "GB"
    assert not Schedule.objects.exists()
    only = {"name": "Office", "hours-when": "times", "hours-period": ["wd{mo-fr} hr{8-16}", "wd{sa} hr{9-11}"]}
    as_alice.post(ADD, only)
    assert Schedule.objects.get().period == "wd{mo-fr} hr{8-16}, wd{sa} hr{9-11}"


def test_changed_hours_are_a_version_and_the_second_editor_is_told(as_alice, office):
    edit = to("schedule-edit", office)
    assert "Monday to Friday, 08:00 until 17:00" in as_alice.get(edit).content.decode()
    as_alice.post(edit, {"name": "Office", "hours-when": "always", "version": 1})
    office.refresh_from_db()
    assert (office.period, office.holidays_country, office.version) == ("", "", 2)
    answer = as_alice.post(edit, {"name": "Mine", "hours-when": "always", "version": 1})
    assert "alice changed" in answer.content.decode()
    as_alice.post(edit, {"name": "Mine", "version": 2})  # without the wizard's fields the times stay
    office.refresh_from_db()
    assert (office.name, office.version) == ("Mine", 3)


def test_a_name_is_there_once(as_alice, office):
    answer = as_alice.post(ADD, {"name": "Office", "hours-when": "always"})
    assert "There is a schedule of this name already." in answer.content.decode()
    assert Schedule.objects.count() == 1


def test_the_list_says_it_in_words(as_alice, office):
    page = as_alice.get(reverse("centrex:schedules")).content.decode()
    assert "Monday to Friday, 08:00 until 17:00" in page
    assert "United States of America" in page


def test_a_mistake_in_the_hours_is_said_with_its_place(as_alice):
    typed = {"name": "Office", "hours-when": "times", "hours-text": "wd{mo-fr} hour{8-25}"}
    page = as_alice.post(ADD, typed).content.decode()
    assert "At character 18" in page
    assert "There is a mistake in the time periods" in page
    nothing = as_alice.post(ADD, {"name": "Office", "hours-when": "times"}).content.decode()
    assert "Include at least one period" in nothing
    assert not Schedule.objects.exists()


def test_the_regions_are_those_of_the_country(as_alice):
    typed = {"name": "Office", "hours-when": "always", "holidays_country": "GB"}
    answer = as_alice.post(ADD, typed | {"do": "regions"})
    form = answer.context["form"]
    assert ("SCT", "Scotland") in form.fields["holidays_region"].choices
    assert 'value="Office"' in answer.content.decode()
    assert not form.errors
    assert not Schedule.objects.exists()
    refused = as_alice.post(ADD, typed | {"holidays_region": "BY"})
    assert "holidays_region" in refused.context["form"].errors


def shown_at(client, alice, office, moment):
    """What the page of the hours shows at a moment."""
    with time_machine.travel(moment, tick=False):
        client.force_login(alice)  # a session does not last until then
        return client.get(to("schedule", office)).context


def test_how_it_stands_now_and_when_that_changes(client, alice, office):
    shown = shown_at(client, alice, office, WEDNESDAY)
    assert shown["state"].active
    assert shown["state"].until == datetime(2026, 12, 23, 22, tzinfo=UTC)
    assert [each.day for each in shown["holidays"]][:2] == [date(2026, 12, 25), date(2027, 1, 1)]
    assert len(shown["holidays"]) == 10
    state = shown_at(client, alice, office, CHRISTMAS)["state"]
    assert (state.active, state.until) == (False, datetime(2026, 12, 28, 13, tzinfo=UTC))


def test_days_of_ones_own_go_before_public_holidays(as_alice, client, alice, office):
    typed = {"day": "2026-12-25", "name": "Rush", "kind": "open", "start": "10:00", "end": "14:00"}
    as_alice.post(to("day-add", office), typed)
    as_alice.post(to("day-add", office), {"day": "2026-12-24", "kind": "closed", "start": "x", "end": "y"})
    shown = shown_at(client, alice, office, CHRISTMAS)
    assert shown["state"].active
    first = shown["holidays"][0]
    assert (first.name, first.own, first.span.start) == ("Rush", True, time(10))
    assert list(office.days.values_list("day", "start")) == [(date(2026, 12, 24), None), (date(2026, 12, 25), time(10))]
    office.refresh_from_db()
    assert office.version == 3
    assert "closed" in AuditEvent.objects.latest("id").changes["Special days"][1]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "2026-12-24"}, "day"),
        ({"day": "1026-12-24"}, "day"),
        ({"kind": "open", "start": "10:00"}, "end"),
        ({"kind": "open", "start": "10:00", "end": "10:00"}, "end"),
        ({"kind": "open", "start": "soon", "end": "10:00"}, "start"),
    ],
)
def test_a_day_that_is_no_day_is_refused(as_alice, office, typed, field):
    ScheduleDayFactory(schedule=office, day=date(2026, 12, 24))
    answer = as_alice.post(to("day-add", office), {"day": "2026-12-31", "kind": "closed"} | typed)
    assert field in answer.context["form"].errors
    assert office.days.count() == 1


def test_a_day_is_changed_and_deleted(as_alice, office):
    day = ScheduleDayFactory(schedule=office, day=date(2026, 12, 24))
    typed = {"day": "2026-12-24", "kind": "open", "start": "09:00", "end": "00:00"}
    assert as_alice.post(to("day-edit", day), typed).status_code == 302
    day.refresh_from_db()
    assert (day.start, day.end) == (time(9), time())
    as_alice.post(to("day-delete", day))
    assert not office.days.exists()


def upload(content: bytes) -> dict:
    return {"file": SimpleUploadedFile("days.csv", content)}


def test_days_are_imported_and_those_that_are_there_stay(as_alice, office):
    ScheduleDayFactory(schedule=office, day=date(2026, 12, 24), start=time(9), end=time(12))
    content = b"date,name\n2026-12-24,Eve\n2026-12-31,Last day\n"
    page = as_alice.post(to("day-import", office), upload(content), follow=True).content.decode()
    assert "1 day was added." in page
    assert "1 day was in the list already" in page
    assert list(office.days.values_list("name", "start")) == [("Outing", time(9)), ("Last day", None)]


def test_a_file_with_one_mistake_imports_nothing(as_alice, office):
    answer = as_alice.post(to("day-import", office), upload(b"2026-12-24,Eve\n12/31/2026,Last day\n"))
    assert "Line 2, “12/31/2026”: this is no date." in str(answer.context["form"].errors["file"])
    assert not office.days.exists()


def test_the_page_names_what_uses_it_and_deleting_waits_for_that(as_alice, office, easycall):
    rule = ScreeningRuleFactory(line=LineFactory(customer=easycall), name="Night", times=office)
    for name in ("schedule", "schedule-edit", "schedule-delete"):
        assert "Rule “Night”" in as_alice.get(to(name, office)).content.decode()
    assert "still uses these hours" in as_alice.post(to("schedule-delete", office)).content.decode()
    rule.delete()
    ScheduleDayFactory(schedule=office)
    as_alice.post(to("schedule-delete", office))
    assert not Schedule.objects.exists()


def test_who_reads_only_looks_and_a_stranger_finds_nothing(as_bob, as_charlie, office):
    day = ScheduleDayFactory(schedule=office)
    assert as_bob.get(to("schedule", office)).status_code == 200
    assert as_charlie.get(to("schedule", office)).status_code == 404
    of_schedule = ("schedule-edit", "schedule-delete", "day-add", "day-import")
    for place in (*(to(name, office) for name in of_schedule), to("day-edit", day), to("day-delete", day)):
        assert as_bob.post(place, {"name": "Mine"}).status_code == 403
        assert as_charlie.get(place).status_code == 404
        assert as_charlie.post(place, {"name": "Mine"}).status_code == 404
    assert "Office" not in as_charlie.get(reverse("centrex:schedules")).content.decode()
    assert office.days.count() == 1
