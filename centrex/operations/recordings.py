"""Recordings: what a customer may do with them besides listening."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import CallRecording
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User


@transaction.atomic
def delete_recordings(*, user: User, customer: Customer, ids: Collection[int]) -> int:
    """Delete these recordings for good and say how many; the sounds go when the deletion is certain.

    Refused when one is not there (any more), or is still being prepared: its sound would come afterwards.
    """
    recordings = list(CallRecording.for_customer(customer).select_for_update().filter(pk__in=ids).order_by("pk"))
    if len(recordings) < len(set(ids)):
        raise Refused(_("Somebody deleted one of these recordings meanwhile. Choose again."))
    if any(recording.status == CallRecording.Status.CONVERTING for recording in recordings):
        raise Refused(_("One of these recordings is still being prepared. Wait until it is ready."))
    label = str(CallRecording._meta.get_field("started_at").verbose_name)
    for recording in recordings:
        was = {label: [formats.moment(recording.started_at), ""]}
        AuditEvent.write(user=user, action="delete", record=recording, changes=was)
        if recording.file:
            transaction.on_commit(partial(recording.file.storage.delete, recording.file.name), robust=True)
        recording.delete()
    return len(recordings)
