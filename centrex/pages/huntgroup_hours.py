"""A huntgroup's opening hours: when it answers, and where its calls go at other times."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import Huntgroup
from centrex.operations.group_hours import set_hours
from centrex.pages.company_form import shown_with
from centrex.pages.line.forwarding_numbers import to_type
from centrex.queries.lines import lines_of_office
from centrex.queries.new_destinations import cooling_of_group
from centrex.queries.schedules import state_of
from selfcare.crud.forms import ActForm
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.crud.views import EditPage
from selfcare.errors import Refused

Closed = Huntgroup.Closed
ASKED_AGAIN = "<p>{% include 'centrex/line/why_password.html' %}</p>"
MADE_ELSEWHERE = "<p>{% include 'centrex/huntgroup/hours_link.html' %}</p>"


class HoursForm(ActForm):
    password = PasswordAgain()

    class Meta:
        model = Huntgroup
        fields = ("hours", "closed_action", "closed_group", "closed_extension", "closed_line", "closed_number")
        labels = {
            "hours": _("Opening hours"),
            "closed_action": _("Outside these hours"),
            "closed_group": _("Other huntgroup"),
            "closed_extension": _("Extension"),
            "closed_line": _("Phone line"),
            "closed_number": _("Number outside"),
        }
        help_texts = {
            "hours": _("Holidays and special days of these hours count as well, by the clock of your company."),
            "closed_action": _("What happens to a call to this number while the group is closed."),
            "closed_group": _("Its own opening hours count as well."),
            "closed_extension": _("Its own forwarding and voicemail count as well."),
            "closed_line": _(
                "The line whose voicemail takes the message, or that makes and pays for the call outside."
            ),
            "closed_number": _("As you would dial it from that line. Example: 212 555 0123"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = self.request.customer
        self.fields["hours"].empty_label = _("Always open")
        others = self.fields["closed_group"]
        others.queryset = others.queryset.exclude(pk=self.instance.pk)
        self.fields["closed_line"].queryset = lines_of_office(office)
        self.initial["closed_number"] = to_type(self.instance.closed_number)
        for name in ("closed_group", "closed_extension", "closed_line"):
            self.fields[name].empty_label = _("Choose")
        self.helper.layout = Layout(
            "hours",
            HTML(MADE_ELSEWHERE),
            "closed_action",
            shown_with("closed_action", "closed_group", value=Closed.GROUP),
            shown_with("closed_action", "closed_extension", value=Closed.EXTENSION),
            shown_with("closed_action", "closed_line", value=f"{Closed.VOICEMAIL} {Closed.NUMBER}"),
            shown_with("closed_action", "closed_number", value=Closed.NUMBER),
            "version",
        )

    def refuse(self, refusal: Refused) -> None:
        """The password is asked for when it is needed only."""
        if refusal.field == "password":
            self.helper.layout.append(Div(HTML(ASKED_AGAIN), "password"))
        super().refuse(refusal)


class Hours(EditPage):
    page = "centrex:huntgroups"
    title = _("Opening hours")
    model = Huntgroup
    form_class = HoursForm
    template_name = "centrex/huntgroup/hours.html"

    def get_queryset(self) -> QuerySet[Huntgroup]:
        return super().get_queryset().select_related("hours", "customer")

    def save(self, form: HoursForm) -> Huntgroup:
        confirmed = given_again(self.request, form.cleaned_data["password"])
        return set_hours(
            user=self.request.user,
            huntgroup=form.instance,
            version=form.cleaned_data.get("version"),
            confirmed_at=timezone.now() if confirmed else None,
        )

    def get_success_url(self) -> str:
        return reverse("centrex:huntgroup-hours", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group = self.get_queryset().get(pk=self.object.pk)  # as it is kept: the form's has what was typed
        state = state_of(group.hours, now=timezone.now(), zone=group.customer.zone) if group.hours else None
        words = {"intro": str(group), "state": state, "back": reverse("centrex:huntgroups")}
        words["cooling"] = cooling_of_group(group, now=timezone.now())
        return super().get_context_data(**(words | kwargs))
