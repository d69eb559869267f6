"""Undo on the company's pages: settings, abbreviated numbers, sites, queues, dialing rules."""

import pytest
from django.utils import timezone

from centrex.models import AbbreviatedNumber, CallQueue, CompanySettings, DialCode, Huntgroup, Site
from centrex.operations import abbreviated, company, huntgroups, queues, sites
from centrex.operations.undo import plan_undo, undo
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from selfcare.models.audit import acting
from tests.factories import DialCodeFactory, LineFactory

NOW = timezone.now()


def last(record, **which) -> AuditEvent:
    return AuditEvent.objects.of(record).filter(**which).latest("pk")


@pytest.fixture
def settings_of(easycall) -> CompanySettings:
    return CompanySettings.for_customer(easycall).get()


def test_settings_go_back_page_by_page(alice, settings_of):
    settings_of.parking_enabled, settings_of.park_prefix = True, "*72"
    with acting(page="centrex:incoming"):
        company.save_incoming(user=alice, settings=settings_of, version=1)
    event = last(settings_of)
    settings_of.hide_cli = "always"
    with acting(page="centrex:identity"):
        company.save_identity(user=alice, settings=settings_of, version=2)
    codes = set(DialCode.objects.filter(customer=settings_of.customer).values_list("code", flat=True))
    assert "*72" in codes
    undo(user=alice, now=NOW, event=event, version=3)
    settings_of.refresh_from_db()
    assert (settings_of.parking_enabled, settings_of.park_prefix, settings_of.hide_cli) == (False, "*70", "always")
    assert not DialCode.objects.filter(code="*72").exists()
    undo(user=alice, now=NOW, event=last(settings_of), version=None)
    settings_of.refresh_from_db()
    assert (settings_of.parking_enabled, settings_of.park_prefix) == (True, "*72")


def test_a_code_that_is_taken_by_now_is_refused(alice, settings_of):
    settings_of.parking_enabled = True
    with acting(page="centrex:incoming"):
        company.save_incoming(user=alice, settings=settings_of, version=1)
        settings_of.refresh_from_db()
        settings_of.park_prefix = "*72"
        company.save_incoming(user=alice, settings=settings_of, version=2)
    DialCodeFactory(customer=settings_of.customer, code="*70")
    with pytest.raises(Refused):
        undo(user=alice, now=NOW, event=last(settings_of), version=None)


def test_settings_without_a_page_cannot_be_undone(alice, settings_of):
    settings_of.hide_cli = "always"
    company.save_identity(user=alice, settings=settings_of, version=1)
    with pytest.raises(Refused, match="cannot be undone"):
        plan_undo(last(settings_of))


def test_the_length_of_abbreviated_numbers_and_a_number(alice, easycall, settings_of):
    settings_of.abbreviated_length = 2
    with acting(page="centrex:abbreviated"):
        abbreviated.set_length(user=alice, settings=settings_of, version=1)
    number = AbbreviatedNumber(customer=easycall, number="55", target="+1 212 555 0100", description="Taxi")
    number = abbreviated.add_abbreviated(user=alice, number=number)
    with pytest.raises(Refused):
        undo(user=alice, now=NOW, event=last(settings_of), version=None)
    abbreviated.delete_abbreviated(user=alice, number=number)
    undo(user=alice, now=NOW, event=AuditEvent.objects.get(action="delete"), version=None)
    back = AbbreviatedNumber.objects.get()
    assert (back.number, back.target, back.description) == ("55", "12125550100", "Taxi")
    undo(user=alice, now=NOW, event=last(back, action="add"), version=None)
    assert not AbbreviatedNumber.objects.exists()
    undo(user=alice, now=NOW, event=last(settings_of), version=None)
    settings_of.refresh_from_db()
    assert settings_of.abbreviated_length is None


def test_a_site(alice, easycall):
    site = sites.add_site(user=alice, site=Site(customer=easycall, name="Harbour"))
    site.limit_calls, site.max_calls = True, 5
    sites.edit_site(user=alice, site=site, version=None)
    undo(user=alice, now=NOW, event=last(site), version=2)
    site.refresh_from_db()
    assert (site.limit_calls, site.max_calls) == (False, None)
    line = LineFactory(customer=easycall)
    sites.move_lines(user=alice, site=site, lines=[line.pk])
    sites.delete_site(user=alice, site=site)
    event = AuditEvent.objects.get(action="delete")
    undo(user=alice, now=NOW, event=event, version=None)
    assert Site.objects.get(name="Harbour").pk == site.pk
    line.refresh_from_db()
    assert line.site == site


def test_a_queue_alone_and_with_its_huntgroup(alice, easycall):
    group = huntgroups.add_huntgroup(user=alice, huntgroup=Huntgroup(customer=easycall, number="88", name="Sales"))
    queue = queues.add_queue(user=alice, queue=CallQueue(customer=easycall, huntgroup=group))
    queue.max_waiting = 5
    queues.edit_queue(user=alice, queue=queue, version=None)
    undo(user=alice, now=NOW, event=last(queue), version=2)
    queue.refresh_from_db()
    assert queue.max_waiting == 10
    huntgroups.delete_huntgroup(user=alice, huntgroup=group)
    with pytest.raises(Refused, match="no longer exists"):
        plan_undo(last(queue))
    event = last(group, action="delete")
    assert "Its call queue comes back." in plan_undo(event).consequences
    undo(user=alice, now=NOW, event=event, version=None)
    assert CallQueue.objects.get().huntgroup == group
