"""The owner sets what calls may cost and who is told; what makes a theft dearer needs his password."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import SpendLimits, SpendReader
from billing.operations.guards import refuse_inexact
from billing.queries.spend_limits import Limit, Spending, spending_of
from billing.queries.spend_readers import Readers, readers_of, users_of
from centrex.operations.notices import tell_owners
from selfcare import formats
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the owner sets; None: no limit of his own, no notice. Amounts in the customer's currency."""

    daily_limit: Decimal | None = None
    period_limit: Decimal | None = None
    low_funds: Decimal | None = None
    day_over: Decimal | None = None
    call_over: Decimal | None = None
    night_abroad: bool = False


FIELDS = tuple(field.name for field in fields(Wanted))


@transaction.atomic
def save_limits(
    *,
    user: User,
    customer: Customer,
    version: int | None,
    wanted: Wanted,
    by_mail: Collection[int],
    by_sms: Collection[int],
    confirmed: bool,
    now: datetime,
) -> SpendLimits:
    """Set the limits and who is told, by the ids of the customer's users.

    Refused above what the telephone company allows, without a reader of mails, and at "password" when calls may cost
    more or fewer people are told and the user has not `confirmed` who he is. Outdated when somebody saved meanwhile.
    """
    kept = locked_limits(customer, version)
    old = SpendLimits(**{name: getattr(kept, name) for name in FIELDS})
    before, told_before = spending_of(customer, now=now), readers_of(customer)
    for name, value in asdict(wanted).items():
        setattr(kept, name, value)
    refuse_too_much(kept, old, before)
    kept.low_since = None if wanted.low_funds != old.low_funds else kept.low_since
    kept.version += 1 if kept.pk else 0
    kept.save()
    told = _save_readers(kept, users_of(customer), by_mail, by_sms)
    after = spending_of(customer, now=now)
    is_looser = allows_more(before, after) or not told_before.are_all_in(told)
    if is_looser and not confirmed:
        raise Refused(_("Type your password: calls may cost more then, or fewer people are told."), field="password")
    changes = differences(old, kept, FIELDS) | told_before.differences(told)
    AuditEvent.write(user=user, action="edit", record=kept, changes=changes)
    if is_looser:
        tell_of_more(user=user, spending=after, key=f"spend-limits:{kept.pk}:{kept.version}")
    return kept


@transaction.atomic
def raise_for_today(*, user: User, customer: Customer, to: Decimal, confirmed: bool, now: datetime) -> SpendLimits:
    """Let calls cost up to `to` until midnight on the customer's clock.

    Refused where there is no limit for a day, for no more than it is already, above what the telephone company
    allows, and at "password" when the user has not `confirmed` who he is.
    """
    kept = locked_limits(customer, None)
    before = spending_of(customer, now=now)
    refuse_inexact(to, customer.currency)
    if before.day is None:
        raise Refused(_("There is no limit for a day."))
    if to <= before.day.amount:
        raise Refused(
            _("Today's limit is %(limit)s already.") % {"limit": in_words(before.day, customer)}, field="amount"
        )
    refuse_above(to, before.most_a_day, customer, field="amount")
    if not confirmed:
        raise Refused(_("Type your password to let calls cost more today."), field="password")
    kept.raised_on, kept.raised_to = before.today, to
    kept.version += 1 if kept.pk else 0
    kept.save()
    after = spending_of(customer, now=now)
    changes = {_("Limit for today"): [in_words(before.day, customer), in_words(after.day, customer)]}
    AuditEvent.write(user=user, action="edit", record=kept, changes=changes)
    tell_of_more(user=user, spending=after, key=f"spend-limits:{kept.pk}:{kept.version}")
    return kept


def locked_limits(customer: Customer, version: int | None) -> SpendLimits:
    """The customer's limits, locked until the transaction ends; new ones where he has none yet."""
    Customer.locked(customer.pk, None)  # of two who save for the first time the second sees the first one's
    kept = SpendLimits.for_customer(customer).first()
    if kept is None:
        return SpendLimits(customer=customer)
    row: SpendLimits = SpendLimits.locked(kept.pk, version)
    return row


def refuse_too_much(kept: SpendLimits, old: SpendLimits, allowed: Spending) -> None:
    """Refused for an amount that the currency cannot carry, and a changed limit above the highest one."""
    customer = kept.customer
    for name in FIELDS:
        amount = getattr(kept, name)
        if isinstance(amount, Decimal):
            try:
                refuse_inexact(amount, customer.currency)
            except Refused as refusal:
                raise Refused(refusal.message, field=name) from refusal
    for name, most in (("daily_limit", allowed.most_a_day), ("period_limit", allowed.most_a_period)):
        amount = getattr(kept, name)
        if amount is not None and amount != getattr(old, name):
            refuse_above(amount, most, customer, field=name)


def refuse_above(amount: Decimal, most: Decimal | None, customer: Customer, *, field: str) -> None:
    """Refused above the highest limit that an owner may choose."""
    if most is not None and amount > most:
        words = _("You can choose up to %(most)s. Ask your telephone company for more.")
        raise Refused(words % {"most": formats.money(most, customer.currency)}, field=field)


def allows_more(before: Spending, after: Spending) -> bool:
    """Whether calls may cost more than before."""
    return is_higher(before.day, after.day) or is_higher(before.in_period, after.in_period)


def is_higher(before: Limit | None, after: Limit | None) -> bool:
    """Whether a limit went up, or away."""
    return before is not None and (after is None or after.amount > before.amount)


def in_words(limit: Limit | None, customer: Customer) -> str:
    return _("No limit") if limit is None else formats.money(limit.amount, customer.currency)


def tell_of_more(*, user: User, spending: Spending, key: str) -> None:
    """Mail the owners that `user` let calls cost more, or had fewer people told."""
    facts = {
        "who": user,
        "day": in_words(spending.day, spending.customer),
        "period": in_words(spending.in_period, spending.customer),
        "url": settings.PORTAL_URL + reverse("billing:alerts"),
    }
    tell_owners(customer=spending.customer, template="spend_limit_raised", context=facts, key=key)


def _save_readers(
    kept: SpendLimits, users: dict[int, User], by_mail: Collection[int], by_sms: Collection[int]
) -> Readers:
    """Replace the readers; only users of the customer's own."""
    mailed, texted = set(by_mail) & set(users), set(by_sms) & set(users)
    if not any(users[pk].email for pk in mailed):
        raise Refused(_("Choose somebody with an e-mail address."), field="by_mail")
    for pk in texted:
        if not users[pk].mobile:
            words = _("We have no mobile number of %(who)s. Ask your telephone company to enter it.")
            raise Refused(words % {"who": users[pk]}, field="by_sms")
    SpendReader.objects.filter(limits=kept).delete()
    SpendReader.objects.bulk_create(
        SpendReader(limits=kept, user=users[pk], by_mail=pk in mailed, by_sms=pk in texted)
        for pk in sorted(mailed | texted)
    )
    return readers_of(kept.customer)
