"""The one number space of a main office and its branches: who may have a code.

No two codes are equal and none is the beginning of another, or a caller could not dial the longer one.
The database holds the first; the second compares many rows, so every act here holds the office's lock. Emergency
numbers stand in the number space of every office: nobody may need longer for one because of a code.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from centrex.models import DialCode
from centrex.queries.numbers import emergency_numbers_of, link_to
from selfcare.errors import Refused
from selfcare.models import Customer


def locked_office(customer: Customer) -> Customer:
    """The main office's row, locked until the transaction ends; every act on numbers or members begins here.

    Refused for a branch office: its main office keeps its numbers.
    """
    # "no key": calls and invoices that point at the customer are still written meanwhile.
    office: Customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if office.is_branch:
        raise Refused(_("Your main office keeps this; you can look at it here."))
    return office


def claim(
    *, office: Customer, code: str, kind: DialCode.Kind, field: str = "number", leads_outside: bool = False
) -> DialCode:
    """Take `code` for a record of `kind`; Refused at `field` when another code is in the way."""
    refuse_clash(office=office, code=code, field=field, leads_outside=leads_outside)
    return DialCode.objects.create(customer=office, code=code, kind=kind)


def move(*, office: Customer, old: str, new: str, field: str = "number") -> None:
    """Take `new` in place of `old`; the old code does not stand in the way of the new one."""
    if old == new:
        return
    refuse_clash(office=office, code=new, field=field, besides=[old])
    DialCode.objects.filter(customer=office, code=old).update(code=new)


def release(*, office: Customer, code: str) -> None:
    """Give `code` back."""
    DialCode.objects.filter(customer=office, code=code).delete()


def refuse_clash(
    *, office: Customer, code: str, field: str, besides: Collection[str] = (), leads_outside: bool = False
) -> None:
    """Refused when `code` is taken, is the beginning of a code, or begins with one; not for the codes `besides`."""
    refuse_emergency(office=office, code=code, field=field, leads_outside=leads_outside)
    beginnings = [code[:length] for length in range(1, len(code) + 1)]
    clashes = DialCode.objects.filter(Q(code__startswith=code) | Q(code__in=beginnings), customer=office)
    clash = clashes.exclude(code__in=besides).order_by("code").first()
    if clash is not None:
        link = link_to(office, clash)
        raise Refused(why_not(code, clash.code, link.words, kind=clash.kind), field=field, link=link)


def refuse_emergency(*, office: Customer, code: str, field: str, leads_outside: bool = False) -> None:
    """Refused when `code` would hide an emergency number of one of the office's countries.

    A prefix that leads outside may be the beginning of one, as 9 is of 911: dialing rules know the whole number
    before they look at the prefix.
    """
    why = why_no_emergency(code, emergency_numbers_of(office), leads_outside=leads_outside)
    if why is not None:
        raise Refused(why, field=field)


def why_no_emergency(code: str, emergency: Collection[str], *, leads_outside: bool = False) -> str | None:
    """Why `code` cannot stand beside these emergency numbers, in one sentence; None when it can."""
    for number in emergency:
        if number == code:
            return _("%(code)s calls for help in an emergency.") % {"code": code}
        if code.startswith(number) or (number.startswith(code) and not leads_outside):
            return why_not(code, number, _("an emergency number"))
    return None


def why_not(code: str, other: str, meaning: str, *, kind: str = "") -> str:
    """Why `code` cannot stand beside `other`, which is `meaning`, in one sentence."""
    facts = {"code": code, "other": other, "meaning": meaning}
    if other == code:
        if kind in (DialCode.Kind.EXTENSION, DialCode.Kind.HUNTGROUP):
            return _("%(code)s is already the number of %(meaning)s.") % facts
        return _("%(code)s is already %(meaning)s.") % facts
    if other.startswith(code):
        return _("%(code)s is the beginning of %(other)s (%(meaning)s), which nobody could dial any more.") % facts
    return _("%(code)s begins with %(other)s (%(meaning)s): the call would go there after these digits.") % facts
