"""Turning one act back: what an undo would change, worked out before anybody presses a button.

Only what the act itself changed goes back, as in the revert of a commit: what others changed since stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, Versioned
from selfcare.models.audit import in_words
from selfcare.models.history import around, as_record
from selfcare.models.versioned import who_changed

Record = TypeVar("Record", bound=Versioned)


class Fate(Enum):
    """What turning an act back means for one value."""

    STAYS = "the act did not change it, or it is back already"
    GOES_BACK = "it is as the act left it"
    CHANGED_SINCE = "somebody gave it another value after the act"


def fate(*, was: Any, became: Any, now: Any) -> Fate:
    """What becomes of a value that an act changed from `was` to `became`, and that is `now`."""
    if was in (became, now):
        return Fate.STAYS
    return Fate.GOES_BACK if now == became else Fate.CHANGED_SINCE


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would change back, in words; `changed_since`: not what the act left behind any more."""

    label: str
    now: str
    then: str
    changed_since: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an undo would do: `steps`, and what follows from them; `version` is the record's when it was planned."""

    record: Versioned
    version: int | None = None
    steps: list[Step] = field(default_factory=list)
    consequences: list[str] = field(default_factory=list)


def current(event: AuditEvent, model: type[Record]) -> Record:
    """The record of `event` as it is now; Refused when it is deleted."""
    record = model._base_manager.filter(pk=event.record_id).first()
    if record is None:
        raise Refused(_("%(record)s was deleted since. Undo that first.") % {"record": event.record_name})
    return record


def not_kept() -> Refused:
    return Refused(_("What it was before is no longer kept, so this cannot be undone."))


def states(event: AuditEvent, model: type[Record]) -> tuple[Record, Record]:
    """The record just before and just after `event`; Refused when these are not kept."""
    before, after = around(model, event.record_id, event.version)
    if before is None:
        raise not_kept()
    return as_record(model, before), as_record(model, after)


def turn_back(record: Record, old: Record, new: Record, names: Iterable[str]) -> list[Step]:
    """Give `record` the values of `old` where `old` and `new` differ among the fields `names`; says what changed."""
    steps = []
    for name in names:
        field: Any = record._meta.get_field(name)
        was, became, now = (getattr(each, field.attname) for each in (old, new, record))
        becomes = fate(was=was, became=became, now=now)
        if becomes is Fate.STAYS:
            continue
        words = in_words(record, field)
        setattr(record, field.attname, was)
        is_changed = becomes is Fate.CHANGED_SINCE
        steps.append(Step(str(field.verbose_name), words, words_of_target(record, field), is_changed))
    return steps


def words_of_target(record: models.Model, field: Any) -> str:
    """The value that `record` gets back, in words; Refused when it points at something that is gone."""
    try:
        return in_words(record, field)
    except ObjectDoesNotExist as gone:
        facts = {"label": field.verbose_name}
        raise Refused(_("The former %(label)s no longer exists, so this cannot be undone.") % facts) from gone


def let_go_of_the_gone(record: models.Model) -> list[str]:
    """Empty the fields of a returning record that point at what no longer exists, and say so.

    Refused when the record cannot be without.
    """
    sentences = []
    for link in record._meta.concrete_fields:
        key = getattr(record, link.attname)
        if not isinstance(link, models.ForeignKey) or key is None:
            continue
        if link.related_model._base_manager.filter(pk=key).exists():
            continue
        facts = {"label": link.verbose_name}
        if not link.null:
            raise Refused(_("The former %(label)s no longer exists, so this cannot be undone.") % facts)
        setattr(record, link.attname, None)
        sentences.append(_("The former %(label)s is gone and does not come back.") % facts)
    return sentences


def refuse_outdated(record: Versioned, version: int | None) -> None:
    """Outdated, saying who changed what, when `record` is no longer at the `version` that the plan was made for."""
    if version is not None and record.version != version:
        advice = _("Look again at what would change back now.")
        raise Outdated(" ".join([*who_changed(record, version), advice]))


def refuse_empty(plan: Plan) -> Plan:
    """Refused when everything that the act changed is as it was before."""
    if not plan.steps:
        raise Refused(_("Everything is already as it was before this change."))
    return plan
