"""How many text messages may go where: such messages are paid for, and some numbers earn by being sent some."""

from __future__ import annotations

from datetime import datetime, timedelta

import phonenumbers
from django.conf import settings
from django.db.models import QuerySet
from phonenumber_field.phonenumber import PhoneNumber

from selfcare.models import Brand, Customer, OutgoingSms

# Nobody may have us send more to one number, whatever he presses.
MOST_AN_HOUR, MOST_A_DAY = 3, 10
# Numbers that are sold together differ in their last digits.
MOST_TO_NEIGHBOURS_AN_HOUR, OWN_DIGITS = 20, 4
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def reason_against(to: PhoneNumber, *, customer: Customer | None, at: datetime, others: QuerySet[OutgoingSms]) -> str:
    """Why a message of the moment `at` may not go to this number beside `others`; empty if it may."""
    if not is_allowed_country(to, customer):
        return "country"
    near = others.filter(created_at__lt=at + HOUR)  # who asks again later must not be stopped by what came after
    to_it = near.filter(to=to.as_e164)
    if to_it.filter(created_at__gt=at - HOUR).count() >= MOST_AN_HOUR:
        return "hour"
    if to_it.filter(created_at__gt=at - DAY).count() >= MOST_A_DAY:
        return "day"
    neighbours = near.filter(created_at__gt=at - HOUR, to__startswith=to.as_e164[:-OWN_DIGITS])
    return "prefix" if neighbours.count() >= MOST_TO_NEIGHBOURS_AN_HOUR else ""


def is_allowed_country(to: PhoneNumber, customer: Customer | None) -> bool:
    """Whether messages go to the country of the number: one of those listed, else the customer's own or ours."""
    listed = set(settings.SMS.countries)
    if not listed:
        brand = Brand.current()
        listed = {str(row.country) for row in (customer, brand) if row is not None and row.country}
    return phonenumbers.region_code_for_number(to) in listed
