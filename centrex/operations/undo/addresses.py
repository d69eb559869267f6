"""Undo of emergency addresses: one that is on its way is taken back, and a former one is checked anew.

Nothing comes into force by an undo, as nobody may be sent to an address that was not accepted; and what is in force is
never taken away without another in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import EmergencyAddress, Line, Site
from centrex.models.emergency import OPEN
from centrex.operations.emergency.addresses import FIELDS, SHOWN, Place, State, save_address, withdraw_address
from centrex.operations.undo.undoing import Undoing
from centrex.queries.emergency import in_place
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from selfcare.models.audit import differences
from selfcare.models.history import END, around, as_record, states
from selfcare.reversal import Step, not_kept


@dataclass(frozen=True, slots=True)
class AddressBack:
    """What would change, what follows, and the act; None: it is as before."""

    steps: list[Step] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    act: Callable[[Undoing], None] | None = None


def address_back(event: AuditEvent, line: Line) -> AddressBack | None:
    """How an act on an emergency address is undone; None for an act on something else."""
    touched = touched_by(event, line)
    if not touched:
        return None
    left = touched[-1]
    old, was_there = former(touched[0])
    place = place_of(line, left)
    rows = in_place(place.customer, site=place.site, line=place.line)
    waiting, active = rows.filter(state__in=OPEN).first(), rows.filter(state=State.ACTIVE).first()
    present = waiting or active
    if left.pgh_label == END:
        old = as_record(EmergencyAddress, left)
    nothing = EmergencyAddress(customer=line.customer)
    changed_since = bool(differences(present or nothing, left_behind(left, active, nothing), FIELDS))
    back = differences(present or nothing, old or nothing, FIELDS)
    steps = [Step(label, now, then, changed_since) for label, (now, then) in back.items()]
    if not steps:
        return AddressBack()
    on_its_way = waiting is not None and waiting.pk == left.pgh_obj_id and not was_there
    if on_its_way and (old is None or (active is not None and not differences(active, old, FIELDS))):
        stays = _("The address that is in force stays in force.")
        none = _("No address of its own remains here; that of the site or company counts, if there is one.")
        return AddressBack(steps, [stays if old else none], partial(withdraw, line=line, place=place))
    if old is None:
        raise Refused(
            _(
                "This address is in force. Without it nobody would know where to send help when somebody calls for it, "
                "so it is not taken away: enter another one in its place."
            )
        )
    words = _("The former address is checked again; until that is done, what is in force now stays in force.")
    return AddressBack(steps, [words], partial(submit, line=line, place=place, old=old))


def touched_by(event: AuditEvent, line: Line) -> list[Any]:
    """The states of the one address that the act was about, oldest first; none for an act on something else."""
    fields: list[Any] = [EmergencyAddress._meta.get_field(name) for name in SHOWN]
    labels = {str(field.verbose_name) for field in fields}
    _before, after = around(Line, event.record_id, event.version)
    if after is None or after.pgh_context_id is None or not set(event.changes) <= labels:
        return []
    found = states(EmergencyAddress).filter(customer=line.customer_id, pgh_context_id=after.pgh_context_id)
    about = found.exclude(state=State.SUPERSEDED).last()
    return list(found.filter(pgh_obj=about.pgh_obj_id)) if about else []


def former(first: Any) -> tuple[EmergencyAddress | None, bool]:
    """What people saw before the act whose first state is `first`, and whether the row was there already."""
    earlier = states(EmergencyAddress).filter(pgh_id__lt=first.pgh_id)
    own = earlier.filter(pgh_obj=first.pgh_obj_id).last()
    if own is not None:
        return as_record(EmergencyAddress, own), True
    here = earlier.filter(customer=first.customer_id, site=first.site_id, line=first.line_id)
    latest = here.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    in_force = [row for row in latest if row.state == State.ACTIVE and row.pgh_label != END]
    return (as_record(EmergencyAddress, in_force[-1]) if in_force else None), False


def left_behind(left: Any, active: EmergencyAddress | None, nothing: EmergencyAddress) -> EmergencyAddress:
    """What the act left: its address, or, where it took one back, what is in force."""
    return (active or nothing) if left.pgh_label == END else as_record(EmergencyAddress, left)


def place_of(line: Line, state: Any) -> Place:
    """Whose address it is; Refused when its site is gone."""
    site = Site.objects.filter(pk=state.site_id).first()
    if state.site_id is not None and site is None:
        raise Refused(_("The site no longer exists, so this cannot be undone."))
    if state.line_id not in (None, line.pk):
        raise not_kept()
    return Place(line.customer, site=site, line=line if state.line_id else None)


def withdraw(by: Undoing, *, line: Line, place: Place) -> None:
    withdraw_address(user=by.user, line=line, version=None, place=place)


def submit(by: Undoing, *, line: Line, place: Place, old: EmergencyAddress) -> None:
    values = {name: getattr(old, name) for name in FIELDS}
    save_address(user=by.user, line=line, version=None, place=place, values=values, now=by.now)
