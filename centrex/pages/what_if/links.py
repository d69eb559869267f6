"""Where each kind of record is changed, for a user who may open that."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from centrex.routing.plan import Record
from selfcare import access


@dataclass(frozen=True, slots=True)
class Place:
    """The menu's page whose rights hold, and the url of one record; without one, or for readers, the page itself."""

    page: str
    edit: str = ""
    for_readers: bool = False


PLACES = {
    "line": Place("centrex:lines", "centrex:line", for_readers=True),
    "forward": Place("centrex:lines", "centrex:line-forwarding", for_readers=True),
    "screening": Place("centrex:lines", "centrex:rule-edit"),
    "menu": Place("centrex:lines", "centrex:menu-edit"),
    "attendant": Place("centrex:lines", "centrex:line-attendant", for_readers=True),
    "extension": Place("centrex:extensions", "centrex:extension-edit"),
    "huntgroup": Place("centrex:huntgroups", "centrex:huntgroup-members"),
    "site": Place("centrex:sites", "centrex:site-edit"),
    "customer": Place("centrex:general"),
}
# A step may be decided on another page of the record than its first.
STEPS = {"answering.default": Place("centrex:lines", "centrex:line-incoming", for_readers=True)}


def url_of(request: HttpRequest, record: Record | None, code: str = "") -> str:
    """The address of the record's editor, or of its list for who may not change it; empty where there is none."""
    place = STEPS.get(code) or (PLACES.get(record.kind) if record else None)
    if place is None or record is None or not access.sees(request, place.page):
        return ""
    if place.edit and record.id is not None and (place.for_readers or access.may(request, access.CHANGE, place.page)):
        return reverse(place.edit, args=[record.id])
    return reverse(place.page)
