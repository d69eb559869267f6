"""The demo's history: a few changes as people make them, and one of them undone."""

from __future__ import annotations

from django.utils import timezone

from centrex.models import Extension, Huntgroup
from centrex.operations import extensions, huntgroups, membership
from centrex.operations.undo import undo
from selfcare.demo.people import People
from selfcare.models import AuditEvent


def make_changes(people: People) -> None:
    """Names, a sequence, a member less in Sales, and an extension that was deleted by mistake."""
    rename(people, "211", "Meeting room, 2nd floor")
    rename(people, "204", "Daniel O'Neill")
    sales = Huntgroup.for_customer(people.easycall).get(name="Sales")
    sales.sequence = Huntgroup.Sequence.ORDER
    sales = huntgroups.edit_huntgroup(user=people.alice, huntgroup=sales, version=None)
    kept = [
        membership.Member(extension=row.extension_id, ring_delay=row.ring_delay, ring_time=row.ring_time, primary=True)
        for row in sales.members.order_by("position")[:2]
    ]
    membership.set_contents(user=people.alice, huntgroup=sales, version=None, members=kept, included=[])
    ines = Extension.for_customer(people.easycall).get(number="209")
    extensions.delete_extension(user=people.alice, extension=ines)
    deletion = AuditEvent.for_customer(people.easycall).filter(action="delete").latest("pk")
    undo(user=people.alice, event=deletion, version=None, now=timezone.now())


def rename(people: People, number: str, name: str) -> None:
    extension = Extension.for_customer(people.easycall).get(number=number)
    extension.name = name
    extensions.edit_extension(user=people.alice, extension=extension, version=None)
