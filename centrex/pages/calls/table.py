"""The table of calls: who called whom in words, what became of it, and a player."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.models import Xdr
from billing.queries.calls import INCOMING, INTERNAL, OUTGOING
from centrex.models import BlockedCaller, CallRecording
from centrex.queries.names import names_of
from centrex.routing.screening import is_blocked, is_hidden, plain
from selfcare import formats
from selfcare.crud.tables import EMPTY, ActionsColumn, Column, KeysetTable, TimeColumn
from selfcare.models import Customer
from selfcare.navigation import address_of_row
from selfcare.templatetags import portal

DIRECTIONS = {
    INCOMING: ("telephone-inbound", _("Incoming")),
    OUTGOING: ("telephone-outbound", _("Outgoing")),
    INTERNAL: ("arrow-left-right", _("Internal")),
}


def details(call: Xdr) -> str:
    """Where the call is looked at; the day leads to its partition."""
    return address_of_row("centrex:call", call.pk, call.utc_day)


def dress(customer: Customer | None, calls: Iterable[Xdr]) -> None:
    """Give each call its `names` (of both sides, by number) and `blocked`: the row that blocks its caller, or None."""
    calls = list(calls)
    names = names_of(customer, {number for call in calls for number in (call.cli, call.cld)} - {""})
    callers = {plain(call.cli) for call in calls}
    blocked = {row.number: row for row in BlockedCaller.for_customer(customer).filter(number__in=callers)}
    for call in calls:
        call.names = names
        call.blocked = blocked[plain(call.cli)] if is_blocked(call.cli, blocked) else None


def block(call: Xdr) -> list[tuple[str, str, Any]]:
    """The button that blocks or unblocks who called from outside."""
    if call.blocked:
        return [(reverse("centrex:blocked-delete", args=[call.blocked.pk]), "person-check", _("Unblock this caller"))]
    if call.direction != INCOMING or call.cli in call.names:
        return []
    query = "hidden=on" if is_hidden(call.cli) else f"number=%2B{plain(call.cli)}"
    return [(f"{reverse('centrex:blocked-add')}?{query}", "person-slash", _("Block this caller"))]


def result(call: Xdr) -> tuple[str, Any]:
    """What became of a call that was not answered: the badge's class and its words; nothing for an answered one."""
    if not call.failed:
        return "", ""
    return ("warn", _("No answer")) if call.direction == OUTGOING else ("bad", _("Missed"))


@lru_cache(maxsize=2000)
def line_link(pk: int, number: str) -> SafeString:
    """The link to a line's page; a page of the log names the same few lines again and again."""
    address = reverse("centrex:line", args=[pk])
    return format_html('<a class="text-nowrap" href="{}">{}</a>', address, formats.phone(number))


@lru_cache(maxsize=100)
def arrow(icon: str, words: str) -> SafeString:
    """An icon with its words."""
    spoken = format_html('<span class="visually-hidden">{}</span>', words)
    return format_html('<span title="{}">{}{}</span>', words, portal.icon(icon), spoken)


class LineColumn(Column):
    """The line, leading to its page."""

    def draw(self, value: Any, record: Xdr) -> SafeString:
        if not value:
            return EMPTY
        return line_link(record.line_id, value)


class DirectionColumn(Column):
    """An arrow, with its words for whoever points at it or hears the page."""

    def draw(self, value: Any, record: Xdr) -> SafeString:
        icon, words = DIRECTIONS[value]
        return arrow(icon, str(words))


class WhoColumn(Column):
    """A colleague by name with the number below, a stranger by number."""

    def draw(self, value: Any, record: Xdr) -> SafeString:
        return who(value, record)


class CallerColumn(WhoColumn):
    """Who called, marked when his calls are refused."""

    def draw(self, value: Any, record: Xdr) -> SafeString:
        caller = who(value, record) if not is_hidden(value) else conditional_escape(_("Hidden number"))
        if not record.blocked:
            return caller
        mark = format_html('<span class="badge bad">{} {}</span>', portal.icon("person-slash"), _("Blocked"))
        return format_html("{}<br>{}", caller, mark)


class DurationColumn(Column):
    """How long they spoke, or that they did not."""

    css = "num"

    def draw(self, value: Any, record: Xdr) -> SafeString:
        badge, words = result(record)
        if badge:
            return format_html('<span class="badge {}">{}</span>', badge, words)
        return conditional_escape(formats.duration(value))


class PlayColumn(Column):
    """The player where there is something to hear, else why not; with a tick for whoever may delete recordings."""

    css = "play"

    def draw(self, value: CallRecording | None, record: Xdr) -> SafeString:
        if value is None:
            return EMPTY
        tick = self.tick(value, record)
        if value.is_playable:
            return format_html("{}{}", tick, player(value))
        is_coming = value.status == CallRecording.Status.CONVERTING
        state = CallRecording.Status.CONVERTING if is_coming else CallRecording.Status.FAILED
        return format_html('{}<span class="badge">{}</span>', tick, state.label)

    def tick(self, recording: CallRecording, call: Xdr) -> SafeString | str:
        if not self.may_change or recording.status == recording.Status.CONVERTING:
            return ""
        return format_html(
            '<input type="checkbox" class="form-check-input" form="chosen-recordings" name="recording" value="{}" '
            'aria-label="{}">',
            recording.pk,
            _("Choose the recording of %(moment)s") % {"moment": formats.moment(call.started_at)},
        )


class CallsTable(KeysetTable):
    started_at = TimeColumn(verbose_name=_("Date/Time"))
    line = LineColumn(verbose_name=_("Account ID"), accessor="account_id", orderable=False)
    direction = DirectionColumn(verbose_name=_("In/Out"), accessor="direction", orderable=False)
    cli = CallerColumn(verbose_name=_("From"), orderable=False)
    cld = WhoColumn(verbose_name=_("To"), orderable=False)
    quantity = DurationColumn(verbose_name=_("Duration"), orderable=False)
    recording = PlayColumn(verbose_name=_("Play"), orderable=False)
    actions = ActionsColumn(
        lambda call: [(details(call), "eye", _("Details"))],
        changes=block,
        named=lambda call: formats.moment(call.started_at),
    )

    class Meta(KeysetTable.Meta):
        model = Xdr
        fields = ("started_at", "line", "direction", "cli", "cld", "quantity", "recording")

    @property
    def has_recordings(self) -> bool:
        """Whether there is something on the page that could be deleted."""
        return any(call.recording for call in self.found.rows)


def who(number: str, call: Xdr) -> SafeString:
    """One side of a call in words."""
    known = call.names.get(number)
    if known is None or not str(known):
        return format_html('<span class="text-nowrap">{}</span>', formats.phone(number)) if number else EMPTY
    if known.short == number:
        return conditional_escape(known)
    return format_html('{}<br><span class="text-quiet text-nowrap">{}</span>', known, formats.phone(number))


def player(recording: CallRecording) -> SafeString:
    """A player that can seek; the page of the call also keeps the recording as a file."""
    return format_html(
        '<audio controls controlslist="nodownload noplaybackrate" preload="none" src="{}" aria-label="{}"></audio>',
        reverse("centrex:recording", args=[recording.pk]),
        _("Recording of %(moment)s") % {"moment": formats.moment(recording.started_at)},
    )
