"""Whether menus answer a line's calls; as soon as they do, the menu ROOT is there."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from centrex.models import Line, Menu
from centrex.models.attendant import ROOT
from centrex.operations.features import inherit_feature, save_feature
from centrex.queries.features import effective_of
from centrex.routing.features import AutoAttendant
from selfcare.models import AuditEvent, User


@transaction.atomic
def save_attendant(
    *, user: User, line: Line, version: int | None, values: AutoAttendant, enabled: bool, labels: Mapping[str, str]
) -> Line:
    """Make this the line's own setting; Outdated and Refused as `save_feature`."""
    saved = save_feature(user=user, line=line, version=version, values=values, enabled=enabled, labels=labels)
    make_root(user=user, line=saved)
    return saved


@transaction.atomic
def inherit_attendant(*, user: User, line: Line, version: int | None, labels: Mapping[str, str]) -> Line:
    """Give the line's own setting up; Outdated and Refused as `inherit_feature`."""
    saved = inherit_feature(user=user, line=line, version=version, feature=AutoAttendant, labels=labels)
    make_root(user=user, line=saved)
    return saved


def make_root(*, user: User, line: Line) -> None:
    """The menu that calls enter, where menus answer them; the caller holds the line's row."""
    if not effective_of(line, AutoAttendant).enabled or line.menus.filter(name=ROOT).exists():
        return
    root = Menu.objects.create(customer_id=line.customer_id, line=line, name=ROOT)
    AuditEvent.write(user=user, action="add", record=root)
