"""The demo's plans, and who has them: with a discount, for a line, one that is over and one that begins later."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from billing.models import SubscriptionPlan
from billing.operations.given_subscriptions import give_subscription
from billing.operations.ledger import make_missing_months
from billing.rating.subscription import Cycle
from centrex.models import Line
from selfcare.demo.calls import DAYS
from selfcare.demo.people import People
from selfcare.models import Customer, CustomerClass

NAMES = uuid.UUID("5e1fca2e-0000-4000-8000-000000000002")


def make_subscriptions(people: People, *, now: datetime) -> None:
    """Each given as staff give it, on its first day."""
    CustomerClass.objects.update(send_statistic="summary")
    office, recording, support, flat = make_plans()
    begin = now - timedelta(days=DAYS)
    desk = Line.for_customer(people.easycall).order_by("pk").first()
    give(people, people.easycall, office, at=begin, days=None, discount=Decimal(20))
    give(people, people.easycall, recording, at=now - timedelta(days=DAYS // 2), days=None, line=desk)
    give(people, people.easycall, support, at=now - timedelta(days=DAYS * 3 // 4), days=90)
    give(people, people.easycall, support, at=now, days=None, later=timedelta(days=20))
    give(people, people.lotus, flat, at=now - timedelta(days=DAYS // 3), days=None)


def make_plans() -> list[SubscriptionPlan]:
    """In advance and in arrears, by the month and by the day."""
    return [
        SubscriptionPlan.objects.create(
            name="Office Telephone System", currency="USD", fee=Decimal(10), activation_fee=Decimal(25)
        ),
        SubscriptionPlan.objects.create(
            name="Call Recording", currency="USD", fee=Decimal("4.50"), cycle=Cycle.ANNIVERSARY
        ),
        SubscriptionPlan.objects.create(
            name="Support by Telephone", currency="USD", fee=Decimal(15), in_arrears=True, prorated=False
        ),
        SubscriptionPlan.objects.create(
            name="Flat Rate of the Day", currency="USD", fee=Decimal("0.10"), cycle=Cycle.DAILY, in_arrears=True
        ),
    ]


def give(
    people: People,
    customer: Customer,
    plan: SubscriptionPlan,
    *,
    at: datetime,
    days: int | None,
    discount: Decimal = Decimal(0),
    line: Line | None = None,
    later: timedelta = timedelta(0),
) -> None:
    """Give `plan` on the day of `at`, for so many days; `later` is how long after it the subscription begins."""
    make_missing_months({at})
    first = (at + later).astimezone(customer.zone).date()
    give_subscription(
        staff=people.dora,
        customer=customer,
        plan=plan,
        line=line,
        first_day=first,
        last_day=None if days is None else first + timedelta(days=days),
        discount=discount,
        given_as=uuid.uuid5(NAMES, f"{customer.company_name} {plan} {first}"),
        now=at,
    )
