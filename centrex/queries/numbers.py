"""What a dialled code means inside an office."""

from __future__ import annotations

from django.utils.translation import gettext as _

from centrex.models import DialCode, Extension, Huntgroup
from centrex.queries.dialing import with_outside_prefix
from selfcare.models import Customer


def meaning_of(office: Customer, code: DialCode) -> str:
    """What `code` is, in words such as "huntgroup Sales"."""
    if code.kind == DialCode.Kind.EXTENSION:
        name = Extension.for_customer(office).filter(number=code.code).values_list("name", flat=True).first()
        return _("extension %(name)s") % {"name": name} if name else _("an extension")
    if code.kind == DialCode.Kind.HUNTGROUP:
        name = Huntgroup.for_customer(office).filter(number=code.code).values_list("name", flat=True).first()
        return _("huntgroup %(name)s") % {"name": name} if name else _("a huntgroup")
    if code.kind == DialCode.Kind.ABBREVIATED:
        return _("an abbreviated number")
    if with_outside_prefix(office).filter(outside_prefix=code.code).exists():
        return _("the prefix to reach the outside network")
    return _("a service code")
