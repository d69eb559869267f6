"""Each step that the engine can note has words, and each word finds its facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from centrex.queries.dialing_words import STEPS
from centrex.queries.trace_words import DISA, LIMITS, PICKUP, WORDS, sentence
from centrex.routing import engine
from centrex.routing.codes import NoPickup, Service
from centrex.routing.dialing.rules import DialingRules, Reason
from centrex.routing.disa import Refusal
from centrex.routing.engine import RejectCause, Trace
from centrex.routing.hunting import HuntSequence
from centrex.routing.plan import Record
from tests.centrex.routing.engine.office import RULES

ENDINGS = {
    "dialled.": [str(step) for step in STEPS],
    "called.service.": [str(service) for service in Service],
    "group.": list(get_args(HuntSequence)),
}
BESIDE_THE_ENGINE = {"planned.applies"}  # noted by `centrex.queries.planned`
MADE_BY_WORDS = {"record", "why", "how_long"}


def calls() -> Iterator[ast.Call]:
    """Every `note(...)` and `refuse(...)` of the engine but those inside `refuse` itself."""
    for path in Path(engine.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_general = any(keyword.arg is None for keyword in node.keywords)
                if node.func.attr in {"note", "refuse"} and not is_general:
                    yield node


def codes_of(call: ast.Call) -> list[str]:
    first = call.args[0]
    if call.func.attr == "refuse":
        return [f"refused.{RejectCause[first.attr]}"]
    if isinstance(first, ast.JoinedStr):
        beginning = first.values[0].value
        return [beginning + ending for ending in ENDINGS[beginning]]
    return [node.value for node in ast.walk(first) if isinstance(node, ast.Constant)]


def noted() -> list[tuple[str, frozenset[str]]]:
    """Each code, with the facts that one place of the engine gives it."""
    return [
        (code, frozenset(str(keyword.arg) for keyword in call.keywords)) for call in calls() for code in codes_of(call)
    ]


def test_the_scan_finds_the_engines_steps():
    found = {code for code, _facts in noted()}
    assert {"caller.line", "ring.unreachable", "refused.barred", "group.random", "dialled.plus"} <= found
    assert {f"refused.{cause}" for cause in RejectCause} <= found


def test_each_step_has_words_and_no_words_are_left_over():
    assert {code for code, _facts in noted()} | BESIDE_THE_ENGINE == set(WORDS)


@pytest.mark.parametrize(("code", "facts"), sorted(set(noted()), key=str))
def test_words_name_only_facts_that_are_there(code, facts):
    if code.startswith("dialled."):
        assert {"dialled", "result"} <= facts
        return
    names = set(re.findall(r"%\((\w+)\)s", str(WORDS[code])))
    assert names <= facts | MADE_BY_WORDS


@pytest.mark.parametrize("code", sorted(WORDS))
def test_each_step_is_a_whole_sentence(code):
    facts = dict.fromkeys(
        ("number", "dialled", "result", "target", "caller", "rest", "uri", "places", "times", "group"), "201"
    )
    facts |= {"seconds": "20", "minutes": "20", "delay": "5", "max": "3", "key": "site:4:in", "hours": "Office"}
    facts |= {"reason": {"refused.pickup": NoPickup.NOT_A_MEMBER}.get(code, Reason.NOT_RECOGNISED)}
    words = sentence(Trace(code, Record("extension", 1, "202 Bob"), facts), RULES)
    assert words[0] == words[0].upper()
    assert words.endswith((".", "…"))
    assert "%" not in words


def test_reasons():
    assert set(PICKUP) == set(NoPickup)
    assert set(DISA) == set(Refusal)
    refused = Trace("refused.not_recognised", None, {"dialled": "55", "reason": Reason.NO_OUTSIDE_PREFIX})
    rules = DialingRules(enabled=True, outside_prefix="9")
    assert "9 is not dialled before it" in sentence(refused, rules)


def test_the_ways_of_a_limit():
    site = Record("site", 4, "Main")
    said = {
        way: sentence(Trace("limit", site, {"key": f"site:4{way}", "max": "3"}), RULES)
        for way in ("", *(f":{each}" for each in LIMITS))
    }
    assert said[":in"] == "Main: at most 3 incoming calls at a time."
    assert said[""] == "Main: at most 3 calls at a time."
    assert len(set(said.values())) == len(LIMITS) + 1


def test_numbers_are_grouped_but_on_a_display():
    line = Record("line", 1, "12125550101 Alice")
    assert sentence(Trace("caller.line", line), RULES) == "Phone line +1 212-555-0101 Alice calls."
    shown = Trace("display.caller", line, {"number": "2125557777"})
    assert "2125557777," in sentence(shown, RULES)
    hidden = Trace("caller.outside", None, {"caller": ""})
    assert sentence(hidden, RULES) == "Somebody outside calls and hides the number."


def test_what_dialled_digits_are_said_to_be():
    step = Trace("dialled.long_distance", None, {"dialled": "12065550150", "result": "12065550150"})
    words = sentence(step, RULES)
    assert words.startswith("12065550150 was dialled, and means +1 206-555-0150. ")
    assert "behind the prefix 1" in words
