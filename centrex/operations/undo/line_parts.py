"""What counts as a part of a line - settings, forwarding, rules - as it was, put back by the acts of its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import DialingRules, FeatureSetting, ForwardNumber, Line, ScreeningRule, SipProxy, Sound
from centrex.operations.barring import save_barring
from centrex.operations.disa import save_disa
from centrex.operations.features import inherit_feature, save_feature
from centrex.operations.forwarding import COPIED, Number, Wanted, set_forwarding
from centrex.operations.line_dialing import save_line_dialing
from centrex.operations.line_recording import set_recording
from centrex.operations.lines import FIELDS, edit_line
from centrex.operations.screening import arrange_rules, delete_rule, save_rule
from centrex.operations.sites import move_line
from centrex.operations.sounds.line_music import set_line_music
from centrex.operations.undo.said import Said, reversed_words, said_in, turned_back
from centrex.operations.undo.undoing import Undoing
from centrex.queries.dialing import as_row
from centrex.queries.forwarding import LISTS
from centrex.routing.dialing.rules import is_e164
from centrex.routing.features import (
    FEATURES,
    Barring,
    Dialing,
    Disa,
    Feature,
    ForwardOptions,
    Music,
    Recording,
    of_mapping,
)
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from selfcare.models.audit import differences
from selfcare.models.history import around, as_of, states

FORWARDING = ForwardOptions.NAME
# A row as values: those of its columns that people set.
Row = tuple[tuple[str, Any], ...]
RULE = ("enabled", "name", "callers_id", "called_id", "times_id", "action", "number", "message_id")
NUMBER = ("number", *(f"{name}_id" if name == "proxy" else name for name in COPIED))


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a line at a moment: settings by name, forwarding, and rules by id in their order."""

    features: dict[str, Said]
    mode: str
    numbers: tuple[Row, ...]
    rules: tuple[tuple[int, Row], ...]

    @property
    def forwarding(self) -> tuple[object, ...]:
        return self.mode, self.numbers, self.features.get(FORWARDING)


def parts_of(mode: str, features: Any, numbers: Any, rules: Any) -> Parts:
    """The parts from rows of the database, or from kept states of them; a state has its row's id in `pgh_obj_id`."""
    return Parts(
        features={row.name: said_in(row) for row in features},
        mode=mode,
        numbers=tuple(values(row, NUMBER) for row in sorted(numbers, key=lambda row: row.position)),
        rules=tuple(
            (getattr(row, "pgh_obj_id", None) or row.pk, values(row, RULE))
            for row in sorted(rules, key=lambda row: row.position)
        ),
    )


def values(row: Any, names: tuple[str, ...]) -> Row:
    return tuple((name, getattr(row, name)) for name in names)


def parts_now(line: Line) -> Parts:
    return parts_of(line.forwarding, line.features.all(), line.forward_numbers.all(), line.screening_rules.all())


def parts_at(line: Line, mode: str, at: datetime) -> Parts:
    """The parts as they were at that moment, as far as it is kept."""
    return parts_of(
        mode,
        *(as_of(states(model).filter(line=line.pk), at) for model in (FeatureSetting, ForwardNumber, ScreeningRule)),
    )


def parts_around(event: AuditEvent, line: Line) -> tuple[Parts, Parts]:
    """The parts just before and just after the event, which changed them together with the line's version."""
    before, after = around(Line, event.record_id, event.version)
    old, new = (parts_at(line, state.forwarding, state.pgh_created_at) for state in (before, after))
    return old, new


def put_back(*, by: Undoing, event: AuditEvent, line: Line, old: Parts, new: Parts) -> None:
    """Turn back what differs between `old` and `new`; Refused as by the acts of the pages."""
    now = parts_now(line).features
    for name in sorted({*old.features, *new.features} - {FORWARDING}):
        was, became = old.features.get(name), new.features.get(name)
        if was != became:
            feature = FEATURES[name]
            feature_back(by, event, line, feature, turned_back(feature, old=was, new=became, now=now.get(name)))
    if old.forwarding != new.forwarding:
        forwarding_back(by, line, old)
    if old.rules != new.rules:
        rules_back(by, line, old, new)


def feature_back(by: Undoing, event: AuditEvent, line: Line, feature: type[Feature], said: Said) -> None:
    """The line's former setting of a feature, or none of its own, by the act of the feature's page."""
    line.refresh_from_db()
    act: dict[str, Any] = {"user": by.user, "line": line, "version": None, "labels": labels()}
    turned: dict[str, Any] = {"describe": lambda _before, _after, _labels: reversed_words(event)}
    enabled, kept = said or (True, {})
    wanted = of_mapping(feature, kept)
    if feature is Barring:
        save_barring(**act, values=wanted if said else None, enabled=enabled, confirmed=by.confirmed)  # type: ignore[arg-type]
    elif feature is Disa:
        save_disa(**act, **turned, values=wanted if said else None, pin="", enabled=enabled, confirmed=by.confirmed)  # type: ignore[arg-type]
    elif feature is Recording:
        set_recording(**act, values=wanted if said else None, enabled=enabled)  # type: ignore[arg-type]
    elif feature is Music:
        set_line_music(**act, values=wanted if said else None, enabled=enabled)  # type: ignore[arg-type]
    elif feature is Dialing:
        rules = as_row(line.customer, wanted, enabled=enabled) if said else None  # type: ignore[arg-type]
        save_line_dialing(**act, rules=rules)
    elif said:
        save_feature(**act, **turned, values=wanted, enabled=enabled)
    else:
        inherit_feature(**act, **turned, feature=feature)


def forwarding_back(by: Undoing, line: Line, old: Parts) -> None:
    """The former mode with what it uses."""
    line.refresh_from_db()
    _enabled, kept = old.features.get(FORWARDING) or (True, {})
    options = of_mapping(ForwardOptions, kept)
    numbers = [number_back(dict(row)) for row in old.numbers] if old.mode in LISTS else []
    wanted = Wanted(old.mode, options.order, as_typed(options.to), options.uri, options.transport, numbers)
    set_forwarding(user=by.user, line=line, version=None, wanted=wanted, confirmed=by.confirmed, now=by.now)


def number_back(row: dict[str, Any]) -> Number:
    """A kept number as somebody would type it."""
    proxy = SipProxy.objects.filter(pk=row.pop("proxy_id")).first()
    return Number(**row | {"number": as_typed(row["number"]), "proxy": proxy})


def as_typed(number: str) -> str:
    """A number as it is kept, so that it is read as the same again."""
    return f"+{number}" if is_e164(number) else number


def rules_back(by: Undoing, line: Line, old: Parts, new: Parts) -> None:
    """The former rules in their former order; those that somebody added since stay, at the end."""
    before, after = dict(old.rules), dict(new.rules)
    present = set(line.screening_rules.values_list("pk", flat=True))
    for pk in after.keys() - before.keys() & present:
        delete_rule(user=by.user, rule=ScreeningRule.objects.get(pk=pk), version=None)
    ids: dict[int, int] = {pk: pk for pk in present & before.keys()}
    for pk, row in before.items():
        if pk in present and row == after.get(pk):
            continue
        rule = ScreeningRule(pk=pk if pk in present else None, line=Line.objects.get(pk=line.pk), **dict(row))
        if rule.pk:
            rule.position = ScreeningRule.objects.get(pk=pk).position
        if rule.message_id and not Sound.objects.filter(pk=rule.message_id).exists():
            raise Refused(_("The former message no longer exists, so this cannot be undone."))
        ids[pk] = save_rule(user=by.user, rule=rule, version=None, confirmed=by.confirmed, now=by.now).pk
    current = list(line.screening_rules.order_by("position"))
    order = [ids[pk] for pk in before] + [rule.pk for rule in current if rule.pk not in ids.values()]
    off = {ids[pk] for pk, row in before.items() if not dict(row)["enabled"]}
    enabled = {rule.pk for rule in current if rule.enabled} - off
    arrange_rules(
        user=by.user,
        line=Line.objects.get(pk=line.pk),
        version=None,
        order=order,
        enabled=enabled,
        confirmed=by.confirmed,
        now=by.now,
    )


def line_back(by: Undoing, line: Line, version: int) -> None:
    """The line's own columns: name and device, and its site."""
    kept = Line.objects.select_related("site").get(pk=line.pk)
    if differences(kept, line, ("site",)):
        move_line(user=by.user, line=Line.objects.get(pk=line.pk), site=line.site, version=None)
        kept.refresh_from_db()
    if differences(kept, line, FIELDS):
        for name in FIELDS:
            setattr(kept, name, getattr(line, name))
        edit_line(user=by.user, line=kept, version=None)


def labels() -> dict[str, str]:
    """The words of the history where no form gives its labels."""
    dialing = {field.name: str(field.verbose_name) for field in DialingRules._meta.get_fields() if field.concrete}
    return dialing | {"sound": _("Music"), "enabled": _("On"), "source": _("Comes from")}
