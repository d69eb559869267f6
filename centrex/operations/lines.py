"""What the customer says of a line itself: its name, and the phone that it is on."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Line
from centrex.models.line import MAC
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User
from selfcare.models.audit import differences

FIELDS = ("name", "phone_model", "mac", "note")


@transaction.atomic
def edit_line(*, user: User, line: Line, version: int | None) -> Line:
    """Save a line's name and device; Outdated when somebody saved the line since `version`, Refused at `mac`."""
    old = Line.locked(line.pk, line.version if version is None else version)
    line.mac = read_mac(line.mac)
    changes = differences(old, line, FIELDS)
    if not changes:
        return line
    line.version = old.version + 1
    line.save(update_fields=[*FIELDS, "version"])
    AuditEvent.write(user=user, action="edit", record=line, changes=changes)
    return line


def read_mac(typed: str) -> str:
    """A MAC address as it is kept, 00:15:65:1a:2b:3c, from whatever signs stand between its digits; empty stays so."""
    digits = re.sub(r"[\s:.-]", "", typed).lower()
    if not digits:
        return ""
    mac = ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))
    # The last bit of the first byte marks addresses of many devices at once (IEEE 802).
    if not MAC.regex.search(mac) or int(mac[:2], 16) & 1 or mac == "00:00:00:00:00:00":
        words = _("Enter the twelve digits from the label of the phone, such as 00:15:65:1a:2b:3c.")
        raise Refused(words, field="mac")
    return mac
