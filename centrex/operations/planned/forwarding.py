"""A line's forwarding as a part that can be planned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import Line, SipProxy
from centrex.operations.forwarding import Number, Wanted, set_forwarding
from centrex.operations.undo.line_parts import as_typed
from selfcare.errors import Refused
from selfcare.models import User


def set_forwarding_to(*, user: User, line: Line, state: Mapping[str, Any], confirmed: bool, now: datetime) -> None:
    """Make the line's forwarding that of the state, by the act of the page; rows of the list that stay keep their ids.

    Refused as by the page, and when a server that the state names is gone.
    """
    values = dict(state)
    kept = {row.number: row.pk for row in line.forward_numbers.all()}
    proxies = SipProxy.objects.in_bulk()
    numbers = [
        Number(
            **(row | {"number": as_typed(row["number"]), "proxy": proxy_of(row["proxy"], proxies)}),
            id=kept.pop(row["number"], None),
        )
        for row in values.pop("numbers", [])
    ]
    if "to" in values:
        values["to"] = as_typed(values["to"])
    wanted = Wanted(**values, numbers=numbers)
    set_forwarding(user=user, line=line, version=None, wanted=wanted, confirmed=confirmed, now=now)


def proxy_of(key: int | None, proxies: Mapping[int, SipProxy]) -> SipProxy | None:
    """The server of that id; Refused when there is none any more."""
    if key is not None and key not in proxies:
        raise Refused(_("The SIP proxy that was chosen no longer exists."))
    return proxies[key] if key is not None else None
