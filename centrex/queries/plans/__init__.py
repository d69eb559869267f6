"""A main office with its branches, read into the plain values that the routing engine takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.conf import settings

from centrex.models import Site
from centrex.queries.destinations import barring_classes
from centrex.queries.dialing import internal_of
from centrex.queries.planned import AS_IT_IS, Overlay
from centrex.queries.plans.cooling import cooling_of
from centrex.queries.plans.groups import as_extension, extensions_of, groups_of
from centrex.queries.plans.lines import lines_of, settings_of
from centrex.queries.plans.offices import codes_in_use, companies_of, offices_of, outside_prefixes_of, sites_of
from centrex.queries.sites import limits_of
from centrex.queries.sounds import greetings_ready
from centrex.routing import plan as routing
from centrex.routing.bandwidth import Limits
from centrex.routing.policy import Policy
from selfcare.models import Customer

LimitsLeft = tuple[Mapping[int, Decimal], Mapping[int, Decimal]]
WITHOUT_LIMITS: LimitsLeft = ({}, {})
WITHOUT_BLOCKS: Mapping[int, str] = {}


def plan_of(
    office: Customer,
    *,
    now: datetime,
    available: Mapping[int, Decimal] | None = None,
    limits_left: LimitsLeft = WITHOUT_LIMITS,
    blocked: Mapping[int, str] = WITHOUT_BLOCKS,
    connected_at: datetime | None = None,
    overlay: Overlay = AS_IT_IS,
) -> routing.Plan:
    """The telephone system of a main office and its branch offices, in 10 queries whatever its size.

    `now` is when it is asked about; `connected_at` tells which phones are connected, for a plan of another day than
    today. `available` maps customers' ids to the money they have left, and who is not in it is not limited by money;
    `limits_left` says what spending limits leave to customers, and to lines; `blocked` who may not call because he
    did not pay: "restrict", "suspend".
    `overlay` is what shall count in place of what the database says (`centrex.queries.planned.coming`).
    """
    offices = offices_of(office, now=now)
    extensions = extensions_of(office)
    cooling = cooling_of(offices.values())
    groups, members, includes = groups_of(office, extensions, overlay, cooling.groups, now=now)
    sites, said = sites_of(offices), settings_of(offices, overlay, now=now)
    outside = outside_prefixes_of(offices, (row for rows in said.said.values() for row in rows))
    return routing.Plan(
        companies=companies_of(offices, office, available or {}, limits_left[0], blocked),
        lines=limited(
            lines_of(said, sites, extensions, overlay, cooling.lines, now=connected_at or now), limits_left[1]
        ),
        extensions={row.pk: as_extension(row) for row in extensions},
        groups=groups,
        members=members,
        includes=includes,
        sites={site.pk: as_limits(site) for site in sites},
        barring_classes=barring_classes(),
        sounds=greetings_ready(offices),
        cooling=cooling.codes,
        policy=Policy(denied=tuple(settings.DENIED_DESTINATIONS)),  # the rest of it is asked when a number is saved
        codes=codes_in_use(offices[office.pk]),
        numbers={**internal_of(office, outside=outside), **overlay.codes()},
    )


def limited(lines: Mapping[int, routing.Line], left: Mapping[int, Decimal]) -> dict[int, routing.Line]:
    """The lines with what their own spending limits leave."""
    return {**lines, **{pk: replace(lines[pk], limit_left=amount) for pk, amount in left.items() if pk in lines}}


def as_limits(site: Site) -> tuple[routing.Record, Limits]:
    """A site's name and what it allows."""
    return routing.Record("site", site.pk, str(site)), limits_of(site)
