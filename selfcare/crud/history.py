"""Who changed what: the same words and the same Undo on every page, in the message after saving and in the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selfcare import access
from selfcare.crud.difference import difference
from selfcare.models import AuditEvent
from selfcare.models.audit import Act
from selfcare.navigation import RECORDS
from selfcare.tenancy import PortalRequest

PAGE = "profile:activity"
LAST = 5
ACTS = {
    "add": gettext_lazy("Added"),
    "edit": gettext_lazy("Changed"),
    "delete": gettext_lazy("Deleted"),
    "confirm e-mail": gettext_lazy("Confirmed the e-mail address"),
    "pay": gettext_lazy("Began a payment"),
    "store payment method": gettext_lazy("Stored a payment method"),
    "remove payment method": gettext_lazy("Removed a payment method"),
    "prefer": gettext_lazy("Preferred"),
    "renew": gettext_lazy("Renewed by the bank"),
    "resume auto-pay": gettext_lazy("Let automatic payments go on"),
    "record payment": gettext_lazy("Recorded a payment"),
    "give credit": gettext_lazy("Gave a credit"),
    "charge for number": gettext_lazy("Began to charge for a number"),
    "give subscription": gettext_lazy("Gave a subscription"),
    "end subscription": gettext_lazy("Set the last day"),
    "make void": gettext_lazy("Made void"),
    "ask provider": gettext_lazy("Asked the payment provider"),
    "view as begins": gettext_lazy("Began to look at your portal"),
    "view as ends": gettext_lazy("Stopped looking at your portal"),
    "end sessions": gettext_lazy("Ended all sessions"),
    "reply": gettext_lazy("Replied"),
    "answer": gettext_lazy("Answered"),
    "close": gettext_lazy("Closed"),
    "reopen": gettext_lazy("Opened again"),
    "status": gettext_lazy("Changed the status"),
    "give login": gettext_lazy("Gave a login to the line"),
    "take login": gettext_lazy("Took a login from the line"),
    "renew SIP password": gettext_lazy("Made a new SIP password"),
    "end": gettext_lazy("Ended early"),
    "cancel": gettext_lazy("Cancelled"),
    "retry": gettext_lazy("Asked to make it again"),
}
# A model belongs to the area of its app; the ground floor's own are the customer's profile.
AREAS = {"selfcare": "profile", "centrex": "centrex", "billing": "billing", "tickets": "tickets"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as a page shows it; `to` leads to the record, `undo` to the page that turns it back, or are empty."""

    event: AuditEvent
    act: str
    changes: SafeString
    to: str
    undo: str


@dataclass(frozen=True, slots=True)
class History:
    """The last changes of one record, and where all of them are."""

    entries: list[Entry]
    all_url: str


def act_in_words(event: AuditEvent) -> str:
    """What was done, such as "Changed"; an undo says so, and so does a planned change."""
    undone = event.undoes
    if event.planned:
        return _("%(act)s (planned change)") % {"act": act_in_words_of(event.action)}
    if undone is not None and (undone.record_type, undone.record_id) == (event.record_type, event.record_id):
        return _("Undid: %(act)s") % {"act": act_in_words_of(undone.action)}
    return act_in_words_of(event.action)


def act_in_words_of(action: str) -> str:
    return str(ACTS.get(action) or capfirst(action))


def kind_in_words(record_type: str) -> str:
    """What kind of record it is, such as "Extension"."""
    try:
        return capfirst(str(apps.get_model(record_type)._meta.verbose_name))
    except (LookupError, ValueError):  # of an app that is no longer installed
        return record_type


def changes_in_words(event: AuditEvent) -> str:
    """Old and new values as one text, for a download."""
    return "; ".join(f"{label}: {old or '–'} → {new or '–'}" for label, (old, new) in event.changes.items())


def changes_drawn(event: AuditEvent) -> SafeString:
    """What changed, a line a value."""
    rows = ((capfirst(label), difference(old, new)) for label, (old, new) in event.changes.items())
    return format_html_join("", '<div class="change"><span class="what">{}</span> {}</div>', rows)


def apps_seen(request: PortalRequest) -> list[str]:
    """The apps whose pages this user may see."""
    return [app for app, area in AREAS.items() if access.may(request, access.VIEW, f"{area}:")]


def kinds_seen(request: PortalRequest) -> list[str]:
    """The kinds of record whose changes this user may see and ask for."""
    seen = set(apps_seen(request))
    return [
        label
        for label, place in RECORDS.items()
        if label.partition(".")[0] in seen and not access.is_hidden(request, place.page)
    ]


def seen(request: PortalRequest) -> QuerySet[AuditEvent]:
    """The customer's events on pages that this user may see, with what an entry needs."""
    hidden = [label for label, place in RECORDS.items() if access.is_hidden(request, place.page)]
    group = request.customer.customer_class
    which = Q(pk=None)
    for app in apps_seen(request):
        which |= Q(record_type__startswith=f"{app}.")
    again = AuditEvent.for_customer(request.customer).filter(undoes=OuterRef("pk"))
    events = AuditEvent.for_customer(request.customer).filter(which).exclude(record_type__in=hidden)
    events = events.exclude(page__in=group.hidden_pages) if group else events
    return events.select_related("user", "undoes").annotate(is_undone=Exists(again))


def entries(request: PortalRequest, events: Iterable[AuditEvent]) -> list[Entry]:
    """The events as a page shows them; one query for each kind of record among them."""
    listed = list(events)
    there = existing(request, listed)
    return [
        Entry(
            event=event,
            act=act_in_words(event),
            changes=changes_drawn(event),
            to=record_address(event) if is_there(event, there) else "",
            undo="" if event.is_undone else undo_address(request, event),
        )
        for event in listed
    ]


def existing(request: PortalRequest, events: list[AuditEvent]) -> dict[str, set[str]]:
    """Which of the records that can be looked at still exist: kind -> ids."""
    asked: dict[str, set[str]] = defaultdict(set)
    for event in events:
        place = RECORDS.get(event.record_type)
        if place and place.address and has_id(place.address):
            asked[event.record_type].add(event.record_id)
    return {kind: set(own_ids(request, kind, ids)) for kind, ids in asked.items()}


def own_ids(request: PortalRequest, kind: str, ids: set[str]) -> Iterable[str]:
    rows = apps.get_model(kind).for_customer(request.customer).filter(pk__in=ids)
    return (str(pk) for pk in rows.values_list("pk", flat=True))


def has_id(address: str) -> bool:
    """Whether the page names its record in its address; the customer's own pages do not."""
    try:
        reverse(address)
    except NoReverseMatch:
        return True
    return False


def is_there(event: AuditEvent, there: dict[str, set[str]]) -> bool:
    return event.record_type not in there or event.record_id in there[event.record_type]


def record_address(event: AuditEvent) -> str:
    """The page of the event's record, if there is one."""
    place = RECORDS.get(event.record_type)
    if place is None:
        return ""
    address = place.address or (event.page if not place.page else "")
    return reverse(address, args=[event.record_id] if has_id(address) else []) if address else ""


def page_of(event: AuditEvent) -> str:
    """The page whose rights hold for the event's record; empty when it is on none."""
    place = RECORDS.get(event.record_type)
    return (place.page or event.page) if place else ""


def can_undo(model: type[models.Model], action: str) -> bool:
    """Whether an act on such a record can be undone at all."""
    place = RECORDS.get(model._meta.label_lower)
    return bool(place and place.undo) and action in place.undoable


def undo_address(request: PortalRequest, event: AuditEvent) -> str:
    """The page that turns the event back, for who may change its record; else empty."""
    place = RECORDS.get(event.record_type)
    if place is None or not place.undo or event.action not in place.undoable:
        return ""
    page = page_of(event)
    if place.pages and page not in place.pages:
        return ""
    if event.at < timezone.now() - timedelta(days=settings.HISTORY_DAYS):
        return ""  # what the record was is dropped by now
    if not page or access.is_hidden(request, page) or not access.may(request, access.CHANGE, page):
        return ""
    return reverse(place.undo, args=[event.pk])


def address(request: PortalRequest, model: type[models.Model], pk: Any = "") -> str:
    """The list of all changes of a kind of record, or of one; empty for kinds without, and for who may not see it."""
    label = model._meta.label_lower
    if label not in RECORDS or access.is_hidden(request, PAGE) or not access.may(request, access.VIEW, PAGE):
        return ""
    return f"{reverse(PAGE)}?kind={label}" + (f"&record={pk}" if pk else "")


def last_of(request: PortalRequest, record: models.Model, page: str) -> History | None:
    """The last changes of a record, for the foot of its page; of a record that pages share, those of this page."""
    to = address(request, type(record), record.pk)
    if not to:
        return None
    events = seen(request).of(record)
    if not RECORDS[record._meta.label_lower].page:
        events = events.filter(page=page)
    return History(entries(request, events[:LAST]), to)


def with_undo(request: PortalRequest, words: str, act: Act, record: Any) -> str:
    """The message after saving, with a link to undo what was just done to `record`, where that can be."""
    for event in act.events:
        if record is not None and (event.record_type, event.record_id) == (record._meta.label_lower, str(record.pk)):
            to = undo_address(request, event)
            return format_html('{} <a href="{}">{}</a>', words, to, _("Undo")) if to else words
    return words
