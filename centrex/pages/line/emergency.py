"""A line's Emergency Calls: where help is sent to, for this line, its site, or the whole company.

`?for=` in the address says whose address the form is about; without it the nearest place that has one.
"""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Layout
from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import EmergencyAddress, Line
from centrex.models.emergency import OPEN
from centrex.operations.emergency.addresses import FIELDS, Place, choose, save_address
from centrex.pages.line.section import LineForm
from centrex.queries.emergency import active_of, in_place
from centrex.queries.sites import site_of
from selfcare.crud.forms import ActForm, beside
from selfcare.errors import Refused

LINE, SITE, COMPANY = "line", "site", "company"
PLACES: dict[str, Promise] = {LINE: _("This line"), SITE: _("Its site"), COMPANY: _("The whole company")}
MOST_READERS = 10


class EmergencyForm(ActForm):
    """The address of one place; `place` and `kept` (the row that it begins with) come from the page."""

    caller_name = forms.CharField(
        label=_("Name"),
        min_length=3,
        max_length=60,
        help_text=_("What the helpers see and ask for at the door, such as EasyCall Ltd."),
    )
    country = EmergencyAddress._meta.get_field("country").formfield(label=_("Country"))
    street = forms.CharField(
        label=_("Street"), max_length=41, help_text=_("The street where the phone stands, such as Market Street.")
    )
    house_number = forms.CharField(label=_("House number"), max_length=10, required=False)
    extra = forms.CharField(
        label=_("Floor, suite"),
        max_length=60,
        required=False,
        help_text=_("What helps to find the door, such as 3rd floor, room 12."),
    )
    postal_code = forms.CharField(label=_("Postal Code"), max_length=10, required=False)
    city = forms.CharField(label=_("City"), max_length=60)
    province = forms.CharField(
        label=_("Province/State"),
        max_length=60,
        required=False,
        help_text=_("Where addresses of the country have one, such as WA or Washington."),
    )
    notify = forms.CharField(
        label=_("Tell by e-mail when somebody calls for help"),
        max_length=500,
        required=False,
        help_text=_("Such as reception@example.com; with commas between several."),
    )

    class Meta:
        model = Line
        fields: list[str] = []

    def __init__(self, *args: Any, kept: EmergencyAddress, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(kept, name) for name in FIELDS} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        pairs = (("street", "house_number"), ("postal_code", "city"), ("province", "country"))
        rows = [beside(*pair) for pair in pairs]
        self.helper.layout = Layout(
            HTML("{% include 'centrex/line/emergency_places.html' %}"),
            "caller_name",
            *rows[:1],
            "extra",
            *rows[1:],
            "notify",
            "version",
        )

    def clean_notify(self) -> str:
        readers = [text.strip() for text in self.cleaned_data["notify"].split(",") if text.strip()]
        for reader in readers:
            validate_email(reader)
        if len(readers) > MOST_READERS:
            raise forms.ValidationError(gettext("There can be at most %(most)s addresses.") % {"most": MOST_READERS})
        return ", ".join(readers)


class Emergency(LineForm):
    section = "centrex:line-emergency"
    template_name = "centrex/line/emergency.html"
    intro = _("Where helpers are sent to when somebody calls an emergency number from this line.")
    save_label = _("Have it checked")
    saved = _("Thank you. The address is being checked; until it is in force the former one counts.")
    form_class = EmergencyForm

    @property
    def scope(self) -> str:
        """Whose address the form is about."""
        asked = self.request.GET.get("for", "")
        if asked in PLACES:
            return asked
        rows = EmergencyAddress.for_customer(self.object.customer).exclude(state=EmergencyAddress.State.SUPERSEDED)
        taken = set(rows.values_list("line_id", "site_id"))
        nearest = ((LINE, (self.object.pk, None)), (SITE, (None, site_of(self.object).pk)))
        return next((name for name, key in nearest if key in taken), COMPANY)

    def place(self) -> Place:
        line = self.object
        site = site_of(line) if self.scope == SITE else None
        return Place(line.customer, site=site, line=line if self.scope == LINE else None)

    def rows(self) -> Any:
        """All addresses of the place."""
        place = self.place()
        return in_place(place.customer, site=place.site, line=place.line)

    def on_its_way(self) -> EmergencyAddress | None:
        """What is not in force yet."""
        found: EmergencyAddress | None = self.rows().filter(state__in=OPEN).first()
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        active = self.rows().filter(state=EmergencyAddress.State.ACTIVE).first()
        return super().get_form_kwargs() | {"kept": self.on_its_way() or active or self.blank()}

    def blank(self) -> EmergencyAddress:
        """What most addresses begin with."""
        customer = self.object.customer
        return EmergencyAddress(customer=customer, caller_name=customer.company_name[:60], country=customer.country)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "choose" not in request.POST:
            return super().post(request, *args, **kwargs)
        self.object = self.get_object()
        address, number = self.on_its_way(), request.POST["choose"]
        try:
            if address is None or not number.isascii() or not number.isdecimal() or len(number) > 2:
                raise Refused(gettext("This can no longer be chosen. Look again."))
            choose(user=request.user, line=self.object, address=address, place=int(number), now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal.message))
        else:
            messages.success(request, gettext("The address is in force now."))
        return redirect(self.get_success_url())

    def save(self, form: EmergencyForm) -> Line:
        save_address(
            user=self.request.user,
            line=self.object,
            version=form.cleaned_data.get("version"),
            place=self.place(),
            values={name: form.cleaned_data[name] for name in FIELDS},
            now=timezone.now(),
        )
        return self.object

    def get_success_url(self) -> str:
        asked = self.request.GET.get("for", "")
        return super().get_success_url() + (f"?for={asked}" if asked in PLACES else "")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = self.on_its_way()
        words = {
            "active": active_of(self.object),
            "waiting": waiting,
            "candidates": [described(waiting, each) for each in waiting.candidates] if waiting else [],
            "scope": self.scope,
            "scopes": PLACES.items(),
            "site": site_of(self.object),
        }
        return super().get_context_data(**(words | kwargs))


def described(address: EmergencyAddress, candidate: dict[str, str]) -> str:
    """A candidate as an address in one line."""
    values = {name: getattr(address, name) for name in FIELDS} | candidate
    return str(EmergencyAddress(**values))
