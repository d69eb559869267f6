"""The demo's spending limits: EasyCall's own, one of the phone in reception, and what was told meanwhile."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from billing.operations.spending import Wanted, save_limits, save_line_limit, watch
from billing.queries.spend_limits import spending_of
from selfcare.demo.people import People
from selfcare.demo.safety import line_of


def make_spending(people: People, *, now: datetime) -> None:
    """Limits that are partly used, made by the page's own acts; the notices come from watching them."""
    found = spending_of(people.easycall, now=now)
    daily = (found.spent_today * 2 + 5).quantize(Decimal(1))
    wanted = Wanted(
        daily_limit=daily if found.most_a_day is None else min(daily, found.most_a_day),
        period_limit=(found.spent_in_period * Decimal("1.1") + 1).quantize(Decimal(1)),
        low_funds=Decimal(250),
        call_over=Decimal(5),
        night_abroad=True,
    )
    save_limits(
        user=people.alice, customer=people.easycall, version=None, wanted=wanted, by_mail=[people.alice.pk], by_sms=[],
        confirmed=True, now=now,
    )  # fmt: skip
    save_line_limit(
        user=people.alice, line=line_of(people.easycall, "210"), version=None, daily_limit=Decimal(10), confirmed=True
    )
    watch(now=now)
