"""Costly numbers that somebody has just sent a line's calls to: the notice, the wait, and the way back.

Mail and text message go to the owners, never to an address that the same session may have changed a moment ago.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from centrex.models import Line, NewDestination
from centrex.operations.notices import tell_owners, text_owners
from centrex.queries.destinations import Destination
from centrex.routing.policy import Risk
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import User

COOL_DOWN = timedelta(minutes=30)
SALT = "centrex.new_destination"
LINK_LASTS = timedelta(days=30)
PAGES = {
    NewDestination.Place.FORWARDING: "centrex:line-forwarding",
    NewDestination.Place.SCREENING: "centrex:line-screening",
}


def begin(
    *, user: User, line: Line, place: NewDestination.Place, found: Iterable[Destination], now: datetime
) -> list[NewDestination]:
    """Write down that the line's calls go to these numbers from now on, those of high risk COOL_DOWN later.

    The owners are told by mail and text message, with a link that takes each number back.
    """
    rows = [
        NewDestination.objects.create(
            customer=line.customer,
            line=line,
            place=place,
            number=each.number,
            made_at=now,
            made_by=user,
            counts_from=now + COOL_DOWN if is_risky(each) else now,
        )
        for each in found
    ]
    if rows:
        tell(user=user, line=line, place=place, rows=rows, now=now)
    return rows


def is_risky(destination: Destination) -> bool:
    """Whether a number is more than one of an ordinary kind abroad."""
    return destination.verdict is not None and destination.verdict.risk is not Risk.LOW


def tell(*, user: User, line: Line, place: NewDestination.Place, rows: Iterable[NewDestination], now: datetime) -> None:
    """The notice to the owners."""
    facts: dict[str, Any] = {
        "line": line,
        "numbers": [numbered(row, now) for row in rows],
        "by": user,
        "at": f"{now.astimezone(line.customer.zone):%Y-%m-%d %H:%M}",
        "zone": line.customer.time_zone,
        "url": settings.PORTAL_URL + reverse(PAGES[place], args=[line.pk]),
    }
    key = f"{place}:{line.pk}:{line.version}"
    tell_owners(customer=line.customer, template="forwarding_abroad", context=facts, key=key)
    text_owners(customer=line.customer, template="forwarding_abroad", context=facts, key=key, now=now)


def numbered(row: NewDestination, now: datetime) -> dict[str, str]:
    """A number of the notice: what it is, from when it counts if not at once, and the link that takes it back."""
    starts = row.counts_from.astimezone(row.customer.zone)
    return {
        "number": formats.phone(row.number),
        "starts": f"{starts:%H:%M}" if row.counts_from > now else "",
        "undo": settings.PORTAL_URL + reverse("centrex:destination-undo", args=[token_of(row)]),
    }


def token_of(row: NewDestination) -> str:
    """What only our own link about this row can hold."""
    return signing.dumps(row.pk, salt=SALT)


def row_of_token(token: str) -> int | None:
    """The id in a link; None for one that is not ours, or too old."""
    try:
        found: int = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    return found


@transaction.atomic
def mark_taken_back(*, row: NewDestination, now: datetime) -> NewDestination:
    """The row, marked as taken back; Refused for the second use of its link, and when the number was set anew since."""
    current = NewDestination.objects.select_for_update(of=("self",)).select_related("line__customer").get(pk=row.pk)
    if current.taken_back_at is not None:
        raise Refused(_("This link was used before."))
    later = NewDestination.objects.filter(line=current.line, number=current.number, place=current.place)
    if later.filter(pk__gt=current.pk).exists():
        raise Refused(_("Somebody set this number again since; a newer notice has a link of its own."))
    current.taken_back_at = now
    current.save(update_fields=["taken_back_at"])
    return current
