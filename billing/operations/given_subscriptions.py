"""What staff do with subscriptions: give a plan to a customer or to one of his lines, and set the last day."""

from __future__ import annotations

from datetime import date, timedelta
from datetime import datetime as Moment
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Subscription, SubscriptionPlan
from billing.operations.allocations import serialise
from billing.operations.guards import AlreadyStarted
from billing.operations.ledger import make_missing_months
from billing.operations.subscriptions import charge, locked, open_planned, set_end
from billing.periods import midnight
from centrex.models import Line
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

ONE_DAY = timedelta(days=1)
BACK_DATED = timedelta(days=366)


def give_subscription(
    *,
    staff: User,
    customer: Customer,
    plan: SubscriptionPlan,
    line: Line | None,
    first_day: date,
    last_day: date | None,
    discount: Decimal,
    given_as: UUID,
    now: Moment,
) -> Subscription:
    """Give `plan` to the customer, or to his `line`, from `first_day` to `last_day` (both included, his calendar).

    What is due by `now` is charged at once. The same `given_as` twice is one; with other values it raises
    AlreadyStarted. Refused for another currency, another customer's line, a plan that is not offered, a discount that
    is no share, and days that are the wrong way round or more than a year ago.
    """
    _refuse_odd(customer, plan, line, discount)
    started_at, ended_at = _bounds(customer, first_day, last_day, now)
    make_missing_months({started_at, now})
    with transaction.atomic():
        serialise(customer)
        known: Subscription | None = Subscription.objects.filter(given_as=given_as).first()
        if known is not None:
            return _same(known, customer, plan, line, started_at)
        given = open_planned(
            customer=customer,
            plan=plan,
            line=line,
            started_at=started_at,
            ended_at=ended_at,
            discount=discount,
            given_as=given_as,
            now=now,
        )
        changes = {
            _("Subscription"): ["", plan.name],
            _("Start date"): ["", f"{first_day}"],
            _("Finish date"): ["", f"{last_day or ''}"],
            _("Discount, %"): ["", f"{discount}"],
            _("Applied to"): ["", str(line or customer)],
        }
        AuditEvent.write(user=staff, customer=customer, action="give subscription", record=given, changes=changes)
    return given


def finish_subscription(*, staff: User, subscription: Subscription, last_day: date, now: Moment) -> Subscription:
    """Set the last day of a subscription; one that has not begun by then is taken back, and costs nothing.

    Refused for a number's, which ends when the number is released, for one that is over, and for a day that is over.
    """
    customer = subscription.customer
    if subscription.did_id is not None:
        raise Refused(_("This is the fee of an external number. It ends when the number is released."))
    ended_at = midnight(last_day + ONE_DAY, zone=customer.zone)
    make_missing_months({now})
    with transaction.atomic():
        current = locked(subscription.pk)
        if current.ended_at is not None and current.ended_at <= now:
            raise Refused(_("This subscription is over."))
        if ended_at <= now:
            raise Refused(_("This day is over. The earliest last day is today."), field="last_day")
        before = last_day_of(current)
        charge(subscription_id=current.pk, now=now)
        set_end(subscription_id=current.pk, ended_at=max(ended_at, current.started_at))
        ended = charge(subscription_id=current.pk, now=now)
        changes = {_("Finish date"): [f"{before or ''}", f"{last_day}"]}
        AuditEvent.write(user=staff, customer=customer, action="end subscription", record=ended, changes=changes)
    return ended


def last_day_of(subscription: Subscription) -> date | None:
    """The last day on the customer's calendar; None while there is none."""
    last = subscription.finishes_at
    return last.astimezone(subscription.customer.zone).date() if last else None


def _refuse_odd(customer: Customer, plan: SubscriptionPlan, line: Line | None, discount: Decimal) -> None:
    if not plan.is_offered:
        raise Refused(_("This plan is not offered any more."), field="plan")
    if plan.currency != customer.currency:
        words = _("This plan is in %(plan)s, but the customer pays in %(customer)s.")
        raise Refused(words % {"plan": plan.currency, "customer": customer.currency}, field="plan")
    if line is not None and line.customer_id != customer.pk:
        raise Refused(_("This belongs to another customer."), field="line")
    if not 0 <= discount <= 100:
        raise Refused(_("Enter a discount between 0 and 100 percent."), field="discount")


def _bounds(customer: Customer, first_day: date, last_day: date | None, now: Moment) -> tuple[Moment, Moment | None]:
    started_at = midnight(first_day, zone=customer.zone)
    if started_at < now - BACK_DATED:
        raise Refused(_("A subscription begins at most a year ago."), field="first_day")
    if last_day is not None and last_day < first_day:
        raise Refused(_("The last day is before the first one."), field="last_day")
    return started_at, None if last_day is None else midnight(last_day + ONE_DAY, zone=customer.zone)


def _same(
    known: Subscription, customer: Customer, plan: SubscriptionPlan, line: Line | None, started_at: Moment
) -> Subscription:
    asked = (customer.pk, plan.pk, line.pk if line else None, started_at)
    if (known.customer_id, known.plan_id, known.line_id, known.started_at) != asked:
        raise AlreadyStarted
    return known
