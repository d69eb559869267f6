"""Boxes of lines: what is in them, what of it is new, and how much room they have."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_UP, Decimal

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from centrex.models import BoxMessage, Line
from centrex.queries.features import inherited_of
from centrex.routing.features import Voicemail
from selfcare import formats

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a box is taken, in bytes."""

    used: int
    limit: int

    @property
    def is_full(self) -> bool:
        return self.used >= self.limit

    @property
    def high(self) -> int:
        """From where on it is time to delete something."""
        return self.limit * 9 // 10

    @property
    def megabytes(self) -> int:
        return self.limit // MEGABYTE

    def __str__(self) -> str:
        """Such as "3.2 of 10 MB"; anything that is there counts as a tenth at least."""
        used = (Decimal(self.used) / MEGABYTE).quantize(Decimal("0.1"), ROUND_UP)
        facts = {"used": formats.number(used), "limit": formats.number(self.limit // MEGABYTE)}
        return _("%(used)s of %(limit)s MB") % facts


def room_of(line: Line) -> Room:
    """The room of a line's box; its messages and its faxes share it.

    How large it is, the ITSP says for the company or the site: what the line itself has set does not count.
    """
    used = BoxMessage.objects.filter(line=line).aggregate(sum=Sum("bytes"))["sum"]
    return Room(int(used or 0), inherited_of(line, Voicemail).values.limit_mb * MEGABYTE)


def unread_of(line: Line) -> dict[str, int]:
    """How many messages of each kind nobody has listened to or read."""
    new = BoxMessage.objects.filter(line=line, status=BoxMessage.Status.NEW)
    return dict(new.order_by("kind").values_list("kind").annotate(count=Count("pk")))


def with_unread(lines: QuerySet[Line]) -> QuerySet[Line]:
    """The lines with `unread`, how many new messages and faxes each has."""
    new = BoxMessage.objects.filter(line=OuterRef("pk"), status=BoxMessage.Status.NEW)
    counted = new.order_by().values("line").annotate(count=Count("pk")).values("count")
    return lines.annotate(unread=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def messages_of(line: Line, kind: str) -> QuerySet[BoxMessage]:
    """The messages of one kind in a line's box."""
    found: QuerySet[BoxMessage] = BoxMessage.for_customer(line.customer).filter(line=line, kind=kind)
    return found
