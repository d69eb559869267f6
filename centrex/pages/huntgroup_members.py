"""Huntgroup, Configure: which extensions and huntgroups a call rings, in which order, and for how long.

The order of the rows in the form is the order of the group. Every button but Save is carried out on what was
typed and draws the page again, so that all of it works without JavaScript; nothing is kept before Save.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import Extension, Huntgroup
from centrex.models.huntgroup import HOUR
from centrex.operations.membership import Inclusion, Member, set_contents
from centrex.pages.order import swapped
from centrex.pages.planned.plannable import Plannable
from centrex.pages.what_if.panel import TriesForm, from_phone
from centrex.queries.lines import first_line
from centrex.queries.reach import reach_of, why_silent
from selfcare.crud.forms import ActForm
from selfcare.crud.views import EditPage

USUAL_MEMBER = {"ring_delay": "0", "ring_time": "", "ignore_forwarding": "on"}
USUAL_GROUP = {"ignore_forwarding": "on"}
TIMES = {"min_value": 0, "max_value": HOUR, "required": False}
IGNORE = _("Ignore Follow-me/Voicemail")


def carried_out(typed: QueryDict) -> QueryDict:
    """What was typed, with the pressed button (`do`) carried out; Save adds what was chosen and not yet added."""
    act, _colon, key = typed.get("do", "save").partition(":")
    data = typed.copy()
    members, groups = data.getlist("member"), data.getlist("group")
    if act in ("up", "down") and key in members:
        data.setlist("member", swapped(members, key, -1 if act == "up" else 1))
    elif act == "remove":
        data.setlist("member", [each for each in members if each != key])
    elif act == "remove-group":
        data.setlist("group", [each for each in groups if each != key])
    if act in ("add", "save"):
        take(data, chosen="add_extension", rows="member", usual=USUAL_MEMBER)
    if act in ("add-group", "save"):
        take(data, chosen="add_huntgroup", rows="group", usual=USUAL_GROUP)
    return data


def take(data: QueryDict, *, chosen: str, rows: str, usual: dict[str, str]) -> None:
    """Make a row of what is chosen in the list of things to add."""
    key = data.get(chosen, "")
    data[chosen] = ""
    if key and key not in data.getlist(rows):
        data.appendlist(rows, key)
        for name, value in usual.items():
            data[f"{rows}-{key}-{name}"] = value


class Row(forms.Form):
    """One record in the list; each field says for a screen reader whose it is."""

    def __init__(self, *args: Any, record: Extension | Huntgroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record, self.key, self.name = record, str(record.pk), str(record)
        self.up, self.down = f"up:{record.pk}", f"down:{record.pk}"
        for field in self.fields.values():
            is_tick = isinstance(field.widget, forms.CheckboxInput)
            field.widget.attrs |= {
                "class": "form-check-input" if is_tick else "form-control",
                "aria-label": f"{field.label}: {record}",
            }


class MemberRow(Row):
    ring_delay = forms.IntegerField(label=_("Ring Delay, sec"), **TIMES)
    ring_time = forms.IntegerField(label=_("Ring Time, sec"), **(TIMES | {"min_value": 1}))
    ignore_forwarding = forms.BooleanField(label=IGNORE, required=False)
    primary = forms.BooleanField(label=_("Set This Group as Primary"), required=False)

    def member(self) -> Member:
        values = self.cleaned_data
        return Member(
            extension=self.record.pk,
            ring_delay=values["ring_delay"] or 0,
            ring_time=values["ring_time"],
            ignore_forwarding=values["ignore_forwarding"],
            primary=values["primary"],
        )


class GroupRow(Row):
    ignore_forwarding = forms.BooleanField(label=IGNORE, required=False)

    def inclusion(self) -> Inclusion:
        return Inclusion(huntgroup=self.record.pk, ignore_forwarding=self.cleaned_data["ignore_forwarding"])


class ContentsForm(ActForm):
    """The whole contents of a huntgroup: `members` and `groups` are its rows."""

    add_extension = forms.ChoiceField(label=_("Add an extension"), required=False)
    add_huntgroup = forms.ChoiceField(label=_("Add a huntgroup"), required=False)

    class Meta:
        model = Huntgroup
        fields: list[str] = []

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(carried_out(data) if data is not None else None, *args, **kwargs)
        office = self.request.customer.office
        others = Huntgroup.for_customer(office).exclude(pk=self.instance.pk)
        self.extensions = {str(each.pk): each for each in Extension.for_customer(office).select_related("line")}
        self.huntgroups = {str(each.pk): each for each in others}
        self.members = self.rows("member", MemberRow, self.extensions, self.kept_members())
        self.groups = self.rows("group", GroupRow, self.huntgroups, self.kept_groups())
        self.offer("add_extension", self.extensions, self.members)
        self.offer("add_huntgroup", self.huntgroups, self.groups)

    def kept_members(self) -> dict[str, dict[str, Any]]:
        """The members as they are kept: key -> values of the row."""
        return {
            str(member.extension_id): {
                "ring_delay": member.ring_delay,
                "ring_time": member.ring_time,
                "ignore_forwarding": member.ignore_forwarding,
                "primary": self.extensions[str(member.extension_id)].primary_group_id == self.instance.pk,
            }
            for member in self.instance.members.all()
        }

    def kept_groups(self) -> dict[str, dict[str, Any]]:
        return {
            str(row.included_id): {"ignore_forwarding": row.ignore_forwarding}
            for row in self.instance.included_groups.all()
        }

    def rows(self, name: str, row: type[Row], records: dict[str, Any], kept: dict[str, dict[str, Any]]) -> list[Any]:
        """The rows in the order of what was sent, or else of what is kept."""
        keys = dict.fromkeys(self.data.getlist(name)) if self.is_bound else kept
        data = self.data if self.is_bound else None
        return [
            row(data, record=records[key], prefix=f"{name}-{key}", initial=kept.get(key))
            for key in keys
            if key in records
        ]

    def offer(self, name: str, records: dict[str, Any], rows: list[Row]) -> None:
        """Offer for adding what is not in the group yet."""
        taken = {row.key for row in rows}
        free = [(key, str(record)) for key, record in records.items() if key not in taken]
        self.fields[name].choices = [("", _("Choose one")), *free]
        self.fields[name].widget.attrs["class"] = "form-select"

    @property
    def all_rows(self) -> list[Row]:
        return [*self.members, *self.groups]

    @property
    def has_errors(self) -> bool:
        return self.is_bound and not self.is_valid()

    def is_valid(self) -> bool:
        rows_valid = [row.is_valid() for row in self.all_rows]
        return super().is_valid() and all(rows_valid)

    def clean(self) -> dict[str, Any]:
        """Nothing that was sent may fall under the table."""
        shown = {row.key for row in self.all_rows}
        if set(self.data.getlist("member") + self.data.getlist("group")) - shown:
            raise ValidationError(_("Something in the list was deleted meanwhile. Look at the list again."))
        return super().clean()


class Configure(TriesForm, Plannable, EditPage):
    part_name = "members"
    page = "centrex:huntgroups"
    intro = _("Who rings when somebody calls this huntgroup, in which order, and for how long.")
    model = Huntgroup
    form_class = ContentsForm
    template_name = "centrex/huntgroup/members.html"
    back_url = "centrex:huntgroups"
    always_changes = False

    def get_queryset(self) -> QuerySet[Huntgroup]:
        """Also a branch office's own, which it may look at."""
        rows = self.model.for_customer(self.request.customer)
        return rows.select_related("customer").prefetch_related("members", "included_groups")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "do" not in request.POST:
            return super().post(request, *args, **kwargs)
        return self.drawn_again(pressed=request.POST["do"])

    def usual_call(self) -> dict[str, Any]:
        return from_phone(first_line(self.request.customer), self.object.number)

    def save(self, form: ContentsForm) -> Huntgroup:
        return set_contents(
            user=self.request.user,
            huntgroup=form.instance,
            version=form.cleaned_data.get("version"),
            members=[row.member() for row in form.members],
            included=[row.inclusion() for row in form.groups],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        form = kwargs.get("form") or self.get_form()
        for row in form.members:
            row.silent = why_silent(row.record, now=now)
        words = {
            "title": _("Configure huntgroup %(group)s") % {"group": self.object},
            "pressed": "",
            "form": form,
            "reach": reach_of(self.object.customer, [self.object], now=now)[self.object.pk],
        }
        return super().get_context_data(**(words | kwargs))
