"""Adding, changing and deleting call queues."""

import pytest

from centrex.models import CallQueue, IncludedHuntgroup
from centrex.operations.huntgroups import delete_huntgroup
from centrex.operations.queues import add_queue, delete_queue, edit_queue
from centrex.queries.queues import connected_at_a_time, phones_of_groups
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from tests.factories import (
    CallQueueFactory,
    CustomerFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    SoundFactory,
)


@pytest.fixture
def sales(easycall):
    return HuntgroupFactory(customer=easycall, number="88", name="Sales")


def test_adding_is_written_down(alice, easycall, sales):
    tune = SoundFactory(customer=easycall, name="Harp")
    add_queue(user=alice, queue=CallQueue(customer=easycall, huntgroup=sales, max_waiting=5, music=tune))
    event = AuditEvent.objects.get()
    assert (event.action, event.record_name) == ("add", "88 Sales")
    assert event.changes == {"Maximum Number of Unconnected Calls": ["10", "5"], "Music on Hold": ["", "Harp"]}


def test_a_group_has_one_queue(alice, easycall, sales):
    CallQueueFactory(huntgroup=sales)
    with pytest.raises(Refused, match="88 Sales has a call queue already") as refusal:
        add_queue(user=alice, queue=CallQueue(customer=easycall, huntgroup=sales))
    assert refusal.value.field == "huntgroup"
    other = CallQueueFactory(huntgroup__customer=easycall)
    other.huntgroup = sales
    with pytest.raises(Refused):
        edit_queue(user=alice, queue=other, version=1)
    assert CallQueue.objects.filter(huntgroup=sales).count() == 1


def test_nothing_of_another_customers(alice, easycall, lotus, sales):
    with pytest.raises(Refused) as refusal:
        add_queue(user=alice, queue=CallQueue(customer=easycall, huntgroup=HuntgroupFactory(customer=lotus)))
    assert refusal.value.field == "huntgroup"
    for sound in (SoundFactory(customer=lotus), SoundFactory(customer=easycall, purpose="name")):
        with pytest.raises(Refused) as refusal:
            add_queue(user=alice, queue=CallQueue(customer=easycall, huntgroup=sales, music=sound))
        assert refusal.value.field == "music"


def test_a_branch_office_changes_none(alice, easycall):
    branch = CustomerFactory(main_office=easycall)
    queue = CallQueueFactory(huntgroup__customer=branch)
    with pytest.raises(Refused, match="main office"):
        delete_queue(user=alice, queue=queue)


def test_changing_and_the_second_editor(alice, easycall, sales):
    queue = CallQueueFactory(huntgroup=sales)
    queue.call_seconds = 90
    assert edit_queue(user=alice, queue=queue, version=1).version == 2
    assert AuditEvent.objects.get().changes == {"Call Duration": ["180", "90"]}
    assert edit_queue(user=alice, queue=queue, version=2).version == 2  # nothing changed
    with pytest.raises(Outdated):
        edit_queue(user=alice, queue=queue, version=1)


def test_deleting_the_group_deletes_its_queue(alice, easycall, sales):
    CallQueueFactory(huntgroup=sales)
    kept = CallQueueFactory(huntgroup__customer=easycall)
    delete_huntgroup(user=alice, huntgroup=sales)
    assert list(CallQueue.objects.all()) == [kept]
    deleted = AuditEvent.objects.filter(action="delete").values_list("record_type", flat=True)
    assert set(deleted) == {"centrex.callqueue", "centrex.huntgroup"}


def test_the_phones_of_a_group_are_those_that_can_ring(easycall, sales):
    inner, empty = (HuntgroupFactory(customer=easycall, number=number) for number in ("77", "99"))
    ringing, shared = (ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall)) for _each in range(2))
    unplugged = ExtensionFactory(customer=easycall)
    blocked = ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall, blocked=True))
    for group, members in ((sales, [shared, unplugged, blocked]), (inner, [ringing, shared])):
        for position, member in enumerate(members, start=1):
            group.members.create(extension=member, position=position)
    IncludedHuntgroup.objects.create(huntgroup=sales, included=inner, position=1)
    phones = phones_of_groups(easycall)
    assert (phones[sales.pk], phones[inner.pk], phones.get(empty.pk, 0)) == (2, 2, 0)
    for most, connected in ((None, 2), (1, 1), (9, 2)):
        assert connected_at_a_time(CallQueue(huntgroup=sales, max_connected=most), phones) == connected
    assert connected_at_a_time(CallQueue(huntgroup=empty, max_connected=3), phones) == 0
