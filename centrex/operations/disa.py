"""DISA of a line: its settings, the PIN, and what its owners are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from centrex.models import DisaGuard, Line
from centrex.operations.features import Act, Describe, differences, inherit_feature, save_feature
from centrex.operations.notices import tell_owners
from centrex.queries.destinations import Destinations
from centrex.queries.features import effective_of
from centrex.queries.pins import own_numbers, weakness_in_words
from centrex.routing.disa import is_locked, loosened
from centrex.routing.features import Disa, Effective
from centrex.routing.pins import weakness_of
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User

MOST_RECENT = 20  # wrong PINs that the page lists


@transaction.atomic
def save_disa(
    *,
    user: User,
    line: Line,
    version: int | None,
    values: Disa | None,
    pin: str,
    enabled: bool,
    labels: Mapping[str, str],
    confirmed: bool,
    describe: Describe = differences,
) -> Line:
    """Set DISA of the line; `values` None: as its site or company has it, `pin` empty: as it was.

    Refused at "pin" for a weak or missing one, at "fallback" for what is no colleague's extension, and at "password"
    when a thief would have it easier and the user has not `confirmed` who he is. The owners are told of that by mail.
    """
    before = effective_of(line, Disa)
    act: Act = {"user": user, "line": line, "version": version, "labels": labels, "describe": describe}
    if values is None:
        saved = inherit_feature(feature=Disa, **act)
    else:
        saved = save_feature(values=checked(line, values, pin, enabled=enabled), enabled=enabled, **act)
    after = effective_of(line, Disa)
    if not loosened(before, after):
        return saved
    if not confirmed:
        words = _("Type your password to allow this. Whoever knows the PIN can call at your expense.")
        raise Refused(words, field="password")
    if saved.version != line.version or before != after:
        tell_owners(
            customer=line.customer,
            template="disa_on",
            context={"who": user, "line": line, "url": address_of(line)},
            key=f"disa-on:{line.pk}:{saved.version}",
        )
    return saved


def checked(line: Line, values: Disa, pin: str, *, enabled: bool) -> Disa:
    """The values as they are kept: the PIN as a hash, the fallback as a colleague's extension."""
    if pin:
        weakness = weakness_of(pin, own_numbers(line))
        if weakness is not None:
            raise Refused(weakness_in_words(weakness), field="pin")
        values = replace(values, pin_hash=make_password(pin))
    if enabled and not values.pin_hash:
        raise Refused(_("Enter a PIN: without one everybody could call at your expense."), field="pin")
    if values.fallback:
        found = Destinations(line).read(values.fallback, field="fallback")
        if found.line is None or found.line == line.pk:
            raise Refused(_("Enter the extension of a colleague."), field="fallback")
        values = replace(values, fallback=found.number)
    return values


def address_of(line: Line) -> str:
    """The page of the line's DISA, for a mail."""
    return str(settings.PORTAL_URL) + reverse("centrex:line-disa", args=[line.pk])


@transaction.atomic
def tried(*, line: Line, pin: str, caller: str, now: datetime) -> bool:
    """Whether `pin` opens the line's DISA for `caller` (E.164, "" when hidden), counted either way.

    A locked one opens for nobody, also not for the right PIN.
    """
    counts: Effective[Disa] = effective_of(line, Disa)
    guard = guard_of(line)
    if not counts.enabled or is_locked(counts.values, guard.failures):
        return False
    if not check_password(pin, counts.values.pin_hash):
        failed(line=line, caller=caller, now=now)
        return False
    succeeded(line=line, now=now)
    return True


@transaction.atomic
def failed(*, line: Line, caller: str, now: datetime) -> DisaGuard:
    """Count a wrong PIN; the one that locks DISA tells the owners."""
    guard = guard_of(line)
    guard.failures += 1
    guard.recent = [{"at": now.isoformat(), "caller": caller}, *guard.recent][:MOST_RECENT]
    guard.save(update_fields=["failures", "recent"])
    if guard.failures == effective_of(line, Disa).values.lock_after:
        tell_owners(
            customer=line.customer,
            template="disa_locked",
            context={"line": line, "failures": guard.failures, "url": address_of(line)},
            key=f"disa-locked:{line.pk}:{now:%Y%m%d%H%M%S}",
        )
    return guard


@transaction.atomic
def succeeded(*, line: Line, now: datetime) -> DisaGuard:
    """Forget the wrong PINs before a right one; the last ones stay to be looked at."""
    guard = guard_of(line)
    guard.failures = 0
    guard.save(update_fields=["failures"])
    return guard


@transaction.atomic
def used(*, line: Line, caller: str, number: str, now: datetime) -> None:
    """Tell the owners that `caller` called `number` through the line, once on a day of the customer's."""
    guard, today = guard_of(line), now.astimezone(line.customer.zone).date()
    if guard.told_on == today:
        return
    guard.told_on = today
    guard.save(update_fields=["told_on"])
    tell_owners(
        customer=line.customer,
        template="disa_used",
        context={"line": line, "caller": caller, "number": number, "url": address_of(line)},
        key=f"disa-used:{line.pk}:{today:%Y%m%d}",
    )


@transaction.atomic
def unlock(*, user: User, line: Line) -> DisaGuard:
    """Let callers try their PIN again."""
    guard = guard_of(line)
    before, guard.failures = guard.failures, 0
    guard.save(update_fields=["failures"])
    changes = {_("Wrong PINs in a row"): [str(before), "0"]}
    AuditEvent.write(user=user, action="edit", record=line, changes=changes)
    return guard


def guard_of(line: Line) -> DisaGuard:
    """The line's counters, locked until the transaction ends."""
    DisaGuard.objects.get_or_create(line=line, defaults={"customer_id": line.customer_id})
    return DisaGuard.objects.select_for_update(no_key=True).get(line=line)
