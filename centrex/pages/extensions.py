"""Extensions: the customer gives his phones the short numbers that colleagues dial."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import Extension, Huntgroup, Sound
from centrex.operations.extensions import add_extension, delete_extension, edit_extension
from centrex.pages.sounds import play_button
from centrex.queries.huntgroups import consequences_of_deleting_extension
from centrex.queries.lines import lines_of_office, lines_to_assign
from selfcare import formats
from selfcare.crud.forms import ActForm, FilterForm
from selfcare.crud.tables import ActionsColumn, BaseTable, Column, FlagColumn, LinkColumn
from selfcare.crud.views import AddPage, DeletePage, EditPage, ListPage

LABELS = {
    "number": _("Extension Number"),
    "name": _("Extension Name"),
    "branch_office": _("Branch Office"),
    "line": _("Assigned To Phone Line"),
    "primary_group": _("Primary Group"),
    "published": _("Published"),
    "recorded_name": _("Recorded Name"),
}


def line_page(extension: Extension) -> str | None:
    """The line's own page; a line of a branch office has its page in the branch's portal."""
    return reverse("centrex:line", args=[extension.line_id]) if extension.line_is_ours else None


def group_page(extension: Extension) -> str | None:
    """The group's page; a branch office has no page for a group of the main office."""
    group = extension.primary_group_id
    return reverse("centrex:huntgroup-members", args=[group]) if group and extension.group_is_ours else None


def look(extension: Extension) -> list[tuple[str, str, Any]]:
    page = line_page(extension)
    return [(page, "gear", _("Configure"))] if page else []


def change(extension: Extension) -> list[tuple[str, str, Any]]:
    return [
        (reverse("centrex:extension-edit", args=[extension.pk]), "pencil", _("Edit")),
        (reverse("centrex:extension-delete", args=[extension.pk]), "trash", _("Delete")),
    ]


class InPlaceColumn(Column):
    """Text that a click turns into a small form; without JavaScript the click opens the edit page."""

    def draw(self, value: Any, record: Extension) -> SafeString:
        if not self.may_change:
            return super().draw(value, record)
        link = '<a href="{}" data-in-place="{}" data-field="{}" title="{}">{}</a>'
        edit = reverse("centrex:extension-edit", args=[record.pk])
        rename = reverse("centrex:extension-rename", args=[record.pk])
        return format_html(link, edit, rename, self.accessor, _("Edit %(record)s") % {"record": record}, value or "–")


class LineColumn(LinkColumn):
    """The line with its name, leading to the line's page where that is ours to open."""

    def draw(self, value: Any, record: Extension) -> SafeString:
        if value is None:
            return format_html('<span class="text-quiet">{}</span>', _("Not assigned"))
        words = format_html('<span class="text-nowrap">{}</span> {}', formats.phone(value.account_id), value.name)
        page = line_page(record)
        return format_html('<a href="{}">{}</a>', page, words) if page else conditional_escape(words)


class RecordedNameColumn(Column):
    """Whether there is a recorded name, with a button that plays it; the words lead to the page that changes it."""

    def plain(self, value: Sound | None, record: Extension) -> str:
        if value is None:
            return gettext("Not Set")
        return gettext("Set") if value.is_ready else value.get_state_display()

    def draw(self, value: Sound | None, record: Extension) -> SafeString:
        words, page = self.plain(value, record), reverse("centrex:extension-name", args=[record.pk])
        label = gettext("Recorded name of %(record)s") % {"record": record}
        shown = format_html('<a href="{}" aria-label="{}: {}">{}</a>', page, label, words, words)
        shown = shown if self.may_change else conditional_escape(words)
        return format_html("{} {}", shown, play_button(value, label)) if value and value.is_ready else shown


class ExtensionsTable(BaseTable):
    first_sort = "number"
    number = InPlaceColumn(verbose_name=LABELS["number"], accessor="number")
    name = InPlaceColumn(verbose_name=LABELS["name"], accessor="name")
    line = LineColumn(verbose_name=LABELS["line"], order_by="line__account_id")
    primary_group = LinkColumn(to=group_page, verbose_name=LABELS["primary_group"], order_by="primary_group__number")
    published = FlagColumn(verbose_name=LABELS["published"])
    recorded_name = RecordedNameColumn(verbose_name=LABELS["recorded_name"], orderable=False, empty_values=())
    actions = ActionsColumn(look, changes=change)

    class Meta(BaseTable.Meta):
        model = Extension
        fields = ("number", "name", "line", "primary_group", "published", "recorded_name")


class OfficesExtensionsTable(ExtensionsTable):
    """For a main office with branch offices: one column more."""

    branch_office = Column(verbose_name=LABELS["branch_office"], order_by="branch_office__company_name")

    class Meta(ExtensionsTable.Meta):
        sequence = ("...", "branch_office", "actions")


class ExtensionsFilter(FilterForm):
    text = forms.CharField(label=_("Number or name"), max_length=60)

    def filter(self, extensions: QuerySet[Extension]) -> QuerySet[Extension]:
        text = self.cleaned_data["text"].strip()
        return extensions.filter(Q(number__startswith=text) | Q(name__icontains=text)) if text else extensions


class ExtensionForm(ActForm):
    class Meta:
        model = Extension
        fields = ("number", "name", "branch_office", "line", "primary_group", "published")
        labels = LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.request.customer
        self.fields["number"].help_text = _("%(length)s digits.") % {"length": office.extension_length}
        self.fields["number"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.fields["branch_office"].empty_label, self.fields["branch_office"].help_text = _("Main office"), ""
        if not self.fields["branch_office"].queryset.exists():
            del self.fields["branch_office"]
        self.offer_lines(office)
        self.offer_groups(office)

    def offer_lines(self, office: Any) -> None:
        """Offer free lines; a line that was taken meanwhile is a valid choice, so that the act can say by whom."""
        free = lines_to_assign(office, self.instance.pk)
        names = [(line.pk, line if line.customer_id == office.pk else f"{line} – {line.customer}") for line in free]
        self.fields["line"].queryset = lines_of_office(office)
        self.fields["line"].widget.choices = [("", _("Not assigned")), *names]

    def offer_groups(self, office: Any) -> None:
        """Offer the huntgroups that the extension is in; a new one is in none."""
        if self.instance.pk is None:
            del self.fields["primary_group"]
            return
        field = self.fields["primary_group"]
        field.queryset = Huntgroup.for_customer(office).filter(members__extension=self.instance)
        field.empty_label = _("None")
        field.help_text = _("Only a huntgroup that includes this extension.")
        field.error_messages["invalid_choice"] = _("Choose a huntgroup that includes this extension.")


class RenameForm(ActForm):
    class Meta:
        model = Extension
        fields = ("number", "name")
        labels = LABELS


class List(ListPage):
    page = "centrex:extensions"
    title = _("Extensions")
    intro = _("The short numbers that colleagues dial, and the phone that each one rings.")
    model = Extension
    filter_class = ExtensionsFilter
    template_name = "centrex/extension/list.html"
    sheet_url = "centrex:extensions-sheet"
    add_url, add_label = "centrex:extension-add", _("Add Extension")
    empty = _("An extension is a short number for one of your phones. Add the first one.")

    @property
    def table_class(self) -> type[BaseTable]:
        return OfficesExtensionsTable if self.request.customer.branch_offices.exists() else ExtensionsTable

    def get_queryset(self) -> QuerySet[Extension]:
        customer = self.request.customer
        group_is_ours = Q(customer=customer) | Q(primary_group__branch_office=customer)
        rows = super().get_queryset().annotate(line_is_ours=Q(line__customer=customer), group_is_ours=group_is_ours)
        return rows.select_related("line", "primary_group", "branch_office", "recorded_name")


class Add(AddPage):
    page = "centrex:extensions"
    title = _("Add Extension")
    model = Extension
    form_class = ExtensionForm

    def save(self, form: ExtensionForm) -> Extension:
        return add_extension(user=self.request.user, extension=form.instance)


class Edit(EditPage):
    page = "centrex:extensions"
    title = _("Edit Extension")
    model = Extension
    form_class = ExtensionForm
    template_name = "centrex/extension/form.html"

    def save(self, form: ExtensionForm) -> Extension:
        version = form.cleaned_data.get("version")
        return edit_extension(user=self.request.user, extension=form.instance, version=version)


class Rename(Edit):
    """The small form that opens in place of a number or a name in the list."""

    form_class = RenameForm


class Delete(DeletePage):
    page = "centrex:extensions"
    title = _("Delete Extension")
    model = Extension
    consequences = staticmethod(consequences_of_deleting_extension)

    def save(self, form: Any) -> None:
        delete_extension(user=self.request.user, extension=self.object)
