"""Schedules: bounds of the list of days, and what is refused whoever asks."""

from datetime import date, timedelta

import pytest

from centrex.models import Schedule, ScheduleDay
from centrex.operations import schedules
from centrex.operations.schedules import import_days, save_day, save_schedule
from centrex.sheets.days import NamedDay
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from tests.factories import ScheduleDayFactory, ScheduleFactory

FIRST = date(2026, 1, 1)


@pytest.fixture
def office(easycall):
    return ScheduleFactory(customer=easycall, name="Office")


@pytest.fixture
def at_most_three(monkeypatch):
    monkeypatch.setattr(schedules, "MAX_DAYS", 3)


def days(count):
    return [NamedDay(FIRST + timedelta(days=n), f"Day {n}") for n in range(count)]


def test_a_list_that_is_too_long_adds_nothing(alice, office, at_most_three):
    ScheduleDayFactory(schedule=office, day=date(2025, 1, 1))
    with pytest.raises(Refused, match="at most 3 special days"):
        import_days(user=alice, schedule=office, version=None, days=days(3))
    assert office.days.count() == 1
    assert import_days(user=alice, schedule=office, version=None, days=days(2)) == 2
    with pytest.raises(Refused, match="at most 3 special days"):
        save_day(user=alice, day=ScheduleDay(schedule=office, day=date(2027, 1, 1)))


def test_importing_again_changes_nothing(alice, office):
    assert import_days(user=alice, schedule=office, version=1, days=days(2)) == 2
    events = AuditEvent.objects.count()
    assert import_days(user=alice, schedule=office, version=2, days=days(2)) == 0
    office.refresh_from_db()
    assert (office.version, AuditEvent.objects.count()) == (2, events)
    with pytest.raises(Outdated):
        import_days(user=alice, schedule=office, version=1, days=days(3))


def test_what_is_no_period_is_refused(alice, easycall):
    with pytest.raises(Refused, match="At character 1") as refusal:
        save_schedule(user=alice, schedule=Schedule(customer=easycall, name="Odd", period="noon"), version=None)
    assert refusal.value.field == "period"
    assert not Schedule.objects.exists()


def test_saving_the_same_again_is_no_version(alice, office):
    assert save_schedule(user=alice, schedule=office, version=1).version == 1
    save_day(user=alice, day=ScheduleDayFactory(schedule=office))
    office.refresh_from_db()
    assert office.version == 1
    assert not AuditEvent.objects.exists()
