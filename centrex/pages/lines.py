"""Phone Lines: the customer looks up his lines, where each is and how it does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import CharField, DecimalField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing.queries.accounts import money_words
from centrex.models import Batch, Line, Site
from centrex.pages.line.banner import banner_of
from centrex.queries.boxes import with_unread
from centrex.queries.lines import idle_in_words, with_state
from centrex.queries.sites import default_site, in_site
from selfcare import access
from selfcare.crud.forms import FilterForm
from selfcare.crud.tables import (
    ActionsColumn,
    BaseTable,
    ChoiceColumn,
    Column,
    LinkColumn,
    MoneyColumn,
    TableState,
    TimeColumn,
)
from selfcare.crud.views import ListPage
from selfcare.templatetags import portal

REGISTERED = {True: _("Registered"), False: _("Not registered")}
FUNDS = _("What your company can still spend. All lines draw on it together, Debit and Credit ones alike.")


def configure(line: Line) -> str:
    return reverse("centrex:line", args=[line.pk])


def may_see_funds(request: HttpRequest) -> bool:
    return access.may(request, access.VIEW, "billing:summary")


class IdColumn(LinkColumn):
    """The ID, leading to the line's page; under it the name, as long as that has no column of its own."""

    with_name = True

    def draw(self, value: Any, record: Line) -> SafeString:
        link = format_html("{}{}", super().draw(value, record), self.unread(record))
        if not (self.with_name and record.name):
            return link
        return format_html('{}<br><span class="text-quiet">{}</span>', link, record.name)

    def unread(self, record: Line) -> SafeString | str:
        """How many messages are new, leading to the box."""
        if not record.unread:
            return ""
        words = ngettext("%(count)s new message", "%(count)s new messages", record.unread) % {"count": record.unread}
        badge = ' <a class="badge warn" href="{}" title="{}" aria-label="{}">{} {}</a>'
        address = reverse("centrex:line-voicemail", args=[record.pk])
        return format_html(badge, address, words, words, portal.icon("envelope"), record.unread)


class IdleColumn(Column):
    """Since when nobody used the line; a download has whole days, and nothing for a line that was never used."""

    def draw(self, value: timedelta | None, record: Line) -> SafeString:
        return conditional_escape(idle_in_words(value))

    def plain(self, value: timedelta | None, record: Line) -> int | None:
        return None if value is None else max(value.days, 0)


class ForwardingColumn(ChoiceColumn):
    """No, or the kind of forwarding that is on."""

    def plain(self, value: Any, record: Line) -> str:
        return __("No") if value == Line.Forwarding.NONE else super().plain(value, record)


class UnfundedLinesTable(BaseTable):
    """The lines; with `by_batch` in the address they stand under the headings of their batches."""

    first_sort = "account_id"
    account_id = IdColumn(to=configure, verbose_name=_("ID"))
    name = Column(verbose_name=_("Name"), hidden=True)
    extension = Column(verbose_name=_("Extension"), accessor="extension__number", hidden=True)
    idle = IdleColumn(verbose_name=_("Idle days"), hint=_("Days since the last call on this line."))
    kind = ChoiceColumn(choices=Line.Kind.choices, verbose_name=_("Type"))
    product = Column(verbose_name=_("Product"))
    batch = Column(accessor="batch__name", verbose_name=_("Batch"))
    site = Column(accessor="site_name", verbose_name=_("Site"))
    forwarding = ForwardingColumn(choices=Line.Forwarding.choices, verbose_name=_("Forwarding Enabled"))
    registered = ChoiceColumn(
        choices=REGISTERED.items(),
        badges={True: "good"},
        verbose_name=_("SIP"),
        hint=_("Registered: the phone is switched on and signed in, so calls reach it."),
    )
    phone_model = Column(verbose_name=_("IP Phone Model"))
    last_used_at = TimeColumn(verbose_name=_("Last used"), hidden=True)
    actions = ActionsColumn(lambda line: [(configure(line), "gear", _("Configure"))])

    class Meta(BaseTable.Meta):
        model = Line
        fields = (
            "account_id", "name", "extension", "idle", "kind", "product", "batch", "site", "forwarding", "registered",
            "phone_model", "last_used_at",
        )  # fmt: skip

    def __init__(self, data: QuerySet[Line], *, request: HttpRequest, state: TableState) -> None:
        super().__init__(data, request=request, state=state)
        self.columns["account_id"].column.with_name = "name" not in state.columns
        self.by_batch = bool(request.GET.get("by_batch"))
        # The key last: rows that are equal in the chosen order keep their place from page to page.
        order = (*self.data.data.query.order_by, "pk")
        if self.by_batch and not order[0].endswith("batch__name"):
            order = ("batch__name", *order)
        self.data.data = self.data.data.order_by(*order)
        if self.by_batch:
            # The headings say it; a download has no headings.
            (self.columns.show if request.GET.get("format") else self.columns.hide)("batch")

    def heading_of(self, record: Line) -> str:
        if not self.by_batch:
            return ""
        return __("Batch: %(batch)s") % {"batch": record.batch} if record.batch else __("Without a batch")


class LinesTable(UnfundedLinesTable):
    """For those who may see the billing: one column more."""

    available = MoneyColumn(verbose_name=_("Available Funds"), orderable=False, hint=FUNDS)

    class Meta(UnfundedLinesTable.Meta):
        sequence = ("account_id", "name", "extension", "idle", "available", "...", "actions")


class LinesFilter(FilterForm):
    text = forms.CharField(label=_("ID or name"), max_length=60)
    site = forms.ModelChoiceField(queryset=None, label=_("Site"), empty_label=_("All"))
    batch = forms.ModelChoiceField(queryset=None, label=_("Batch"), empty_label=_("All"))
    registered = forms.ChoiceField(
        label=_("SIP"), choices=[("", _("All")), ("yes", REGISTERED[True]), ("no", REGISTERED[False])]
    )
    by_batch = forms.BooleanField(
        label=_("Group By Batch"), widget=forms.CheckboxInput(attrs={"data-submit-on-change": ""})
    )

    def __init__(self, *args: Any, customer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.for_customer(customer)
        self.fields["batch"].queryset = Batch.for_customer(customer)

    def filter(self, lines: QuerySet[Line]) -> QuerySet[Line]:
        wanted = self.cleaned_data
        if text := wanted["text"].strip():
            lines = lines.filter(Q(account_id__contains=text) | Q(name__icontains=text))
        if wanted["site"]:
            lines = lines.filter(in_site(wanted["site"]))
        if wanted["batch"]:
            lines = lines.filter(batch=wanted["batch"])
        return lines.filter(registered=wanted["registered"] == "yes") if wanted["registered"] else lines


class List(ListPage):
    page = "centrex:lines"
    title = _("Phone Lines")
    intro = _("Every phone of your company that can make and take calls.")
    model = Line
    filter_class = LinesFilter
    empty = _("Phone lines are set up by your telephone company and then appear here.")

    @property
    def table_class(self) -> type[BaseTable]:
        return LinesTable if may_see_funds(self.request) else UnfundedLinesTable

    def filter_form(self, asked: Any) -> LinesFilter:
        return LinesFilter(asked, customer=self.request.customer)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        banner = banner_of(Line.for_customer(self.request.customer))
        return super().get_context_data(**(banner | kwargs))

    def get_queryset(self) -> QuerySet[Line]:
        customer = self.request.customer
        site_name = Coalesce(F("site__name"), Value(str(default_site(customer))), output_field=CharField())
        lines = with_unread(with_state(super().get_queryset(), now=timezone.now())).annotate(site_name=site_name)
        if may_see_funds(self.request):
            words = money_words(customer)
            available = Value(words.available, DecimalField(max_digits=18, decimal_places=5))
            lines = lines.annotate(available=available, currency=Value(words.currency))
        return lines.select_related("batch", "extension")
