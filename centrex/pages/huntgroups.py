"""Huntgroups: the customer makes numbers that ring several extensions at once or in turn."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import Huntgroup
from centrex.operations.huntgroups import add_huntgroup, delete_huntgroup, edit_huntgroup
from centrex.queries.huntgroups import consequences_of_deleting_huntgroup
from selfcare.crud.forms import ActForm
from selfcare.crud.tables import ActionsColumn, BaseTable, ChoiceColumn, Column, FlagColumn, LinkColumn
from selfcare.crud.views import AddPage, DeletePage, EditPage, ListPage

LABELS = {
    "number": _("Huntgroup Number"),
    "name": _("Huntgroup Name"),
    "branch_office": _("Branch Office"),
    "sequence": _("Hunt Sequence"),
    "caller_id": _("Caller ID"),
    "pickup_allowed": _("Call Pickup Allowed"),
}


def configure(huntgroup: Huntgroup) -> str:
    return reverse("centrex:huntgroup-members", args=[huntgroup.pk])


def change(huntgroup: Huntgroup) -> list[tuple[str, str, Any]]:
    return [
        (reverse("centrex:huntgroup-edit", args=[huntgroup.pk]), "pencil", _("Edit")),
        (reverse("centrex:huntgroup-delete", args=[huntgroup.pk]), "trash", _("Delete")),
    ]


class AssignedColumn(Column):
    """The extensions in their order, then the huntgroups inside the group."""

    def plain(self, value: Any, record: Huntgroup) -> str:
        extensions = [str(member.extension) for member in record.members.all()]
        groups = [__("huntgroup %(group)s") % {"group": row.included} for row in record.included_groups.all()]
        return ", ".join(extensions + groups) or __("Empty Huntgroup")

    def draw(self, value: Any, record: Huntgroup) -> SafeString:
        words = self.plain(value, record)
        if record.members.all() or record.included_groups.all():
            return format_html("{}", words)
        return format_html('<a class="badge warn" href="{}">{}</a>', configure(record), words)


class HuntgroupsTable(BaseTable):
    first_sort = "number"
    number = LinkColumn(to=configure, verbose_name=LABELS["number"])
    name = LinkColumn(to=configure, verbose_name=LABELS["name"])
    sequence = ChoiceColumn(choices=Huntgroup.Sequence.choices, verbose_name=LABELS["sequence"])
    assigned = AssignedColumn(verbose_name=_("Assigned Extensions"), accessor="pk", orderable=False)
    caller_id = ChoiceColumn(choices=Huntgroup.CallerId.choices, verbose_name=LABELS["caller_id"])
    pickup_allowed = FlagColumn(verbose_name=LABELS["pickup_allowed"])
    actions = ActionsColumn(lambda group: [(configure(group), "gear", _("Configure"))], changes=change)

    class Meta(BaseTable.Meta):
        model = Huntgroup
        fields = ("number", "name", "sequence", "assigned", "caller_id", "pickup_allowed")


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
        self.fields["number"].help_text = _("Digits that no other number of yours begins with.")
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
        rows = super().get_queryset().select_related("branch_office")
        return rows.prefetch_related("members__extension", "included_groups__included")


class Add(AddPage):
    page = "centrex:huntgroups"
    title = _("Add Huntgroup")
    intro = _("Afterwards choose Configure to put extensions into it.")
    model = Huntgroup
    form_class = HuntgroupForm

    def save(self, form: HuntgroupForm) -> Huntgroup:
        return add_huntgroup(user=self.request.user, huntgroup=form.instance)


class Edit(EditPage):
    page = "centrex:huntgroups"
    title = _("Edit Huntgroup")
    model = Huntgroup
    form_class = HuntgroupForm

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
