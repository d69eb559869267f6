"""An emergency address on its way: draft, submitted, needs_choice or invalid, accepted, active, superseded.

The active one counts all the while; `centrex.routing.emergency` says which state may follow which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import EmergencyAddress, Line, Site
from centrex.models.emergency import OPEN
from centrex.operations.emergency.validators import Answer, refuse_form, validator
from centrex.operations.notices import tell_owners
from centrex.queries.emergency import in_place
from centrex.routing.emergency import may_follow
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences
from selfcare.models.history import one_act

State = EmergencyAddress.State
FIELDS = (
    "caller_name", "country", "province", "city", "postal_code", "street", "house_number", "extra", "notify",
)  # fmt: skip
SHOWN = (*FIELDS, "state")


@dataclass(frozen=True, slots=True)
class Place:
    """What an address is for: a line, or a site, or else the whole company."""

    customer: Customer
    site: Site | None = None
    line: Line | None = None


@transaction.atomic
@one_act
def save_address(
    *, user: User, line: Line, version: int | None, place: Place, values: Mapping[str, Any], now: datetime
) -> EmergencyAddress:
    """Write the address of a place down, seen from the page of `line`, and submit it to be checked.

    What was on its way before is replaced, what is active stays in force. Outdated when somebody saved the line since
    `version`; Refused at the field that no address of the country could have.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=place.customer.pk)  # two people, two lines, one company
    current = Line.locked(line.pk, line.version if version is None else version)
    rows = in_place(place.customer, site=place.site, line=place.line)
    before = rows.filter(state__in=OPEN).first() or rows.filter(state=State.ACTIVE).first()
    old = before or EmergencyAddress(customer=place.customer)
    address = before if before is not None and before.state in OPEN else None
    address = address or EmergencyAddress(customer=place.customer, site=place.site, line=place.line)
    kept = EmergencyAddress(**{name: getattr(old, name) for name in ("customer", *SHOWN)})
    for name in FIELDS:
        setattr(address, name, values[name])
    refuse_form(address)
    if (
        before is not None
        and before.state in (State.ACTIVE, State.SUBMITTED)
        and not differences(kept, address, FIELDS)
    ):
        return before
    if address.pk is not None:
        move(address, State.DRAFT)
        address.version += 1
    move(address, State.SUBMITTED)
    address.reason, address.candidates, address.submitted_at = "", [], now
    address.save()
    taken(address, validator().check(address), now=now)
    noted(user=user, line=current, changes=differences(kept, address, SHOWN))
    return address


@transaction.atomic
@one_act
def withdraw_address(*, user: User, line: Line, version: int | None, place: Place) -> None:
    """Take an address that is on its way back, seen from the page of `line`; what is in force stays in force.

    Outdated when somebody saved the line since `version`; Refused when nothing is on its way any more.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=place.customer.pk)
    current = Line.locked(line.pk, line.version if version is None else version)
    rows = in_place(place.customer, site=place.site, line=place.line)
    address = rows.select_for_update(of=("self",)).filter(state__in=OPEN).first()
    if address is None:
        raise Refused(_("The address is no longer on its way. Look again."))
    in_force = rows.filter(state=State.ACTIVE).first() or EmergencyAddress(customer=place.customer)
    changes = differences(address, in_force, FIELDS)
    address.delete()
    noted(user=user, line=current, changes=changes)


def noted(*, user: User, line: Line, changes: dict[str, list[str]]) -> None:
    """Write the act down as a version of the line from whose page it was done."""
    line.version += 1
    line.save(update_fields=["version"])
    AuditEvent.write(user=user, action="edit", record=line, changes=changes)


def move(address: EmergencyAddress, state: str) -> None:
    """Into another state; a mistake of ours when it may not follow."""
    if not may_follow(address.state, state):
        raise ValueError(f"{address.state} cannot become {state}")
    address.state = state


def taken(address: EmergencyAddress, answer: Answer, *, now: datetime) -> None:
    """Do what the check found."""
    if answer.state == State.SUBMITTED:
        return
    if answer.state == State.ACCEPTED:
        activate(address, now=now)
        return
    move(address, answer.state)
    address.candidates, address.reason = [dict(each) for each in answer.candidates], answer.reason
    address.version += 1
    address.save()
    tell_owners_of(address)


def activate(address: EmergencyAddress, *, now: datetime) -> None:
    """Accept the address and put it into force in place of the former one."""
    move(address, State.ACCEPTED)
    rows = in_place(address.customer, site=address.site, line=address.line)
    for former in rows.select_for_update(of=("self",)).filter(state=State.ACTIVE):
        move(former, State.SUPERSEDED)
        former.version += 1
        former.save(update_fields=["state", "version"])
    move(address, State.ACTIVE)
    address.reason, address.candidates, address.activated_at = "", [], now
    address.version += 1
    address.save()
    tell_owners_of(address)


def tell_owners_of(address: EmergencyAddress) -> None:
    """What became of it, by mail."""
    key = f"emergency-address:{address.pk}:{address.version}"
    tell_owners(customer=address.customer, template="emergency_address", context={"address": address}, key=key)


@transaction.atomic
def accept(*, user: User, address: EmergencyAddress, now: datetime) -> EmergencyAddress:
    """The staff found the address: it is in force from now on."""
    current = waiting(address)
    activate(current, now=now)
    AuditEvent.write(user=user, action="edit", record=current, changes=state_change(current, State.SUBMITTED))
    return current


@transaction.atomic
def reject(*, user: User, address: EmergencyAddress, reason: str, now: datetime) -> EmergencyAddress:
    """The staff did not find the address; the customer reads the `reason`."""
    current = waiting(address)
    taken(current, Answer(State.INVALID, reason=reason), now=now)
    AuditEvent.write(user=user, action="edit", record=current, changes=state_change(current, State.SUBMITTED))
    return current


@transaction.atomic
def offer(
    *, user: User, address: EmergencyAddress, candidates: Sequence[Mapping[str, str]], now: datetime
) -> EmergencyAddress:
    """The staff found several: the customer chooses one of `candidates`."""
    current = waiting(address)
    taken(current, Answer(State.NEEDS_CHOICE, candidates=candidates), now=now)
    AuditEvent.write(user=user, action="edit", record=current, changes=state_change(current, State.SUBMITTED))
    return current


@transaction.atomic
@one_act
def choose(*, user: User, line: Line, address: EmergencyAddress, place: int, now: datetime) -> EmergencyAddress:
    """Take the candidate at `place` (from 0), which is in force from now on; seen from the page of `line`."""
    current = EmergencyAddress.locked(address.pk, None)
    if current.state != State.NEEDS_CHOICE or not 0 <= place < len(current.candidates):
        raise Refused(_("This can no longer be chosen. Look again."))
    kept = EmergencyAddress(**{name: getattr(current, name) for name in ("customer", *SHOWN)})
    for name, value in current.candidates[place].items():
        setattr(current, name, value)
    activate(current, now=now)
    noted(user=user, line=Line.locked(line.pk, None), changes=differences(kept, current, SHOWN))
    return current


def waiting(address: EmergencyAddress) -> EmergencyAddress:
    """The address as it is now, locked; Refused when nobody waits for an answer about it."""
    current = EmergencyAddress.locked(address.pk, None)
    if current.state != State.SUBMITTED:
        raise Refused(_("The customer or a colleague was faster: nobody waits for an answer about this address."))
    return current


def state_change(address: EmergencyAddress, before: str) -> dict[str, list[str]]:
    """From which state into which, in words."""
    return {_("state"): [str(State(before).label), str(State(address.state).label)]}
