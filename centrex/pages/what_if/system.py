"""The telephone system that a call is tried with, and what the engine says to it when it knows what the call costs.

This is the one place where pages get the plan of a try-out, with the changes that are planned for that time over it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from billing.queries.accounts import available_of_office
from billing.queries.dunning import blocked_of_office
from billing.queries.spend_limits import left_of_office
from billing.queries.tariffs import rate_for
from billing.rating.tariff import Rate
from centrex.queries.planned import coming, with_notes
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, Decision, decide
from centrex.routing.plan import Plan
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Tried:
    """A call that was tried: what the engine decided over which plan.

    `is_paid`: the call leads outside and costs the caller's company money, by `rate` where there is one.
    """

    plan: Plan
    call: Call
    moment: datetime
    decision: Decision
    is_paid: bool = False
    rate: Rate | None = None


def try_call(customer: Customer, call: Call, moment: datetime, *, now: datetime) -> Tried:
    """What becomes of the call at `moment`, with what is planned until then, and the phones and money of now."""
    office = customer.office
    planned = coming(office, when=moment)
    funds = available_of_office(office)
    limits = left_of_office(office, now=now)
    blocked = blocked_of_office(office)
    plan = plan_of(
        office, now=moment, available=funds, limits_left=limits, blocked=blocked, connected_at=now, overlay=planned
    )
    free = decide(without_money(plan), call, moment)
    is_paid = free.direction == "out" and not free.emergency
    rate = rate_for(customer, free.called, moment) if is_paid else None
    priced = replace(call, price=rate.price_next, connect_fee=rate.connect_fee) if rate else call
    decision = with_notes(decide(plan, priced, moment), planned, viewer=customer.pk)
    return Tried(plan, call, moment, decision, is_paid=is_paid, rate=rate)


def without_money(plan: Plan) -> Plan:
    """The same system as if money were no matter: it tells which number a call would be paid for."""
    companies = {pk: replace(each, available=None, limit_left=None) for pk, each in plan.companies.items()}
    lines = {
        pk: replace(each, limit_left=None) if each.limit_left is not None else each for pk, each in plan.lines.items()
    }
    return replace(plan, companies=companies, lines=lines)
