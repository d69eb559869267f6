"""Volume Discounts: what is left of each, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic.base import TemplateResponseMixin

from billing.models import CustomerDiscount, DiscountPlan
from billing.periods import last_moment
from billing.queries.discounts import DiscountState, Period, Status, discount_with_others, discounts_of
from billing.rating.discount import Threshold
from selfcare import formats
from selfcare.crud.views import DetailPage, Page

BADGES = {Status.ACTIVE: "good", Status.CONSUMED: "warn", Status.NOT_YET: "none", Status.ENDED: "none"}
ORDER = (Status.ACTIVE, Status.CONSUMED, Status.NOT_YET, Status.ENDED)
WIDTH = 1000
BEYOND = Decimal("1.25")
PERIODS_IN_WINDOW = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A progress bar in units of which WIDTH are its length: how far it is filled, and where thresholds are."""

    fill: int
    ticks: tuple[int, ...]


def bar_of(period: Period) -> Bar | None:
    """The bar of a window; what has no end is drawn a quarter longer than its last edge, None without any edge."""
    edges = [step.upto for step in period.thresholds if step.upto is not None]
    if not edges:
        return None
    whole = edges[-1] if len(edges) == len(period.thresholds) else max(edges[-1], period.used) * BEYOND
    ticks = tuple(int(edge * WIDTH / whole) for edge in edges if edge < whole)
    return Bar(min(int(period.used * WIDTH / whole), WIDTH), ticks)


def percent_words(percent: Decimal) -> str:
    """A discount in words."""
    return gettext("Free") if percent == 100 else gettext("%(percent)s %%") % {"percent": formats.number(percent)}


def step_words(plan: DiscountPlan, thresholds: Sequence[Threshold]) -> list[str]:
    """The steps in words: "up to 100 min: Free", "after that: 50 %"."""
    words = []
    for step in thresholds:
        upto = gettext("after that") if words else gettext("without limit")
        if step.upto is not None:
            upto = gettext("up to %(volume)s") % {"volume": plan.counted(step.upto)}
        words.append(f"{upto}: {percent_words(step.percent)}")
    return words


def left_words(state: DiscountState) -> str:
    """What is left of the step that the next unit falls in; of one among several, at which discount."""
    if state.remaining is None:
        return gettext("no limit")
    volume = state.plan.counted(state.remaining)
    if not state.remaining or len(state.current.thresholds) == 1:
        return gettext("%(volume)s left") % {"volume": volume}
    if state.percent == 100:
        return gettext("%(volume)s left for free") % {"volume": volume}
    return gettext("%(volume)s left at %(percent)s discount") % {
        "volume": volume,
        "percent": percent_words(state.percent),
    }


def time_left(until: datetime, *, now: datetime) -> str:
    """The time until then as days, hours and minutes: "3 days 04:12"."""
    left = max(until - now, timedelta(0))
    hours, seconds = divmod(left.seconds, 3600)
    clock = f"{hours:02}:{seconds // 60:02}"
    if not left.days:
        return clock
    return ngettext("%(days)s day %(clock)s", "%(days)s days %(clock)s", left.days) % {
        "days": formats.number(left.days),
        "clock": clock,
    }


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A window in words."""

    days: str
    used: str
    volume: str
    rolled_over: str
    reached: str


def days_words(period: Period, zone: ZoneInfo) -> str:
    """The first and the last day of a window, as the customer's calendar has them."""
    first = formats.day(period.starts_at.astimezone(zone).date())
    if period.ends_at is None:
        return gettext("since %(day)s") % {"day": first}
    last = formats.day(last_moment(period.ends_at).astimezone(zone).date())
    return first if first == last else f"{first} – {last}"


def period_row(plan: DiscountPlan, period: Period, zone: ZoneInfo) -> PeriodRow:
    """A line of the history."""
    return PeriodRow(
        days=days_words(period, zone),
        used=plan.counted(period.used),
        volume=gettext("Unlimited") if period.volume is None else plan.counted(period.volume),
        rolled_over=plan.counted(period.rolled_over) if period.rolled_over else "",
        reached="" if period.reached is None else plan.counted(period.reached),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A discount in words, for the list and its window."""

    state: DiscountState
    badge: str
    bar: Bar | None
    used: str
    remaining: str
    percent: str
    combined: str
    expiration: str
    steps: list[str]
    periods: list[PeriodRow]

    @property
    def waits(self) -> bool:
        """Whether it has begun, and another goes first."""
        return self.state.status == Status.NOT_YET and self.state.record.starts_at <= timezone.now()


def row_of(state: DiscountState, *, now: datetime, most: int | None = None) -> Row:
    """The words for a discount, with the newest `most` of its periods."""
    plan, status = state.plan, state.status
    windows = [state.current, *state.past] if status != Status.NOT_YET or state.current.used else list(state.past)
    return Row(
        state=state,
        badge=BADGES[status],
        bar=bar_of(state.current),
        used=plan.counted(state.used),
        remaining=left_words(state),
        percent=percent_words(state.percent),
        combined=percent_words(state.combined_percent) if status == Status.ACTIVE else "",
        expiration=_expiration(state, now=now),
        steps=step_words(plan, state.current.thresholds),
        periods=[period_row(plan, period, state.record.customer.zone) for period in windows[:most]],
    )


def _expiration(state: DiscountState, *, now: datetime) -> str:
    if state.record.starts_at > now:
        return gettext("Starts on %(moment)s") % {"moment": formats.moment(state.record.starts_at)}
    if state.expires_at is None:
        return gettext("Never")
    if state.status == Status.ENDED:
        return gettext("Ended on %(moment)s") % {"moment": formats.moment(state.record.ends_at)}
    return time_left(state.expires_at, now=now)


class List(TemplateResponseMixin, Page):
    page = "billing:discounts"
    title = _("Volume Discounts")
    intro = _("Free or cheaper minutes, messages and data: how much you have used, and how much is left.")
    template_name = "billing/discounts/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        found = discounts_of(request.customer, now=now)
        found.sort(key=lambda state: (state.plan.service_id, ORDER.index(state.status)))
        rows = [row_of(state, now=now, most=PERIODS_IN_WINDOW) for state in found]
        groups = [(service, list(own)) for service, own in groupby(rows, key=lambda row: row.state.plan.service)]
        return self.render_to_response(self.get_context_data(groups=groups))


class History(DetailPage):
    page = "billing:discounts"
    model = CustomerDiscount
    template_name = "billing/discounts/history.html"
    intro = _("What was used in each period, and the other discounts for the same calls.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        found = discount_with_others(self.request.customer, self.object.pk, now=now)
        rows = [row_of(state, now=now) for state in found]
        others = [row for row in rows if row.state.pk != self.object.pk]
        by_status = [(status.label, [row for row in others if row.state.status == status]) for status in ORDER]
        facts = {
            "title": self.object.plan.name,
            "row": next(row for row in rows if row.state.pk == self.object.pk),
            "groups": [(label, own) for label, own in by_status if own],
        }
        return super().get_context_data(**(facts | kwargs))
