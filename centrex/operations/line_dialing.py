"""A line's own dialing rules, for a phone that is not where its office is."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from centrex.models import DialingRules, Line
from centrex.operations import numbers
from centrex.operations.dialing import mistakes_in, take_outside_prefixes
from centrex.operations.features import inherit_feature, save_feature
from centrex.queries.dialing import as_feature, outside_prefixes
from centrex.routing.features import Dialing
from selfcare.errors import Refused
from selfcare.models import User


@transaction.atomic
def save_line_dialing(
    *, user: User, line: Line, version: int | None, rules: DialingRules | None, labels: Mapping[str, str]
) -> Line:
    """Give the line rules of its own, or its office's again (None).

    `rules` is a record of the line's customer that is never saved. Refused at the field that is in the way, also of
    the office's numbers; Outdated when somebody saved the line since `version`.
    """
    office = numbers.locked_office(line.customer.office)
    before = outside_prefixes(office)
    if rules is None:
        saved = inherit_feature(user=user, line=line, version=version, feature=Dialing, labels=labels)
    else:
        for field, message in mistakes_in(rules).items():
            raise Refused(message, field=field)
        values = as_feature(rules)
        saved = save_feature(user=user, line=line, version=version, values=values, enabled=rules.enabled, labels=labels)
    take_outside_prefixes(office, before)
    return saved
