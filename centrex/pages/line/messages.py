"""The list of a box: who called when, how long it is, and what can be done with it."""

from __future__ import annotations

from math import ceil
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import BoxMessage
from centrex.pages.line.section import BOXES
from centrex.queries.boxes import messages_of, room_of
from centrex.queries.names import names_of
from selfcare import export, formats
from selfcare.crud.tables import EMPTY, ActionsColumn, BaseTable, ChoiceColumn, Column, TableState
from selfcare.models import Customer
from selfcare.templatetags import portal

FORM = "chosen-messages"  # the form below the list, which its ticks and stars belong to
BADGES = {BoxMessage.Status.NEW: "warn", BoxMessage.Status.SEEN: "quiet", BoxMessage.Status.ANSWERED: "good"}


def section_of(message: BoxMessage) -> str:
    """The address of the section whose list has the message."""
    return reverse(BOXES[message.kind], args=[message.line_id])


def file_address(message: BoxMessage) -> str:
    return reverse("centrex:message-file", args=[message.pk])


def download_address(message: BoxMessage) -> str:
    return f"{file_address(message)}?download=1"


def delete_address(message: BoxMessage) -> str:
    return f"{reverse('centrex:messages-delete', args=[message.line_id])}?message={message.pk}"


def kilobytes(size: int) -> str:
    """A size in words; what is there has one kilobyte at least."""
    return __("%(size)s KB") % {"size": formats.number(ceil(size / 1024))}


def dress(customer: Customer | None, messages: list[BoxMessage]) -> None:
    """Give each message `known`: whose number its caller's is, or None for a stranger's."""
    names = names_of(customer, {message.caller for message in messages} - {""})
    for message in messages:
        message.known = names.get(message.caller)


def who(message: BoxMessage) -> tuple[str, str]:
    """The caller as number and name, as far as either is known."""
    name = str(message.known or "") or message.name
    return formats.phone(message.caller) or __("Hidden number"), name


class MomentColumn(Column):
    """When it came; before it a tick and a star for whoever may change something."""

    css = "moment"

    def draw(self, value: Any, record: BoxMessage) -> SafeString:
        words = formats.moment(value)
        said = format_html("<strong>{}</strong>", words) if record.is_new else conditional_escape(words)
        return format_html("{}{} {}", self.tick(record), self.star(record), said)

    def tick(self, record: BoxMessage) -> SafeString | str:
        if not self.may_change:
            return ""
        label = _("Choose the message of %(moment)s") % {"moment": formats.moment(record.received_at)}
        box = '<input type="checkbox" class="form-check-input" form="{}" name="message" value="{}" aria-label="{}">'
        return format_html(box, FORM, record.pk, label)

    def star(self, record: BoxMessage) -> SafeString | str:
        icon = portal.icon("star-fill" if record.starred else "star")
        if not self.may_change:
            return icon if record.starred else ""
        button = (
            '<button class="icon-button star" form="{}" name="star" value="{}" aria-pressed="{}" aria-label="{}">{}'
            "</button>"
        )
        label = _("Star the message of %(moment)s") % {"moment": formats.moment(record.received_at)}
        return format_html(button, FORM, record.pk, "true" if record.starred else "false", label, icon)

    def plain(self, value: Any, record: BoxMessage) -> Any:
        return value


class WhoColumn(Column):
    """The caller's number with his name below."""

    def draw(self, value: Any, record: BoxMessage) -> SafeString:
        number, name = who(record)
        shown = format_html('<span class="text-nowrap">{}</span>', number)
        return format_html('{}<br><span class="text-quiet">{}</span>', shown, name) if name else shown


class SizeColumn(Column):
    """Kilobytes; a download has the bytes."""

    css = "num"

    def draw(self, value: int, record: BoxMessage) -> SafeString:
        return conditional_escape(kilobytes(value))

    def plain(self, value: int, record: BoxMessage) -> int:
        return value


class LengthColumn(SizeColumn):
    """How long it lasts."""

    def draw(self, value: int | None, record: BoxMessage) -> SafeString:
        return EMPTY if value is None else conditional_escape(formats.duration(value))


class PagesColumn(SizeColumn):
    """How many pages it has."""

    def draw(self, value: int | None, record: BoxMessage) -> SafeString:
        return EMPTY if value is None else conditional_escape(formats.number(value))


class StatusColumn(ChoiceColumn):
    """New, seen or answered; and that a mail is about to take it away."""

    def draw(self, value: str, record: BoxMessage) -> SafeString:
        badge = super().draw(value, record)
        if record.leaves_with_id is None:
            return badge
        return format_html('{} <span class="badge">{}</span>', badge, _("Being forwarded"))


class OpenColumn(Column):
    """Plays a message where it stands, or opens a fax."""

    css = "open"

    def draw(self, value: Any, record: BoxMessage) -> SafeString:
        moment = formats.moment(record.received_at)
        if record.kind == BoxMessage.Kind.FAX:
            label, icon, extra = _("Open the fax of %(moment)s"), "file-earmark-pdf", SafeString("")
        else:
            label, icon, extra = _("Play the message of %(moment)s"), "play-circle", SafeString(" data-play")
        link = '<a class="icon-button" href="{}" data-heard="{}"{} aria-label="{}">{}</a>'
        return format_html(link, file_address(record), record.pk, extra, label % {"moment": moment}, portal.icon(icon))


ACTIONS = ActionsColumn(
    lambda message: [
        (reverse("centrex:message", args=[message.pk]), "eye", _("Details")),
        (download_address(message), "download", _("Download")),
    ],
    changes=lambda message: [(delete_address(message), "trash", _("Delete"))],
)


class VoiceTable(BaseTable):
    """Voicemail messages, the latest first."""

    page_size = 25
    first_sort = "-received_at"
    open = OpenColumn(verbose_name="", orderable=False, always=True, empty_values=(), accessor="pk")
    received_at = MomentColumn(verbose_name=_("Time"))
    caller = WhoColumn(verbose_name=_("From"), empty_values=())
    bytes = SizeColumn(verbose_name=_("Size"))
    seconds = LengthColumn(verbose_name=_("Duration"))
    status = StatusColumn(verbose_name=_("Status"), choices=BoxMessage.Status.choices, badges=BADGES)
    actions = ACTIONS

    class Meta(BaseTable.Meta):
        model = BoxMessage
        fields = ("received_at", "caller", "bytes", "seconds", "status")
        sequence = ("open", "...", "actions")


class FaxTable(BaseTable):
    """Faxes, the latest first."""

    page_size = 25
    first_sort = "-received_at"
    open = OpenColumn(verbose_name="", orderable=False, always=True, empty_values=(), accessor="pk")
    received_at = MomentColumn(verbose_name=_("Time"))
    caller = WhoColumn(verbose_name=_("Sender"), empty_values=())
    pages = PagesColumn(verbose_name=_("Pages"))
    bytes = SizeColumn(verbose_name=_("Size"))
    status = StatusColumn(verbose_name=_("Status"), choices=BoxMessage.Status.choices, badges=BADGES)
    actions = ACTIONS

    class Meta(BaseTable.Meta):
        model = BoxMessage
        fields = ("received_at", "caller", "pages", "bytes", "status")
        sequence = ("open", "...", "actions")


TABLES: dict[str, type[BaseTable]] = {BoxMessage.Kind.VOICE: VoiceTable, BoxMessage.Kind.FAX: FaxTable}


class WithMessages:
    """Mixed into the section of a box: the list of its messages of one `kind`, and how full the box is."""

    kind: BoxMessage.Kind
    request: HttpRequest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("format") in export.FORMATS:
            self.object = self.get_object()  # type: ignore[attr-defined]
            return self.table().download(request.GET["format"])
        return super().get(request, *args, **kwargs)  # type: ignore[misc]

    def table(self) -> BaseTable:
        table_class = TABLES[self.kind]
        rows: QuerySet[BoxMessage] = messages_of(self.object, self.kind)
        table = table_class(rows, request=self.request, state=TableState.of(self.request, table_class))
        dress(self.request.customer, [row.record for row in table.current.object_list])
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {
            "room": room_of(self.object),
            "table": self.table(),
            "chosen": FORM,
            "statuses": MARKS,
            "kind": self.kind,
        }
        return super().get_context_data(**(words | kwargs))  # type: ignore[misc]


MARKS = (
    (BoxMessage.Status.SEEN, _("Mark as seen")),
    (BoxMessage.Status.ANSWERED, _("Mark as answered")),
    (BoxMessage.Status.NEW, _("Mark as new")),
)
