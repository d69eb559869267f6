"""The password of a line's phone: made by us, shown once, and kept only as what a SIP server checks it against."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrex.models import Line, SipCredential
from centrex.operations.notices import tell_owners
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User

# 32 signs that nobody mixes up when typing them on a phone: 26 of them are 130 random bits.
SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
LENGTH = 26
WHY_PASSWORD = _("Type your password: whoever has the SIP password can call at your expense.")


@transaction.atomic
def renew_password(*, user: User, line: Line, version: int | None, confirmed: bool, now: datetime) -> str:
    """Give the line's phone a new password and return it, the only time that anybody sees it; the old one ends.

    Refused at `password` unless the user has just `confirmed` who he is; Outdated when somebody saved the line since
    `version`. The owners get a notice.
    """
    current = Line.locked(line.pk, line.version if version is None else version)
    if not confirmed:
        raise Refused(str(WHY_PASSWORD), field="password")
    password = "".join(secrets.choice(SIGNS) for _place in range(LENGTH))
    realm = settings.SIP_REALM
    hashed = {"ha1_md5": ha1("md5", current, realm, password), "ha1_sha256": ha1("sha256", current, realm, password)}
    SipCredential.objects.update_or_create(
        line=current,
        defaults={"customer": current.customer, "user": current.account_id, "realm": realm, "set_at": now} | hashed,
    )
    current.version += 1
    current.save(update_fields=["version"])
    AuditEvent.write(user=user, action="renew SIP password", record=current)
    tell_owners(
        customer=current.customer,
        template="sip_password",
        context={
            "line": current,
            "by": user,
            "at": f"{now.astimezone(current.customer.zone):%Y-%m-%d %H:%M}",
            "zone": current.customer.time_zone,
            "url": settings.PORTAL_URL + reverse("centrex:line", args=[current.pk]),
        },
        key=f"sip-password:{current.pk}:{current.version}",
    )
    return password


def ha1(method: str, line: Line, realm: str, password: str) -> str:
    """H(user:realm:password) in hexadecimal, by MD5 (RFC 2617, which phones still speak) or SHA-256 (RFC 8760)."""
    return hashlib.new(method, f"{line.account_id}:{realm}:{password}".encode(), usedforsecurity=False).hexdigest()
