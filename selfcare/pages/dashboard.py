"""The Dashboard: windows with what a customer looks for first; each user arranges them as he likes."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from billing.documents import spend_charts
from billing.queries.accounts import money_words
from billing.queries.dunning import dunning_of
from billing.queries.invoices import invoice_summary
from billing.queries.spending import Span, spend_by_day
from billing.queries.xdrs import recent_calls, services
from selfcare import access
from selfcare.charts import Chart
from selfcare.crud.views import Page
from selfcare.models import Customer, Preference
from selfcare.tenancy import PortalRequest

RECENT_CALLS = 10


@dataclass(frozen=True, slots=True)
class Window:
    """A window: its name, title, template, and the page that tells more of the same: who sees that sees the window."""

    name: str
    title: Promise
    template: str
    page: str


WINDOWS = {
    window.name: window
    for window in (
        Window("contact", _("Contact Information"), "selfcare/dashboard/contact.html", "profile:general"),
        Window("billing", _("Brief Billing Information"), "selfcare/dashboard/billing.html", "billing:summary"),
        Window("spend", _("Spending"), "selfcare/dashboard/spend.html", "billing:summary"),
        Window("calls", _("Recent Calls"), "selfcare/dashboard/calls.html", "billing:transactions"),
    )
}


@dataclass(slots=True)
class Arrangement:
    """Which windows a user sees, in which order, and which are minimised; names only."""

    order: list[str] = field(default_factory=lambda: list(WINDOWS))
    minimised: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, user: Any) -> Arrangement:
        """As kept; a window that the portal has got since stands at the end."""
        kept = Preference.recall(user, "dashboard")
        order = [name for name in kept.get("order", []) if name in WINDOWS]
        return cls(
            order=order + [name for name in WINDOWS if name not in order],
            minimised=[name for name in kept.get("minimised", []) if name in WINDOWS],
            hidden=[name for name in kept.get("hidden", []) if name in WINDOWS],
        )

    def act(self, verb: str, name: str) -> None:
        """Do what a button of window `name` says: up, down, minimise, restore, hide or show."""
        if verb in {"up", "down"}:
            self._move(name, -1 if verb == "up" else 1)
        elif verb in {"minimise", "hide"}:
            listed = self.minimised if verb == "minimise" else self.hidden
            listed.extend([name] if name not in listed else [])
        elif verb in {"restore", "show"}:
            listed = self.minimised if verb == "restore" else self.hidden
            listed[:] = [other for other in listed if other != name]

    def _move(self, name: str, step: int) -> None:
        """Past the next window that is shown; hidden ones do not count as a place."""
        shown = [other for other in self.order if other not in self.hidden]
        if name not in shown:
            return
        target = min(max(shown.index(name) + step, 0), len(shown) - 1)
        place = self.order.index(shown[target])
        self.order.remove(name)
        self.order.insert(place, name)

    def put_in_order(self, names: list[str]) -> None:
        """Take an order from dragging; what it does not name keeps its place at the end."""
        first = [name for name in dict.fromkeys(names) if name in WINDOWS]
        self.order = first + [name for name in self.order if name not in first]


class Dashboard(Page, TemplateView):
    page = "dashboard"
    title = _("Dashboard")
    template_name = "selfcare/dashboard.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The user of one phone line begins on its page."""
        line = request.customer.only_line
        return super().get(request, *args, **kwargs) if line is None else redirect("centrex:line", line)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        arrangement = Arrangement.of(self.request.user)
        windows = [WINDOWS[name] for name in arrangement.order if access.sees(self.request, WINDOWS[name].page)]
        shown = [window for window in windows if window.name not in arrangement.hidden]
        return super().get_context_data(
            windows=shown,
            hidden=[window for window in windows if window.name in arrangement.hidden],
            minimised=arrangement.minimised,
            **contents(self.request, {window.name for window in shown} - set(arrangement.minimised)),
            **kwargs,
        )


def contents(request: PortalRequest, open_windows: set[str]) -> dict[str, Any]:
    """What the open windows show; a minimised one asks nothing of the database."""
    now = timezone.now()
    found: dict[str, Any] = {}
    if "billing" in open_windows:
        found["funds"] = money_words(request.customer)
        found["invoices"] = invoice_summary(request.customer, now=now)
        found["dunning"] = dunning_of(request.customer, now=now)
    if "spend" in open_windows:
        found["spend"] = spend_of(request.customer, now=now)
    if "calls" in open_windows:
        found["calls"] = recent_calls(request.customer, user=request.user, limit=RECENT_CALLS, now=now)
        found["may_listen"] = access.sees(request, "centrex:calls")
    return found


def spend_of(customer: Customer, *, now: datetime) -> Chart | None:
    """The chart of this billing period, as the Billing Summary has it."""
    span = Span.of(customer, now=now)
    days = spend_by_day(customer, first=span.first, end=span.end)
    return spend_charts.by_day(days, span, services=services(), currency=customer.currency)


@require_POST
def keep_windows(request: HttpRequest) -> HttpResponse:
    """Keeps the arrangement: one button of one window, a whole order from dragging, or back to the default."""
    if request.POST.get("act") == "default":
        Preference.remember(request.user, "dashboard", {})
        return redirect("dashboard")
    arrangement = Arrangement.of(request.user)
    if "order" in request.POST:
        arrangement.put_in_order(request.POST["order"].split(","))
    else:
        verb, _colon, name = request.POST.get("act", "").partition(":")
        if name not in WINDOWS:
            return HttpResponseBadRequest()
        arrangement.act(verb, name)
    Preference.remember(request.user, "dashboard", asdict(arrangement))
    return redirect("dashboard")
