"""Recordings: what a customer may do with them besides listening, and for how long they are kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from centrex.models import CallRecording, FeatureSetting, Line
from centrex.queries.features import effective_of
from centrex.queries.recordings import heard_by
from centrex.routing.features import Recording
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User


@transaction.atomic
def delete_recordings(*, user: User, customer: Customer, ids: Collection[int]) -> int:
    """Delete these recordings for good and say how many; the sounds go when the deletion is certain.

    Refused when one is not there (any more), or is still being prepared: its sound would come afterwards.
    """
    recordings = list(heard_by(user, customer).select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if len(recordings) < len(set(ids)):
        raise Refused(_("Somebody deleted one of these recordings meanwhile. Choose again."))
    if any(recording.status == CallRecording.Status.CONVERTING for recording in recordings):
        raise Refused(_("One of these recordings is still being prepared. Wait until it is ready."))
    label = str(CallRecording._meta.get_field("started_at").verbose_name)
    for recording in recordings:
        was = {label: [formats.moment(recording.started_at), ""]}
        AuditEvent.write(user=user, action="delete", record=recording, changes=was)
        forget_sound(recording)
        recording.delete()
    return len(recordings)


def delete_expired(*, now: datetime) -> int:
    """Delete the recordings that are older than their line keeps them, and say how many; without a limit none goes."""
    return sum(delete_older(line, now=now) for line in lines_with_limits())


@transaction.atomic
def delete_older(line: Line, *, now: datetime) -> int:
    """Delete what `line` no longer keeps; what is still being prepared goes the next time."""
    days = effective_of(line, Recording).values.keep_days
    if days is None:
        return 0
    old = CallRecording.objects.filter(line=line, started_at__lt=now - timedelta(days=days))
    finished = old.exclude(status=CallRecording.Status.CONVERTING).select_for_update(skip_locked=True)
    recordings = list(finished.order_by("pk"))
    for recording in recordings:
        forget_sound(recording)
        recording.delete()
    if recordings:
        AuditEvent.write(
            user=None, action="delete", record=line, changes={_("Recordings"): [str(len(recordings)), _("too old")]}
        )
    return len(recordings)


def lines_with_limits() -> QuerySet[Line]:
    """The lines with recordings whose customer has said, at any place, how long to keep them."""
    limited = FeatureSetting.objects.filter(name=Recording.NAME, values__keep_days__gt=0)
    lines: QuerySet[Line] = Line.objects.filter(customer__in=limited.values("customer"), recordings__isnull=False)
    return lines.select_related("customer__main_office", "site").distinct()


def forget_sound(recording: CallRecording) -> None:
    """Remove the file once the deletion is certain."""
    if recording.file.name:
        transaction.on_commit(partial(recording.file.storage.delete, recording.file.name), robust=True)
