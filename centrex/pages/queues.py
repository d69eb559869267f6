"""Call Queue: the customer lets callers of a huntgroup wait in line while all its phones are busy."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import CallQueue
from centrex.operations.queues import FIELDS, add_queue, delete_queue, edit_queue
from centrex.pages.what_if.panel import TriesForm, from_phone
from centrex.queries.lines import first_line
from centrex.queries.queues import (
    connected_at_a_time,
    groups_without_queue,
    phones_of_groups,
    queues_seen_by,
    waiting_in_words,
)
from centrex.queries.sounds import music_choices
from centrex.routing.queue import announcements
from selfcare import formats
from selfcare.crud.forms import ActForm
from selfcare.crud.tables import ActionsColumn, BaseTable, Column, LinkColumn, NumberColumn, TableState
from selfcare.crud.views import AddPage, DeletePage, EditPage, ListPage

DURATION = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,5})", re.ASCII)
SHOWN_PLACES = 8
MUSIC = _("What callers hear between the announcements.")
DEFAULT_TUNE = _("The default music")
NOBODY = _("Nobody answers huntgroup %(group)s: none of its extensions has a phone line that works.")


def edit(queue: CallQueue) -> str:
    return reverse("centrex:queue-edit", args=[queue.pk])


def change(queue: CallQueue) -> list[tuple[str, str, Any]]:
    return [
        (edit(queue), "pencil", _("Edit")),
        (reverse("centrex:queue-delete", args=[queue.pk]), "trash", _("Delete")),
    ]


class GroupColumn(LinkColumn):
    """The huntgroup, leading to the form for who may change it."""

    def draw(self, value: Any, record: CallQueue) -> SafeString:
        return super().draw(value, record) if self.may_change else Column.draw(self, value, record)


class DurationColumn(Column):
    css = "num"

    def plain(self, value: int, record: CallQueue) -> str:
        return formats.duration(value)


class ConnectedColumn(Column):
    """How many callers talk at a time, and a word when nobody is there for them."""

    css = "num"
    phones: dict[int, int] = {}  # set by the table: how many there are in each huntgroup

    def draw(self, value: int | None, record: CallQueue) -> SafeString:
        if not self.phones.get(record.huntgroup_id):
            return format_html('<span class="badge warn">{}</span>', __("Nobody answers"))
        return super().draw(value, record)

    def plain(self, value: int | None, record: CallQueue) -> str:
        if value is not None:
            return formats.number(value)
        return __("%(number)s (all phones)") % {"number": self.phones.get(record.huntgroup_id, 0)}


class MusicColumn(Column):
    def plain(self, value: Any, record: CallQueue) -> str:
        return str(value or DEFAULT_TUNE)


class QueuesTable(BaseTable):
    first_sort = "huntgroup"
    huntgroup = GroupColumn(to=edit, verbose_name=_("Huntgroup"), order_by="huntgroup__number")
    max_waiting = NumberColumn(verbose_name=_("Maximum Number of Unconnected Calls"))
    call_seconds = DurationColumn(verbose_name=_("Call Duration"))
    max_connected = ConnectedColumn(verbose_name=_("Maximum Number of Connected Calls"))
    music = MusicColumn(verbose_name=_("Music on Hold"), order_by="music__name")
    actions = ActionsColumn(changes=change)

    class Meta(BaseTable.Meta):
        model = CallQueue
        fields = FIELDS

    def __init__(self, data: QuerySet[CallQueue], *, request: HttpRequest, state: TableState) -> None:
        super().__init__(data, request=request, state=state)
        self.columns["max_connected"].column.phones = phones_of_groups(request.customer.office)


class DurationField(forms.CharField):
    """A length of time in seconds, typed as seconds or as minutes:seconds."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return formats.duration(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:
        match = DURATION.fullmatch(str(value or "").strip())
        if match is None:
            raise ValidationError(__("Enter minutes and seconds such as 3:30, or seconds such as 210."))
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        if (match[2] and seconds > 59) or (match[1] and minutes > 59):
            raise ValidationError(__("A minute has 60 seconds and an hour 60 minutes: enter for example 3:30."))
        return hours * 3600 + minutes * 60 + seconds


class QueueForm(ActForm):
    call_seconds = DurationField(
        label=_("Call Duration"),
        initial=CallQueue._meta.get_field("call_seconds").default,
        help_text=_("How long a call usually takes, as minutes and seconds such as 3:30, or as seconds such as 210."),
    )

    class Meta:
        model = CallQueue
        fields = FIELDS
        help_texts = {
            "huntgroup": _("Whose callers wait here. Each huntgroup has one queue at most."),
            "max_waiting": _("How many callers may wait, such as 10. The next one hears the busy tone."),
            "max_connected": _(
                "How many callers your team talks to at a time, such as 3. Empty: as many as the huntgroup has phones."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.request.customer
        # A group that got a queue meanwhile is a valid choice, so that the act can say so.
        free = groups_without_queue(office, self.instance)
        self.fields["huntgroup"].widget.choices = [("", _("Choose one")), *((each.pk, each) for each in free)]
        self.fields["music"].queryset = music_choices(office)
        self.fields["music"].empty_label = DEFAULT_TUNE
        self.fields["music"].help_text = format_html(
            '{} <a href="{}">{}</a>', MUSIC, reverse("centrex:music"), __("Add music of your own")
        )
        self.order_fields(FIELDS)


class List(ListPage):
    page = "centrex:queues"
    title = _("Call Queue")
    intro = _("Callers wait in line with music while all phones of a huntgroup are busy.")
    model = CallQueue
    table_class = QueuesTable
    add_url, add_label = "centrex:queue-add", _("Add Call Queue")
    empty = _("A call queue keeps callers of a huntgroup in line until somebody is free. Add the first one.")

    def get_queryset(self) -> QuerySet[CallQueue]:
        return queues_seen_by(self.request.customer).select_related("huntgroup", "music")


class WithExample:
    """Mixed into adding and editing: what callers would hear, also before saving."""

    page = "centrex:queues"
    model = CallQueue
    form_class = QueueForm
    template_name = "centrex/queue/form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") != "show":
            return super().post(request, *args, **kwargs)
        self.object = self.get_object() if "pk" in self.kwargs else None
        return self.render_to_response(self.get_context_data())

    def usual_call(self) -> dict[str, Any]:
        number = self.object.huntgroup.number if self.object else ""
        return from_phone(first_line(self.request.customer), number)

    def form_valid(self, form: QueueForm) -> HttpResponse:
        answer = super().form_valid(form)
        if answer.status_code == 302 and not phones_of_groups(self.request.customer).get(self.object.huntgroup_id):
            messages.warning(self.request, NOBODY % {"group": self.object.huntgroup})
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | self.heard(context["form"])

    def heard(self, form: QueueForm) -> dict[str, Any]:
        """What a caller at each of the first places hears, from what stands in the form; nothing before it is whole."""
        if form.is_bound and not form.is_valid():
            return {}
        queue = form.instance
        if queue.huntgroup_id is None:
            return {}
        phones = phones_of_groups(self.request.customer)
        connected = connected_at_a_time(queue, phones)
        places = min(queue.max_waiting, SHOWN_PLACES)
        said = announcements(places=places, call_seconds=queue.call_seconds, connected=connected)
        return {
            "heard": [(each.place, waiting_in_words(each)) for each in said],
            "connected": connected,
            "nobody": NOBODY % {"group": queue.huntgroup} if not connected else "",
        }


class Add(WithExample, TriesForm, AddPage):
    title = _("Add Call Queue")

    def save(self, form: QueueForm) -> CallQueue:
        return add_queue(user=self.request.user, queue=form.instance)


class Edit(WithExample, TriesForm, EditPage):
    title = _("Edit Call Queue")

    def save(self, form: QueueForm) -> CallQueue:
        return edit_queue(user=self.request.user, queue=form.instance, version=form.cleaned_data.get("version"))


class Delete(DeletePage):
    page = "centrex:queues"
    title = _("Delete Call Queue")
    model = CallQueue

    @staticmethod
    def consequences(queue: CallQueue) -> list[str]:
        return [__("Callers of huntgroup %(group)s hear the busy tone while all its phones are busy.")
                % {"group": queue.huntgroup}]  # fmt: skip

    def save(self, form: Any) -> None:
        delete_queue(user=self.request.user, queue=self.object)
