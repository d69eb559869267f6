"""Service codes: what is meant by digits that begin with one, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations


class Service(StrEnum):
    """What a company's codes ask for."""

    PAGING = "paging"
    PICKUP = "pickup"
    PARK = "park"
    RELEASE = "release"
    HIDE_CLI = "hide_cli"
    SHOW_CLI = "show_cli"
    RECORD_START = "record_start"
    RECORD_STOP = "record_stop"


@dataclass(frozen=True, slots=True)
class Asked:
    """A service, and the digits behind its code: a group to pick up from, an extension, a number to call."""

    service: Service
    rest: str


class NoPickup(StrEnum):
    """Why a caller may not pick up."""

    NO_PRIMARY_GROUP = "no_primary_group"
    NOT_A_MEMBER = "not_a_member"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Pickup:
    """The number of the huntgroup whose ringing call is taken, or the reason why none is."""

    group: str | None
    reason: NoPickup | None = None


def service_of(dialled: str, codes: Mapping[Service, str]) -> Asked | None:
    """The service whose code `dialled` begins with, the longest code first; None for an ordinary number."""
    for service, code in sorted(codes.items(), key=lambda pair: len(pair[1]), reverse=True):
        if code and dialled.startswith(code):
            return Asked(service, dialled[len(code) :])
    return None


def find_clash(codes: Mapping[Service, str]) -> tuple[Service, Service] | None:
    """Two services of which the first's code is, or is the beginning of, the second's; None when all differ."""
    return next((pair for pair in permutations(codes, 2) if codes[pair[1]].startswith(codes[pair[0]])), None)


def pickup_of(rest: str, *, primary: str | None, member_of: Mapping[str, bool]) -> Pickup:
    """What a caller gets who dialled the pickup code and then `rest`.

    Nothing behind the code means the caller's `primary` group, a number the group of that number. `member_of` maps
    the number of each group that the caller is in to whether it allows pickup.
    """
    group = rest or primary
    if not group:
        return Pickup(None, NoPickup.NO_PRIMARY_GROUP)
    if group not in member_of:
        return Pickup(None, NoPickup.NOT_A_MEMBER)
    return Pickup(group) if member_of[group] else Pickup(None, NoPickup.NOT_ALLOWED)
