"""What is recorded of a line's calls, and writing to whom it wants that a recording is ready."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings as django_settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from centrex.models import CallRecording, Line
from centrex.operations.features import Act, save_or_inherit
from centrex.queries.features import Place, customer_of, effective_of
from centrex.queries.recordings import is_kept_private, is_owner
from centrex.routing.features import Recording
from selfcare import formats, mail
from selfcare.errors import Refused
from selfcare.models import User

RECENT = timedelta(days=1)  # what became ready long ago is told to nobody: somebody has only just asked for mails
BATCH = 200


@transaction.atomic
def set_recording(
    *, user: User, line: Line, version: int | None, values: Recording | None, enabled: bool, labels: Mapping[str, str]
) -> Line:
    """Give the line's recording settings of its own, or what its company has (`values` None).

    Refused for mail without an address, and for anybody but the owner of the account where recordings are, or become,
    the owner's alone: who may not listen must not let them out.
    """
    refuse_recording(user, line, values)
    act: Act = {"user": user, "line": line, "version": version, "labels": labels}
    return save_or_inherit(feature=Recording, values=values, enabled=enabled, **act)


def refuse_recording(user: User, place: Place, values: Recording | None) -> None:
    """Refused as for `set_recording`, for a line, or for all lines of a site or company."""
    becomes_private = values is not None and values.owner_only
    if (is_kept_private(place) or becomes_private) and not is_owner(user, customer_of(place)):
        raise Refused(_("Only an owner of the account can change this: the recordings are for owners alone."))
    if values is not None and values.send_by_email and not values.email:
        raise Refused(_("Enter the address that the mail goes to."), field="email")


def tell_of_recordings(*, now: datetime) -> int:
    """Write about recordings that have become ready, where their line wants that, and say how many mails it were."""
    ready = CallRecording.objects.filter(told_at=None, status=CallRecording.Status.READY)
    return sum(tell_of(pk, now=now) for pk in list(ready.order_by("started_at").values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def tell_of(pk: int, *, now: datetime) -> bool:
    """Write about one recording, unless nobody wants that or somebody else has; whether a mail went into the outbox."""
    rows = CallRecording.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "line__customer__main_office", "line__site"
    )
    recording = rows.filter(pk=pk, told_at=None).first()
    if recording is None:
        return False
    recording.told_at = now
    recording.save(update_fields=["told_at"])
    line = recording.line
    if line is None or recording.started_at < now - RECENT:
        return False
    values = effective_of(line, Recording).values
    if not (values.send_by_email and values.email):
        return False
    reader = User.objects.filter(customer=line.customer_id, email__iexact=values.email).first()
    mail.post(
        template="recording_ready",
        context={
            "line": line,
            "at": f"{recording.started_at.astimezone(line.customer.zone):%Y-%m-%d %H:%M}",
            "zone": line.customer.time_zone,
            "duration": formats.duration(recording.seconds),
            "url": f"{django_settings.PORTAL_URL}{reverse('centrex:line-recording', args=[line.pk])}",
        },
        to=[values.email],
        key=f"recording:{recording.pk}",
        customer=line.customer,
        language=reader.language if reader else "en",
    )
    return True
