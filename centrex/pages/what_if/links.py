"""Where each kind of record is changed, for a user who may open that."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from centrex.routing.plan import Record
from selfcare import access


@dataclass(frozen=True, slots=True)
class Place:
    """The menu's page whose rights hold, and the url of one record; without one, or for readers, the page itself.

    `at` is where the records are listed, when that is not the page in the menu.
    """

    page: str
    edit: str = ""
    for_readers: bool = False
    at: str = ""


PLACES = {
    "line": Place("centrex:lines", "centrex:line", for_readers=True),
    "forward": Place("centrex:lines", "centrex:line-forwarding", for_readers=True),
    "screening": Place("centrex:lines", "centrex:rule-edit"),
    "menu": Place("centrex:lines", "centrex:menu-edit"),
    "attendant": Place("centrex:lines", "centrex:line-attendant", for_readers=True),
    "answering": Place("centrex:lines", "centrex:line-incoming", for_readers=True),
    "voicemail": Place("centrex:lines", "centrex:line-voicemail", for_readers=True),
    "fax": Place("centrex:lines", "centrex:line-faxes", for_readers=True),
    "barring": Place("centrex:lines", "centrex:line-barring", for_readers=True),
    "queue": Place("centrex:queues", "centrex:queue-edit"),
    "extension": Place("centrex:extensions", "centrex:extension-edit"),
    "huntgroup": Place("centrex:huntgroups", "centrex:huntgroup-members"),
    "site": Place("centrex:sites", "centrex:site-edit"),
    "planned": Place("centrex:planned", "centrex:planned-change", for_readers=True),
    "customer": Place("centrex:general"),
}
# A step may be decided on another page of the record than its first.
ANSWERING = PLACES["answering"]
IDENTITY = Place("centrex:lines", "centrex:line-identity", for_readers=True)
DIALING = Place("centrex:lines", "centrex:line-dialing", for_readers=True)
STEPS = {
    "answering.default": ANSWERING,
    "refused.no_answer": ANSWERING,
    "voicemail": PLACES["voicemail"],
    "voicemail.off": PLACES["voicemail"],
    "answered.fax": PLACES["fax"],
    "display.caller": DIALING,
    "display.called": DIALING,
    "identity.hidden": IDENTITY,
    "identity.shown": IDENTITY,
    "ring.distinctive": Place("centrex:incoming"),
    "refused.blocked_caller": Place("centrex:calls", at="centrex:blocked"),
    "refused.no_funds": Place("billing:pay"),
    "refused.spending_limit": Place("billing:alerts"),
    "refused.unpaid_invoice": Place("billing:invoices"),
}


def url_of(request: HttpRequest, record: Record | None, code: str = "") -> str:
    """The address of the record's editor, or of its list for who may not change it; empty where there is none."""
    place = STEPS.get(code) or (PLACES.get(record.kind) if record else None)
    if place is None or record is None or not access.sees(request, place.page):
        return ""
    if place.edit and record.id is not None and (place.for_readers or access.may(request, access.CHANGE, place.page)):
        return reverse(place.edit, args=[record.id])
    return reverse(place.at or place.page)
