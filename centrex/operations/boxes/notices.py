"""Mail about a message that came into a box: a notice, a copy, or the message itself."""

from __future__ import annotations

import re

from django.conf import settings as django_settings
from django.urls import reverse

from centrex.models import BoxMessage
from centrex.routing.features import Fax, Feature, Voicemail
from selfcare import formats, mail
from selfcare.models import OutgoingMail, User

NONE, FORWARD = "none", "forward"
WITH_FILE = ("copy", FORWARD)
ENDINGS = {"audio/wav": "wav", "audio/mpeg": "mp3", "application/pdf": "pdf"}
TIFF = "image/tiff"


def tell_by_mail(message: BoxMessage, settings: Feature) -> None:
    """Write to whom the line's settings name; what is forwarded leaves the box once the mail is out."""
    address, option = wanted(settings)
    if not address or option == NONE:
        return
    key, line = f"box:{message.pk}", message.line
    reader = User.objects.filter(customer=line.customer_id, email__iexact=address).first()
    mail.post(
        template="voicemail_message" if message.kind == BoxMessage.Kind.VOICE else "fax_message",
        context={
            "line": line,
            "caller": formats.phone(message.caller),
            "name": message.name,
            "at": f"{message.received_at.astimezone(line.customer.zone):%Y-%m-%d %H:%M}",
            "zone": line.customer.time_zone,
            "duration": formats.duration(message.seconds),
            "pages": message.pages,
            "box": settings.name if isinstance(settings, Fax) else "",
            "option": option,
            "url": django_settings.PORTAL_URL + reverse("centrex:message", args=[message.pk]),
        },
        to=[address],
        key=key,
        customer=line.customer,
        language=reader.language if reader else "en",
        attached=[attachment(message)] if option in WITH_FILE else [],
    )
    if option == FORWARD:
        message.leaves_with = OutgoingMail.objects.get(key=key)
        message.save(update_fields=["leaves_with"])


def wanted(settings: Feature) -> tuple[str, str]:
    """The address, and what goes there: none, notify, copy or forward."""
    match settings:
        case Voicemail():
            return settings.email, settings.email_option
        case Fax():
            return settings.email, settings.action
    return "", NONE


def attachment(message: BoxMessage) -> mail.Attached:
    """The message's file: of a fax the TIFF, where the line wants that."""
    file, content_type = (message.tiff, TIFF) if message.tiff else (message.file, message.content_type)
    with file.open("rb") as stored:
        return mail.Attached(file_name(message, content_type), content_type, stored.read())


def file_name(message: BoxMessage, content_type: str) -> str:
    """A name made of date, time and line; nothing that a caller sent."""
    at = message.received_at.astimezone(message.customer.zone)
    line = re.sub(r"[^A-Za-z0-9]+", "-", message.line.account_id)
    return f"{at:%Y-%m-%d-%H%M%S}-{line}.{ENDINGS.get(content_type, 'tiff')}"
