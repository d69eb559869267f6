"""Costly numbers that somebody has just sent calls to: the notice, the wait, and the way back.

Mail and text message go to the owners, never to an address that the same session may have changed a moment ago.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from centrex.models import AbbreviatedNumber, Huntgroup, Line, NewDestination
from centrex.operations.notices import tell_owners, text_owners
from centrex.queries.destinations import Destination
from centrex.queries.new_destinations import HOMES, address_of
from centrex.routing.policy import Risk
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import User

COOL_DOWN = timedelta(minutes=30)
SALT = "centrex.new_destination"
LINK_LASTS = timedelta(days=30)
Place = NewDestination.Place


def begin(*, user: User, line: Line, place: Place, found: Iterable[Destination], now: datetime) -> list[NewDestination]:
    """Write down that the line's calls go to these numbers from now on, those of high risk COOL_DOWN later.

    The owners are told by mail and text message, with a link that takes each number back.
    """
    return told(user, [row_of(user, line, place, each, now, line=line) for each in found], now)


def begin_for_group(*, user: User, group: Huntgroup, found: Destination, now: datetime) -> list[NewDestination]:
    """The same of a huntgroup that is closed; the line that makes its calls to the outside is its own."""
    row = row_of(user, group, Place.HUNTGROUP, found, now, line=group.closed_line, huntgroup=group)
    return told(user, [row], now)


def begin_for_codes(
    *, user: User, found: Iterable[tuple[AbbreviatedNumber, Destination]], now: datetime
) -> list[NewDestination]:
    """The same of abbreviated numbers, with one notice about all of them."""
    rows = [row_of(user, code, Place.ABBREVIATED, each, now, abbreviated=code) for code, each in found]
    return told(user, rows, now)


def row_of(
    user: User, owned: Any, place: Place, found: Destination, now: datetime, **records: models.Model | None
) -> NewDestination:
    """The number written down, for the customer of `owned`."""
    return NewDestination.objects.create(
        customer=owned.customer,
        place=place,
        number=found.number,
        made_at=now,
        made_by=user,
        counts_from=now + COOL_DOWN if is_risky(found) else None,
        **records,
    )


def is_risky(destination: Destination) -> bool:
    """Whether a number is more than one of an ordinary kind abroad."""
    return destination.verdict is not None and destination.verdict.risk is not Risk.LOW


def told(user: User, rows: list[NewDestination], now: datetime) -> list[NewDestination]:
    """The rows, which are all of one place, after the notice to the owners."""
    if not rows:
        return rows
    first = rows[0]
    facts: dict[str, Any] = {
        "line": first.line,
        "numbers": [numbered(row) for row in rows],
        "by": user,
        "at": f"{now.astimezone(first.customer.zone):%Y-%m-%d %H:%M}",
        "zone": first.customer.time_zone,
        "url": settings.PORTAL_URL + address_of(first),
    }
    notice, key = HOMES[Place(first.place)].notice, f"destination:{first.pk}"
    tell_owners(customer=first.customer, template=notice, context=facts, key=key)
    text_owners(customer=first.customer, template=notice, context=facts, key=key, now=now)
    return rows


def numbered(row: NewDestination) -> dict[str, str]:
    """A number of the notice: what it is, from when it counts if not at once, and the link that takes it back."""
    starts = row.counts_from
    return {
        "code": row.abbreviated.number if row.abbreviated else "",
        "number": formats.phone(row.number),
        "starts": f"{starts.astimezone(row.customer.zone):%H:%M}" if starts is not None else "",
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
    current = NewDestination.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if current.taken_back_at is not None:
        raise Refused(_("This link was used before."))
    same = {"line": current.line, "huntgroup": current.huntgroup, "abbreviated": current.abbreviated}
    later = NewDestination.objects.filter(**same, number=current.number, place=current.place)
    if later.filter(pk__gt=current.pk).exists():
        raise Refused(_("Somebody set this number again since; a newer notice has a link of its own."))
    current.taken_back_at = now
    current.save(update_fields=["taken_back_at"])
    return current
