"""A small office for the engine's tests: Alice 201, Bob 202, Carla 203 without a line; Sales 88 and Support 89."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from centrex.routing.codes import Service
from centrex.routing.dialing.rules import DialingRules, Kind
from centrex.routing.engine import Call, Decision, decide
from centrex.routing.features import Effective, Feature, Source
from centrex.routing.hunting import Member
from centrex.routing.plan import Company, Extension, Group, Line, Plan

ALICE, BOB = 1, 2
SALES, SUPPORT = 1, 2
MONDAY_NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # 12:00 in New York
NEW_YORK = ZoneInfo("America/New_York")
RULES = DialingRules(
    enabled=True, kind=Kind.RESIDENTIAL, country_code="1", international_prefixes=("011",), area_codes=("212",),
    long_distance_prefix="1", always_area=True, national_lengths=(10,),
)  # fmt: skip


def line(number: int, **values: Any) -> Line:
    usual: dict[str, Any] = {
        "id": number, "account_id": f"1212555010{number}", "name": ("Alice", "Bob")[number - 1], "customer": 1,
        "zone": NEW_YORK, "extension": str(200 + number), "primary_group": "88", "dialing": RULES,
    }  # fmt: skip
    return Line(**(usual | values))


def office(**values: Any) -> Plan:
    usual: dict[str, Any] = {
        "companies": {1: Company(1, "EasyCall Ltd", country="US")},
        "lines": {ALICE: line(ALICE), BOB: line(BOB, numbers=("12125550999",))},
        "extensions": {
            1: Extension(1, "201", "Alice", ALICE),
            2: Extension(2, "202", "Bob", BOB),
            3: Extension(3, "203", "Carla", None),
        },
        "groups": {
            SALES: Group(SALES, "88", "Sales", pickup_allowed=True),
            SUPPORT: Group(SUPPORT, "89", "Support", sequence="simultaneous"),
        },
        "members": {SALES: (Member(1, ring_time=10), Member(2, ring_delay=5, ring_time=20)), SUPPORT: (Member(2),)},
        "codes": {Service.PICKUP: "*77", Service.HIDE_CLI: "*67", Service.SHOW_CLI: "*82", Service.PAGING: "*33"},
        "numbers": {"201": "", "202": "", "203": "", "88": "", "89": "", "701": "442071234567", "702": "12125550102"},
    }
    return Plan(**(usual | values))


def with_line(plan: Plan, number: int, **values: Any) -> Plan:
    """The plan with one line changed."""
    return replace(plan, lines={**plan.lines, number: replace(plan.lines[number], **values)})


def on(feature: Feature, *, enabled: bool = True) -> dict[str, Effective[Any]]:
    """A line's own setting of a feature."""
    return {feature.NAME: Effective(enabled, feature, Source.LINE)}


def from_alice(dialled: str, plan: Plan | None = None, now: datetime = MONDAY_NOON, **values: Any) -> Decision:
    return decide(plan or office(), Call(dialled, **({"line": ALICE} | values)), now)


def from_outside(dialled: str, plan: Plan | None = None, now: datetime = MONDAY_NOON, **values: Any) -> Decision:
    return decide(plan or office(), Call(dialled, **({"caller": "442079460000"} | values)), now)


def rung(decision: Decision) -> list[list[str]]:
    """The addresses that ring, step by step."""
    return [[target.address for target in step.targets] for step in decision.steps]


def codes(decision: Decision) -> list[str]:
    return [step.code for step in decision.trace]
