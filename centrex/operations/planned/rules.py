"""Call Screening as a part that can be planned: written by the acts of its pages, and no more of them than needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import Line, ScreeningRule, Sound
from centrex.operations.screening import arrange_rules, delete_rule, save_rule
from centrex.operations.undo.line_parts import as_typed
from centrex.queries.planned_rules import deleted_in, rules_in, values_of, with_values
from selfcare.errors import Refused
from selfcare.models import User


def set_rules(*, user: User, line: Line, state: Mapping[str, Any], confirmed: bool, now: datetime) -> None:
    """Make the rules of the line those of the state; one that was planned has the id that it got then.

    Refused as by the acts of the pages, and when a rule or a message that the state needs was deleted.
    """
    if deleted_in(state):
        raise Refused(_("Somebody deleted a rule that this would change."))
    wanted = rules_in(state)
    kept = {rule.pk: rule for rule in line.screening_rules.all()}
    for pk in kept.keys() - wanted.keys():
        delete_rule(user=user, rule=kept[pk], version=None)
    for pk, values in wanted.items():
        if pk in kept and values_of(kept[pk]) == values | {"enabled": kept[pk].enabled}:
            continue  # on and off goes with the order, as on the page
        rule = with_values(kept.get(pk) or ScreeningRule(pk=pk, line=line), values)
        rule.number = as_typed(rule.number)
        refuse_lost_message(rule)
        save_rule(user=user, rule=rule, version=None, confirmed=confirmed, now=now)
    arrange_rules(
        user=user,
        line=Line.objects.get(pk=line.pk),
        version=None,
        order=list(wanted),
        enabled={pk for pk, values in wanted.items() if values["enabled"]},
        confirmed=confirmed,
        now=now,
    )


def refuse_lost_message(rule: ScreeningRule) -> None:
    """Refused when the message that the rule plays is gone."""
    if rule.message_id is not None and not Sound.objects.filter(pk=rule.message_id).exists():
        raise Refused(_("The recorded message that this needs no longer exists."))
