"""Phone Lines: the customer looks up his lines and what each is assigned to."""

from __future__ import annotations

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from selfcare.crud.forms import FilterForm
from selfcare.crud.tables import ActionsColumn, BaseTable, ChoiceColumn, Column, LinkColumn, TimeColumn
from selfcare.crud.views import ListPage


def configure(line: Line) -> str:
    return reverse("centrex:line", args=[line.pk])


class LinesTable(BaseTable):
    first_sort = "account_id"
    account_id = LinkColumn(to=configure)
    name = Column(verbose_name=_("Name"))
    extension = Column(verbose_name=_("Extension"), accessor="extension__number")
    kind = ChoiceColumn(choices=Line.Kind.choices)
    product = Column()
    batch = Column(accessor="batch__name", verbose_name=_("Batch"))
    phone_model = Column(verbose_name=_("IP Phone Model"))
    last_used_at = TimeColumn(verbose_name=_("Last used"))
    actions = ActionsColumn(lambda line: [(configure(line), "gear", _("Configure"))])

    class Meta(BaseTable.Meta):
        model = Line
        fields = (
            "account_id",
            "name",
            "extension",
            "kind",
            "product",
            "batch",
            "phone_model",
            "last_used_at",
        )


class LinesFilter(FilterForm):
    text = forms.CharField(label=_("ID or name"), max_length=60)

    def filter(self, lines: QuerySet[Line]) -> QuerySet[Line]:
        text = self.cleaned_data["text"].strip()
        return lines.filter(Q(account_id__contains=text) | Q(name__icontains=text)) if text else lines


class List(ListPage):
    page = "centrex:lines"
    title = _("Phone Lines")
    intro = _("Every phone of your company that can make and take calls.")
    model = Line
    table_class = LinesTable
    filter_class = LinesFilter
    empty = _("Phone lines are set up by your telephone company and then appear here.")

    def get_queryset(self) -> QuerySet[Line]:
        return super().get_queryset().select_related("batch", "extension")
