"""The panel What happens if at the foot of a page: a call is tried with what stands in the form, and nothing is saved.

The try-out is the page's own Save, turned back at once. So what a rule of the page would refuse is refused here in the
same words, and nothing has to know twice what a form means.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import phonenumbers
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.request import HttpRequest
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from centrex.models import Line
from centrex.pages.what_if.answer import Difference, answer_of
from centrex.pages.what_if.form import OUTSIDE, WhatIfForm
from centrex.pages.what_if.system import try_call
from centrex.queries.lines import first_line
from selfcare import access
from selfcare.crud.trying import nothing_kept
from selfcare.crud.views import AddPage
from selfcare.errors import Outdated, Refused
from selfcare.models import Customer

ANSWERS = "centrex:what-if"  # who may not see that page gets no answers here either
BUTTON = "what-if"
PREFIX = "try"
ERRORS = "X-Form-Errors"  # tells static/js/what-if.js to draw the whole page, with the errors at their fields


class CallPanel:
    """Mixed into a page: a call can be tried from it. `usual_call` fills the fields of the panel to begin with."""

    request: HttpRequest
    form_id: ClassVar[str] = "page-form"

    def has_panel(self) -> bool:
        """Whether this person gets answers about calls."""
        return access.sees(self.request, ANSWERS)

    def usual_call(self) -> dict[str, Any]:
        """What people would try on this page: from one of the company's phones to a number outside."""
        return to_outside(self.request.customer, first_line(self.request.customer))

    def tries_form(self, context: dict[str, Any]) -> bool:
        """Whether the page has a form whose values can be tried."""
        return False

    def call_form(self, *, tries_form: bool, now: datetime) -> WhatIfForm:
        """The fields of the panel: a part of the page's form, or a form of their own that leads to What happens if."""
        sent = self.request.POST if tries_form and BUTTON in self.request.POST else None
        of_form = {"prefix": PREFIX, "of_form": self.form_id} if tries_form else {}
        return WhatIfForm(sent, customer=self.request.customer, now=now, usual=self.usual_call(), **of_form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        if not self.has_panel():
            return context  # type: ignore[no-any-return]
        tries_form = self.tries_form(context)
        words = {"panel": "centrex/what_if/panel.html", "tries_form": tries_form, "form_id": self.form_id}
        call = kwargs.get("call") or self.call_form(tries_form=tries_form, now=timezone.now())
        return words | {"difference": None, "call": call} | context


class TriesForm(CallPanel):
    """Mixed into a page with a form, before its shared class: the panel tries what stands in the form."""

    is_trying = False

    def tries_form(self, context: dict[str, Any]) -> bool:
        counts = getattr(context["form"], "counts", None)  # of a feature that the ITSP may have locked
        planning = context.get("planning")
        for_later = planning is not None and planning["replans"] is not None
        return bool(context["may_change"]) and not for_later and getattr(counts, "locked_by", None) is None

    def get_form_kwargs(self) -> dict[str, Any]:
        """A try-out takes no files in: what is written to the disk could not be turned back."""
        kwargs = super().get_form_kwargs()  # type: ignore[misc]
        return kwargs | {"files": MultiValueDict()} if self.is_trying else kwargs

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if BUTTON not in request.POST:
            return super().post(request, *args, **kwargs)  # type: ignore[misc,no-any-return]
        if not self.has_panel():
            raise PermissionDenied
        return self.try_out(timezone.now())

    def try_out(self, now: datetime) -> HttpResponse:
        """The call as it goes now and as it would go; with mistakes, the page with each at its field."""
        self.is_trying = True
        form, call = self.drawn_anew(), self.call_form(tries_form=True, now=now)
        is_whole = all([form.is_valid(), call.is_valid()])
        difference = self.difference(form, call, now) if is_whole else None
        is_live = self.request.headers.get("HX-Request") == "true"
        if difference is None:
            if is_live:
                return HttpResponse(headers={ERRORS: "yes"})
            return self.render_to_response(self.get_context_data(form=form, call=call))  # type: ignore[attr-defined,no-any-return]
        context = {"difference": difference, "call": call}
        if is_live:
            return self.response_class(self.request, ["centrex/what_if/difference.html"], context)  # type: ignore[attr-defined,no-any-return]
        # What was carried out has left its traces in the records at hand, so the page is drawn from fresh ones.
        return self.render_to_response(self.get_context_data(form=self.drawn_anew(), **context))  # type: ignore[attr-defined,no-any-return]

    def drawn_anew(self) -> Any:
        """The form with what was sent, over records read just now."""
        self.object = None if isinstance(self, AddPage) else self.get_object()  # type: ignore[attr-defined]
        return self.get_form()  # type: ignore[attr-defined]

    def difference(self, form: Any, call: WhatIfForm, now: datetime) -> Difference | None:
        """Both answers; None where Save would be refused, which then stands at its field."""
        customer = self.request.customer
        before = answer_of(self.request, try_call(customer, call.call, call.moment, now=now))
        try:
            with nothing_kept(self.request):
                self.save(form)  # type: ignore[attr-defined]
                tried = try_call(customer, call.call, call.moment, now=now)
                return Difference(before, answer_of(self.request, tried, key="then", before=before))
        except Refused as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Outdated):
                form.take_current_version()
            return None


def from_outside(customer: Customer, line: Line | None) -> dict[str, Any]:
    """A call from outside to a line."""
    own = {"caller": OUTSIDE, "number": example_number(customer)}
    return own | {"dialled": number_of(line)} if line else own


def to_outside(customer: Customer, line: Line | None) -> dict[str, Any]:
    """A call from a line to a number outside."""
    return from_phone(line, example_number(customer))


def from_phone(line: Line | None, dialled: str) -> dict[str, Any]:
    """A call from a phone of the office."""
    return {"caller": str(line.pk) if line else OUTSIDE, "dialled": dialled}


def number_of(line: Line) -> str:
    """The number at which the outside world calls a line; its ID where it has no other."""
    did = line.dids.order_by("number").first()
    return f"+{did.number}" if did else line.account_id


def example_number(customer: Customer) -> str:
    """A number of the customer's country as it stands on a visiting card; nobody has it."""
    example = phonenumbers.example_number(str(customer.country or "GB")) or phonenumbers.example_number("GB")
    return str(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
