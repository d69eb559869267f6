"""What the customer says of a line itself: its name, and the phone that it is on."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import Line, LineLogin
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


@transaction.atomic
def give_login(*, user: User, line: Line, login: User) -> LineLogin:
    """Let `login` sign in to the portal for this line and no other; Refused at `user` for whom that does not fit."""
    refuse_login(line, login)
    given, _is_new = LineLogin.objects.update_or_create(
        user=login, defaults={"line": line, "customer_id": line.customer_id}
    )
    AuditEvent.write(user=user, action="give login", record=line, changes={_("login"): ["", str(login)]})
    return given


@transaction.atomic
def take_login(*, user: User, given: LineLogin) -> None:
    """Let the login see this line no more."""
    AuditEvent.write(user=user, action="take login", record=given.line, changes={_("login"): [str(given.user), ""]})
    given.delete()


def refuse_login(line: Line, login: User) -> None:
    """Refused at `user` for who is no phone line user of the line's customer."""
    if not login.is_line_user or login.customer_id != line.customer_id:
        raise Refused(_("Choose a login of this customer with the role Phone line user."), field="user")


def read_mac(typed: str) -> str:
    """A MAC address as it is kept, 00:15:65:1a:2b:3c, from whatever signs stand between its digits; empty stays so."""
    digits = re.sub(r"[\s:.-]", "", typed).lower()
    if not digits:
        return ""
    mac = ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))
    # The last bit of the first byte marks addresses of many devices at once (IEEE 802).
    if not re.fullmatch(r"([0-9a-f]{2}:){5}[0-9a-f]{2}", mac) or int(mac[:2], 16) & 1 or mac == "00:00:00:00:00:00":
        words = _("Enter the twelve digits from the label of the phone, such as 00:15:65:1a:2b:3c.")
        raise Refused(words, field="mac")
    return mac
