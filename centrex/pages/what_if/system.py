"""The telephone system that a call is tried with, and what the engine says to it when it knows what the call costs.

This is the one place where pages get the plan of a try-out; what else shall count in it (changes that are planned for
that time) is put over it here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from billing.queries.accounts import available_of_office
from billing.queries.tariffs import rate_for
from billing.rating.tariff import Rate
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


def system_at(customer: Customer, moment: datetime, *, now: datetime) -> Plan:
    """The customer's telephone system as it is at `moment`, with the phones and the money that are there `now`."""
    office = customer.office
    return plan_of(office, now=moment, available=available_of_office(office), connected_at=now)


def try_call(customer: Customer, call: Call, moment: datetime, *, now: datetime) -> Tried:
    """What becomes of the customer's call at `moment`."""
    plan = system_at(customer, moment, now=now)
    free = decide(without_money(plan), call, moment)
    if free.direction != "out" or free.emergency:
        return Tried(plan, call, moment, decide(plan, call, moment))
    rate = rate_for(customer, free.called, moment)
    priced = replace(call, price=rate.price_next, connect_fee=rate.connect_fee) if rate else call
    return Tried(plan, call, moment, decide(plan, priced, moment), is_paid=True, rate=rate)


def without_money(plan: Plan) -> Plan:
    """The same system as if money were no matter: it tells which number a call would be paid for."""
    return replace(plan, companies={pk: replace(each, available=None) for pk, each in plan.companies.items()})
