"""What staff do with a difference: they look into it and say what it was."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Difference
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User


def clear_difference(*, difference: Difference, staff: User, because: str, now: datetime) -> Difference:
    """Close the difference with a word about what it was; nothing is booked by this. Refused once it is closed."""
    with transaction.atomic():
        locked: Difference = Difference.objects.select_for_update().get(pk=difference.pk)
        if locked.cleared_at is not None:
            raise Refused(_("This difference was closed already."))
        locked.cleared_at, locked.cleared_by, locked.cleared_because = now, staff, because
        locked.save()
        payment = locked.payment
        AuditEvent.write(
            user=staff,
            action="clear difference",
            record=payment or locked,
            customer=payment.customer if payment else None,
            changes={str(locked.get_kind_display()): ["", because]},
        )
    return locked
