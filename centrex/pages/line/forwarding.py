"""A line's Forwarding: where calls go that nobody answers.

The order of the rows in the form is the order of the list. Every button but Save is carried out on what was typed and
draws the page again, so that all of it works without JavaScript; nothing is kept before Save.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex.models import Line, NewDestination, SipProxy
from centrex.models.line_rules import Transport
from centrex.operations.forwarding import Wanted, set_forwarding
from centrex.pages.line.forwarding_numbers import NumberRow, carried_out, keys_of, to_type
from centrex.pages.line.section import LineForm, from_where
from centrex.queries.features import effective_of
from centrex.queries.forwarding import LISTS
from centrex.queries.forwarding_words import ORDERS
from centrex.queries.names import names_of
from centrex.queries.new_destinations import cooling_on
from centrex.queries.sip_proxies import proxies_by_id
from centrex.routing.features import ForwardOptions
from selfcare.crud.forms import ActForm
from selfcare.crud.password import PasswordAgain, given_again
from selfcare.errors import Refused


class ForwardingForm(ActForm):
    """The mode, what each mode needs, and the rows of the list: `numbers`."""

    order = forms.ChoiceField(
        label=_("Order"),
        choices=list(ORDERS.items()),
        required=False,
        help_text=_("Random spreads the calls evenly; simultaneous rings all numbers until one answers."),
    )
    to = forms.CharField(
        label=_("Forward To"),
        max_length=64,
        required=False,
        help_text=_("As you would dial it from this phone, or an extension. Example: 212 555 0123, or 202"),
    )
    uri = forms.CharField(
        label=_("SIP URI"),
        max_length=200,
        required=False,
        help_text=_("The address at another telephone system. Example: sip:reception@pbx.example.com"),
    )
    transport = forms.ChoiceField(
        label=_("Transport Protocol"),
        choices=Transport.choices,
        required=False,
        help_text=_("What the other system expects; usually UDP."),
    )
    password = PasswordAgain()

    class Meta:
        model = Line
        fields = ("forwarding",)
        labels = {"forwarding": _("Mode")}

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        line = kwargs["instance"]
        self.counts = effective_of(line, ForwardOptions)
        options = self.counts.values
        kept = {"order": options.order, "to": to_type(options.to), "uri": options.uri, "transport": options.transport}
        kwargs["initial"] = kept | (kwargs.get("initial") or {})
        super().__init__(carried_out(data) if data is not None else None, *args, **kwargs)
        self.numbers = self.rows(line, proxies_by_id())

    def rows(self, line: Line, proxies: dict[str, SipProxy]) -> list[NumberRow]:
        """The rows in the order of what was sent, or else of what is kept."""
        kept = {str(row.pk): row for row in line.forward_numbers.all()}
        keys = keys_of(self.data) if self.is_bound else list(kept)
        data, now = self.data if self.is_bound else None, timezone.now()
        return [NumberRow(data, key=key, kept=kept.get(key), line=line, proxies=proxies, now=now) for key in keys]

    @property
    def open(self) -> str:
        """The row whose wizard is open."""
        return self.data.get("open", "") if self.is_bound else ""

    @property
    def uses_list(self) -> bool:
        return self["forwarding"].value() in LISTS

    @property
    def asks_password(self) -> bool:
        """Whether the password was asked for and is not given yet."""
        return self.is_bound and ("password" in self.errors or bool(self.data.get("password")))

    @property
    def has_errors(self) -> bool:
        return self.is_bound and not self.is_valid()

    def is_valid(self) -> bool:
        """The list is looked at only in the modes that use it."""
        rows_valid = [row.is_valid() for row in self.numbers] if self.uses_list else []
        return super().is_valid() and all(rows_valid)

    def clean(self) -> dict[str, Any]:
        """What the mode needs must be there."""
        values = super().clean() or self.cleaned_data
        needed = {Line.Forwarding.SIMPLE: "to", Line.Forwarding.SIP_URI: "uri"}.get(values.get("forwarding", ""))
        if needed and not values.get(needed) and needed not in self.errors:
            self.add_error(needed, _("Enter where calls shall go, or choose another mode."))
        return values

    def refuse(self, refusal: Refused) -> None:
        """A refusal of a number of the list stands at its row."""
        name, _hyphen, place = (refusal.field or "").partition("-")
        if name == "number" and place.isdigit():
            self.numbers[int(place)].add_error("number", str(refusal.message))
        else:
            super().refuse(refusal)

    def wanted(self) -> Wanted:
        """The form as the act takes it."""
        values = self.cleaned_data
        return Wanted(
            mode=values["forwarding"],
            order=values["order"] or "listed",
            to=values["to"],
            uri=values["uri"],
            transport=values["transport"] or Transport.UDP,
            numbers=[row.wanted() for row in self.numbers] if self.uses_list else [],
        )


class Forwarding(LineForm):
    section = "centrex:line-forwarding"
    intro = _("Where calls go that nobody answers on this phone: other numbers, in turn or at once, or an address.")
    template_name = "centrex/line/forwarding.html"
    form_class = ForwardingForm
    part_name = "forwarding"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "do" not in request.POST:
            return super().post(request, *args, **kwargs)
        return self.drawn_again(pressed=request.POST["do"])

    def save(self, form: ForwardingForm) -> Line:
        return set_forwarding(
            user=self.request.user,
            line=self.object,
            version=form.cleaned_data.get("version"),
            wanted=form.wanted(),
            confirmed=given_again(self.request, form.cleaned_data["password"]),
            now=timezone.now(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, line = kwargs.get("form") or self.get_form(), self.object
        kept = [row for row in form.numbers if row.is_as_kept]
        names = names_of(line.customer.office, [row.kept.number for row in kept])
        for row in kept:
            row.known = names.get(row.kept.number)
        words = {"form": form, "pressed": "", "zone": line.customer.zone, "locked": form.counts.locked_by is not None}
        words["cooling"] = cooling_on(line, NewDestination.Place.FORWARDING, now=timezone.now())
        words |= from_where(self.request, line, form.counts, ForwardOptions)
        return super().get_context_data(**(words | kwargs))
