"""Filters and Hours, hours: the customer names times such as business hours, with holidays, that rules share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from centrex.models import Schedule
from centrex.operations.schedules import delete_schedule, save_schedule
from centrex.pages import period
from centrex.pages.what_if.panel import TriesForm, from_outside
from centrex.queries import period_words
from centrex.queries.lines import first_line
from centrex.queries.schedules import countries, groups_with, menus_with, next_holidays, regions, rules_with, state_of
from centrex.queries.screening import with_schedule_uses
from selfcare.crud.forms import CustomerModelForm
from selfcare.crud.tables import ActionsColumn, BaseTable, Column, LinkColumn, NumberColumn
from selfcare.crud.views import AddPage, DeletePage, DetailPage, EditPage, ListPage

NO_REGION = _("The whole country")
WIZARD = "hours"
TYPED = ("name", "holidays_country", "holidays_region", "version")


def show(schedule: Schedule) -> str:
    return reverse("centrex:schedule", args=[schedule.pk])


def change(schedule: Schedule) -> list[tuple[str, str, Any]]:
    return [
        (reverse("centrex:schedule-edit", args=[schedule.pk]), "pencil", _("Edit")),
        (reverse("centrex:schedule-delete", args=[schedule.pk]), "trash", _("Delete")),
    ]


class HoursColumn(Column):
    """The schedule in words."""

    def plain(self, value: Any, record: Schedule) -> str:
        return period_words.in_words(record.period)


class ActiveColumn(Column):
    """Whether it is the time now, by the clock of the company."""

    def plain(self, value: Any, record: Schedule) -> str:
        zone = record.customer.zone
        return __("Yes") if state_of(record, now=timezone.now(), zone=zone).active else __("No")


class CountryColumn(Column):
    """The country of the holidays."""

    def plain(self, value: Any, record: Schedule) -> str:
        return dict(countries()).get(value, "")


class SchedulesTable(BaseTable):
    name = LinkColumn(to=show, verbose_name=_("Name"))
    period = HoursColumn(verbose_name=_("Hours"), orderable=False, empty_values=())
    holidays_country = CountryColumn(verbose_name=_("Public holidays of"), orderable=False)
    active = ActiveColumn(verbose_name=_("Active now?"), accessor="pk", orderable=False)
    uses = NumberColumn(verbose_name=_("Used by rules and huntgroups"))
    actions = ActionsColumn(changes=change)

    class Meta(BaseTable.Meta):
        model = Schedule
        fields = ("name", "period", "holidays_country", "active", "uses")


def carried_out(typed: QueryDict) -> QueryDict:
    """What was typed, with the wizard's pressed button (`do`) carried out; Save includes the period still typed."""
    act, _colon, rest = typed.get("do", "").partition(":")
    place = rest.partition(":")[2]
    data = typed.copy()
    if act in period.ACTS:
        is_done = act == "always" or (act == "finish" and period.NewPeriod(data, prefix=WIZARD).is_valid())
        data["open"] = "" if is_done else WIZARD
        period.carried_out(data, WIZARD, act, place)
    elif not act:
        period.carried_out(data, WIZARD)
    return data


class ScheduleForm(CustomerModelForm):
    """Name, times by the period wizard, and holidays; the regions offered are those of the chosen country.

    `typed`, what was typed before a button drew the form again, fills it without being checked.
    """

    holidays_country = forms.ChoiceField(
        label=_("Public holidays of"),
        required=False,
        help_text=_("On these days it is never the time, whatever the hours say; days of your own go before them."),
    )
    holidays_region = forms.ChoiceField(
        label=_("Region"), required=False, help_text=_("Some countries have holidays that only some regions keep.")
    )

    class Meta:
        model = Schedule
        fields = ("name", "holidays_country", "holidays_region")
        help_texts = {"name": _("Such as “Business hours”.")}

    def __init__(
        self, data: QueryDict | None = None, *args: Any, typed: QueryDict | None = None, **kwargs: Any
    ) -> None:
        if typed is not None:
            kwargs["initial"] = {name: typed[name] for name in TYPED if name in typed}
        super().__init__(data, *args, **kwargs)
        self.fields["holidays_country"].choices = [("", _("No public holidays")), *countries()]
        country = str(self["holidays_country"].value() or "")
        self.fields["holidays_region"].choices = [("", NO_REGION), *regions(country)]
        sent = carried_out(given) if (given := data if data is not None else typed) is not None else None
        self.open = sent.get("open", "") if sent else ""
        self.wizard = period.PeriodForm(
            sent if sent and f"{WIZARD}-when" in sent else None,
            prefix=WIZARD,
            kept=self.instance.period,
            now=timezone.now(),
            zone=self.request.customer.zone,
        )

    def clean(self) -> dict[str, Any]:
        """The wizard says at its own fields what is wrong; times that were not sent stay as they were."""
        values = super().clean() or self.cleaned_data
        if self.wizard.is_bound:
            if self.wizard.is_valid():
                self.instance.period = self.wizard.period()
            else:
                self.add_error(None, _("There is a mistake in the time periods; it is marked below."))
        return values


class DrawsAgain:
    """Mixed into pages with the form: a button of the wizard, or "Show its regions", draws it with what was typed."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "do" not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc]
        self.object = self.get_object() if "pk" in self.kwargs else None  # type: ignore[attr-defined]
        own = {
            name: value for name, value in self.get_form_kwargs().items() if name not in ("data", "files", "initial")
        }  # type: ignore[attr-defined]
        form = ScheduleForm(typed=request.POST, **own)
        return self.render_to_response(self.get_context_data(form=form, pressed=request.POST["do"]))  # type: ignore[attr-defined]

    def save(self, form: ScheduleForm) -> Schedule:
        version = form.cleaned_data.get("version")
        return save_schedule(user=self.request.user, schedule=form.instance, version=version)  # type: ignore[attr-defined]

    def usual_call(self) -> dict[str, Any]:
        """A call to a line whose rules use it, if there is one."""
        customer = self.request.customer  # type: ignore[attr-defined]
        rules = rules_with(self.object) if self.object else []
        return from_outside(customer, rules[0].line if rules else first_line(customer))

    def get_success_url(self) -> str:
        return show(self.object)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"pressed": "", "zone": self.request.customer.zone}  # type: ignore[attr-defined]
        return super().get_context_data(**(words | kwargs))  # type: ignore[misc]


class List(ListPage):
    page = "centrex:filters"
    title = _("Hours")
    intro = _("Times with a name, such as business hours, with their holidays. Rules and menus share them.")
    model = Schedule
    table_class = SchedulesTable
    template_name = "centrex/schedule/list.html"
    add_url, add_label = "centrex:schedule-add", _("Add hours")
    empty = _("There are no hours yet. Begin with your business hours.")

    def get_queryset(self) -> QuerySet[Schedule]:
        return with_schedule_uses(super().get_queryset()).select_related("customer").prefetch_related("days")


class Show(DetailPage):
    page = "centrex:filters"
    model = Schedule
    template_name = "centrex/schedule/show.html"

    def get_queryset(self) -> QuerySet[Schedule]:
        return super().get_queryset().select_related("customer").prefetch_related("days")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        schedule, now = self.object, timezone.now()
        zone = schedule.customer.zone
        words = {
            "hours": period_words.in_words(schedule.period),
            "state": state_of(schedule, now=now, zone=zone),
            "zone": zone,
            "country": dict(countries()).get(schedule.holidays_country, ""),
            "region": dict(regions(schedule.holidays_country)).get(schedule.holidays_region, ""),
            "holidays": next_holidays(schedule, today=now.astimezone(zone).date()),
        }
        uses = {"rules": rules_with(schedule), "groups": groups_with(schedule), "menus": menus_with(schedule)}
        return super().get_context_data(**(words | uses | {"back": reverse("centrex:schedules")} | kwargs))


class Add(DrawsAgain, TriesForm, AddPage):
    page = "centrex:filters"
    title = _("Add hours")
    intro = _("Afterwards add days of your own, and use the hours in Call Screening of a phone line.")
    model = Schedule
    form_class = ScheduleForm
    template_name = "centrex/schedule/form.html"
    back_url = "centrex:schedules"


class Edit(DrawsAgain, TriesForm, EditPage):
    page = "centrex:filters"
    title = _("Edit hours")
    model = Schedule
    form_class = ScheduleForm
    template_name = "centrex/schedule/form.html"
    back_url = "centrex:schedules"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uses = {"rules": rules_with(self.object), "groups": groups_with(self.object), "menus": menus_with(self.object)}
        return super().get_context_data(**(uses | {"back": show(self.object)} | kwargs))


class Delete(DeletePage):
    page = "centrex:filters"
    title = _("Delete hours")
    model = Schedule
    template_name = "centrex/filter/delete.html"
    back_url = "centrex:schedules"

    def save(self, form: Any) -> None:
        delete_schedule(user=self.request.user, schedule=self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uses = {"rules": rules_with(self.object), "groups": groups_with(self.object), "menus": menus_with(self.object)}
        return super().get_context_data(**(uses | kwargs))
