"""Huntgroups: the customer makes numbers that ring several extensions at once or in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import Huntgroup
from centrex.operations.huntgroups import add_huntgroup, delete_huntgroup, edit_huntgroup
from centrex.pages.planned.plannable import Plannable
from centrex.pages.what_if.panel import TriesForm, from_phone
from centrex.queries.huntgroups import consequences_of_deleting_huntgroup
from centrex.queries.lines import first_line
from centrex.queries.reach import reach_of
from selfcare.crud.forms import ActForm
from selfcare.crud.tables import ActionsColumn, BaseTable, ChoiceColumn, Column, FlagColumn, LinkColumn
from selfcare.crud.views import AddPage, DeletePage, EditPage, ListPage
from selfcare.templatetags.portal import icon

LABELS = {
    "number": _("Huntgroup Number"),
    "name": _("Huntgroup Name"),
    "branch_office": _("Branch Office"),
    "sequence": _("Hunt Sequence"),
    "caller_id": _("Caller ID"),
    "pickup_allowed": _("Call Pickup Allowed"),
}


SEQUENCES = _(
    "Order rings the phones one after the other, as they stand in the list. Random mixes them anew for each call. "
    "Simultaneous rings them all at once. Least used begins with the phone that has not been used for the longest time."
)
CALLER_ID = _(
    "What the members' phones show: the caller as he is, or the huntgroup's name and number instead, "
    "or its name with the caller's number, such as “Sales +44 20 7946 0000”."
)


def configure(huntgroup: Huntgroup) -> str:
    return reverse("centrex:huntgroup-members", args=[huntgroup.pk])


def change(huntgroup: Huntgroup) -> list[tuple[str, str, Any]]:
    return [
        (reverse("centrex:huntgroup-edit", args=[huntgroup.pk]), "pencil", _("Edit")),
        (reverse("centrex:huntgroup-hours", args=[huntgroup.pk]), "clock", _("Opening hours")),
        (reverse("centrex:huntgroup-delete", args=[huntgroup.pk]), "trash", _("Delete")),
    ]


class AssignedColumn(Column):
    """The extensions in their order, then the huntgroups inside the group; below it, who cannot be reached."""

    def plain(self, value: Any, record: Huntgroup) -> str:
        extensions = [str(member.extension) for member in record.members.all()]
        groups = [__("huntgroup %(group)s") % {"group": row.included} for row in record.included_groups.all()]
        return ", ".join(extensions + groups) or __("Empty Huntgroup")

    def draw(self, value: Any, record: Huntgroup) -> SafeString:
        words = self.plain(value, record)
        if not record.reach.rings:
            note = _("Contains only empty huntgroups: nobody answers") if record.reach.only_empty_groups else words
            badge = format_html('<a class="badge warn" href="{}">{}</a>', configure(record), note)
            return format_html("{}<br>{}", words, badge) if record.reach.only_empty_groups else badge
        if not record.reach.silent:
            return conditional_escape(words)
        silent = ", ".join(f"{extension.number} ({why})" for extension, why in record.reach.silent)
        note = _("Cannot be reached: %(list)s") % {"list": silent}
        return format_html('{}<br><span class="silent">{} {}</span>', words, icon("exclamation-triangle"), note)


class HoursColumn(Column):
    """The named hours, and what happens outside them."""

    def plain(self, value: Any, record: Huntgroup) -> str:
        if record.hours is None:
            return __("Always")
        facts = {"hours": record.hours, "closed": record.get_closed_action_display()}
        return __("%(hours)s; else: %(closed)s") % facts


class HuntgroupsTable(BaseTable):
    """Each group of the page has `reach`: whom it rings."""

    first_sort = "number"
    number = LinkColumn(to=configure, verbose_name=LABELS["number"])
    name = LinkColumn(to=configure, verbose_name=LABELS["name"])
    sequence = ChoiceColumn(choices=Huntgroup.Sequence.choices, verbose_name=LABELS["sequence"])
    assigned = AssignedColumn(verbose_name=_("Assigned Extensions"), accessor="pk", orderable=False)
    caller_id = ChoiceColumn(choices=Huntgroup.CallerId.choices, verbose_name=LABELS["caller_id"])
    pickup_allowed = FlagColumn(verbose_name=LABELS["pickup_allowed"])
    hours = HoursColumn(verbose_name=_("Opening hours"), accessor="pk", order_by="hours__name")
    actions = ActionsColumn(lambda group: [(configure(group), "gear", _("Configure"))], changes=change)

    class Meta(BaseTable.Meta):
        model = Huntgroup
        fields = ("number", "name", "sequence", "assigned", "caller_id", "pickup_allowed", "hours")

    def records(self) -> Iterator[Huntgroup]:
        groups = list(super().records())
        reach = reach_of(groups[0].customer, groups, now=timezone.now()) if groups else {}
        for group in groups:
            group.reach = reach[group.pk]
        return iter(groups)


class OfficesHuntgroupsTable(HuntgroupsTable):
    """For a main office with branch offices: one column more."""

    branch_office = Column(verbose_name=LABELS["branch_office"], order_by="branch_office__company_name")

    class Meta(HuntgroupsTable.Meta):
        sequence = ("...", "branch_office", "actions")


class HuntgroupForm(ActForm):
    class Meta:
        model = Huntgroup
        fields = ("number", "name", "branch_office", "sequence", "caller_id", "pickup_allowed")
        labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].help_text = _("Digits that no other number of yours begins with, such as 88.")
        self.fields["sequence"].help_text = SEQUENCES
        self.fields["caller_id"].help_text = CALLER_ID
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["branch_office"].empty_label, self.fields["branch_office"].help_text = _("Main office"), ""
        if not self.fields["branch_office"].queryset.exists():
            del self.fields["branch_office"]


class List(ListPage):
    page = "centrex:huntgroups"
    title = _("Huntgroups")
    intro = _("One number that rings several extensions, at once or in turn.")
    model = Huntgroup
    sheet_url = "centrex:huntgroups-sheet"
    add_url, add_label = "centrex:huntgroup-add", _("Add Huntgroup")
    empty = _("A huntgroup is a number such as “Sales” that rings several extensions. Add the first one.")

    @property
    def table_class(self) -> type[BaseTable]:
        return OfficesHuntgroupsTable if self.request.customer.branch_offices.exists() else HuntgroupsTable

    def get_queryset(self) -> QuerySet[Huntgroup]:
        rows = super().get_queryset().select_related("branch_office", "customer", "hours")
        return rows.prefetch_related("members__extension", "included_groups__included")


class Add(TriesForm, AddPage):
    page = "centrex:huntgroups"
    title = _("Add Huntgroup")
    intro = _("Afterwards choose Configure to put extensions into it.")
    model = Huntgroup
    form_class = HuntgroupForm

    def usual_call(self) -> dict[str, Any]:
        return from_phone(first_line(self.request.customer), "")

    def save(self, form: HuntgroupForm) -> Huntgroup:
        return add_huntgroup(user=self.request.user, huntgroup=form.instance)


class Edit(TriesForm, Plannable, EditPage):
    page = "centrex:huntgroups"
    title = _("Edit Huntgroup")
    model = Huntgroup
    form_class = HuntgroupForm
    part_name = "huntgroup"

    def usual_call(self) -> dict[str, Any]:
        return from_phone(first_line(self.request.customer), self.object.number)

    def save(self, form: HuntgroupForm) -> Huntgroup:
        version = form.cleaned_data.get("version")
        return edit_huntgroup(user=self.request.user, huntgroup=form.instance, version=version)


class Delete(DeletePage):
    page = "centrex:huntgroups"
    title = _("Delete Huntgroup")
    model = Huntgroup
    consequences = staticmethod(consequences_of_deleting_huntgroup)

    def save(self, form: Any) -> None:
        delete_huntgroup(user=self.request.user, huntgroup=self.object)
