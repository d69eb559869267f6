"""A telephone system as plain values: what the engine knows of an office, its branches, and their lines.

Ids are those of the records; numbers are E.164 without the plus; times are seconds. A plan is read from the database
in a constant number of questions (`centrex.queries.plans`), or made from an unsaved form for a try-out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from centrex.routing import bandwidth
from centrex.routing.codes import Service
from centrex.routing.dialing.rules import DialingRules
from centrex.routing.features import FEATURES, AnyFeature, Barring, Effective, Identity, Voicemail, effective
from centrex.routing.hunting import HuntSequence, Inclusion, Member
from centrex.routing.menus import Menu
from centrex.routing.opening import OpeningHours
from centrex.routing.plan.parts import (
    ALWAYS,
    Action,
    Address,
    Forwarding,
    ForwardTo,
    NumberFilter,
    Record,
    ScreeningRule,
    TimeFilter,
)
from centrex.routing.policy import EVERYWHERE, Countries, Policy, has_code_of

__all__ = [
    "ALWAYS",
    "Action",
    "Address",
    "BarringClass",
    "Company",
    "Extension",
    "ForwardTo",
    "Forwarding",
    "Group",
    "Line",
    "NumberFilter",
    "Plan",
    "Queue",
    "Record",
    "ScreeningRule",
    "TimeFilter",
]

USUAL: dict[str, Effective[Any]] = {name: effective(kind, ()) for name, kind in FEATURES.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """A phone line with everything that counts for it.

    `location` is the country (ISO 3166) of its site where that is known, `emergency` where help is sent to, `cooling`
    the numbers that its calls are not sent to before a moment, and `wrong_pins` those of DISA in a row. `limit_left`
    is what its own spending limit leaves.
    """

    id: int
    account_id: str
    name: str
    customer: int
    zone: ZoneInfo
    site: int | None = None
    blocked: bool = False
    registered: bool = True
    last_used: datetime | None = None
    extension: str = ""
    primary_group: str = ""
    numbers: tuple[str, ...] = ()
    dialing: DialingRules = field(default_factory=DialingRules)
    forwarding: Forwarding = field(default_factory=Forwarding)
    screening: tuple[ScreeningRule, ...] = ()
    menus: tuple[Menu, ...] = ()
    features: Mapping[str, Effective[Any]] = field(default_factory=dict)
    location: str = ""
    emergency: Address | None = None
    cooling: Mapping[str, datetime] = field(default_factory=dict)
    wrong_pins: int = 0
    limit_left: Decimal | None = None

    def feature(self, kind: type[AnyFeature]) -> Effective[AnyFeature]:
        """What counts for the line; the defaults where no place says anything."""
        found: Effective[AnyFeature] = self.features.get(kind.NAME) or USUAL[kind.NAME]
        return found

    @property
    def record(self) -> Record:
        return Record("line", self.id, f"{self.account_id} {self.name}".strip())

    @property
    def shown_number(self) -> str:
        """The number that others see, if they may: the chosen one, or the line's own, or its first external one."""
        own = self.account_id if self.account_id.isdigit() else ""
        return self.feature(Identity).values.number or own or next(iter(self.numbers), "")

    def callback_number(self, country: str) -> str:
        """The number at which the emergency services of `country` call this very line back.

        One of its own, whatever it shows else; where they dial no number abroad, one of their own country code.
        """
        own = [number for number in (self.account_id, *self.numbers) if number.isdigit()]
        near = [number for number in own if has_code_of(number, country)]
        return next(iter([*near, *own]), "") or self.shown_number


@dataclass(frozen=True, slots=True)
class Extension:
    """A short number and the line it rings, None while it has none; `published` ones are found by name."""

    id: int
    number: str
    name: str
    line: int | None
    published: bool = True

    @property
    def record(self) -> Record:
        return Record("extension", self.id, f"{self.number} {self.name}".strip())


@dataclass(frozen=True, slots=True)
class Queue:
    """Callers wait in front of a group; `max_connected` is never 0."""

    id: int
    max_waiting: int
    call_seconds: int
    max_connected: int
    music: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A huntgroup; members and groups inside it are in `Plan.members` and `Plan.includes`."""

    id: int
    number: str
    name: str
    sequence: HuntSequence = "order"
    caller_id: str = "keep"
    pickup_allowed: bool = False
    queue: Queue | None = None
    hours: OpeningHours | None = None

    @property
    def record(self) -> Record:
        return Record("huntgroup", self.id, f"{self.number} {self.name}".strip())


@dataclass(frozen=True, slots=True)
class BarringClass:
    """The ITSP's class of numbers that can be barred; `matching` False takes all numbers but these."""

    id: int
    name: str
    patterns: tuple[str, ...]
    matching: bool = True
    barred_by_default: bool = False

    def is_barred_by(self, barring: Effective[Barring]) -> bool:
        """Whether a line with this setting cannot call the numbers of the class."""
        if not barring.enabled:
            return False
        return self.id in barring.values.barred or (self.barred_by_default and self.id not in barring.values.allowed)


@dataclass(frozen=True, slots=True)
class Company:
    """A customer: a main office or a branch.

    `available` is the money left, and `limit_left` what its spending limits leave; None where nothing limits it.
    `may_call_out` is False, and `active` too, while it does not pay its invoices.
    """

    id: int
    name: str
    country: str = ""
    active: bool = True
    may_call_out: bool = True
    blocked_callers: frozenset[str] = frozenset()
    max_calls: int | None = None
    available: Decimal | None = None
    limit_left: Decimal | None = None
    distinctive_ring: bool = False
    countries: Countries = EVERYWHERE

    @property
    def record(self) -> Record:
        return Record("customer", self.id, self.name)


@dataclass(frozen=True)
class Plan:
    """A main office with its branches; what is found by number is found in an index that a plan makes once."""

    companies: Mapping[int, Company]
    lines: Mapping[int, Line]
    extensions: Mapping[int, Extension] = field(default_factory=dict)
    groups: Mapping[int, Group] = field(default_factory=dict)
    members: Mapping[int, tuple[Member, ...]] = field(default_factory=dict)
    includes: Mapping[int, tuple[Inclusion, ...]] = field(default_factory=dict)
    sites: Mapping[int, tuple[Record, bandwidth.Limits]] = field(default_factory=dict)
    barring_classes: tuple[BarringClass, ...] = ()
    codes: Mapping[Service, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)  # the number space: code -> target, empty as it is
    cooling: Mapping[str, datetime] = field(default_factory=dict)  # new targets of codes that are not in use before
    policy: Policy = field(default_factory=Policy)
    sounds: frozenset[int] = frozenset()  # the greetings that phones can play now, by their ids

    def greeting_of(self, line: Line) -> int | None:
        """The sound that greets callers of the line's box; None, for the standard one, also until it is ready."""
        sound = line.feature(Voicemail).values.greeting_sound
        return sound if sound in self.sounds else None

    @cached_property
    def extensions_by_number(self) -> dict[str, Extension]:
        return {each.number: each for each in self.extensions.values()}

    @cached_property
    def groups_by_number(self) -> dict[str, Group]:
        return {each.number: each for each in self.groups.values()}

    @cached_property
    def lines_by_number(self) -> dict[str, Line]:
        """By ID and by external number; a number that is both is the ID's."""
        external = {number: line for line in self.lines.values() for number in line.numbers}
        return external | {line.account_id: line for line in self.lines.values()}

    @cached_property
    def groups_by_member(self) -> dict[int, list[int]]:
        """The groups (ids) that each extension (id) is itself a member of."""
        found: dict[int, list[int]] = {}
        for group, members in self.members.items():
            for member in members:
                found.setdefault(member.extension, []).append(group)
        return found

    def company_of(self, line: Line) -> Company:
        return self.companies[line.customer]

    def can_be_called(self, line: Line) -> bool:
        """Whether neither the line is blocked nor its company suspended."""
        return not line.blocked and self.company_of(line).active

    def extension_by_number(self, number: str) -> Extension | None:
        return self.extensions_by_number.get(number)

    def group_by_number(self, number: str) -> Group | None:
        return self.groups_by_number.get(number)

    def line_of_extension(self, number: str) -> Line | None:
        """The line that an extension rings, None where there is no such extension or it has none."""
        extension = self.extension_by_number(number)
        return self.lines.get(extension.line) if extension and extension.line else None

    def line_by_number(self, number: str) -> Line | None:
        """The line whose ID or external number this is."""
        return self.lines_by_number.get(number)

    def line_at(self, number: str) -> Line | None:
        """The line that rings at an extension, an ID or an external number."""
        return self.line_of_extension(number) or self.line_by_number(number)
