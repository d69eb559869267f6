"""Calls for help: recognised however they are dialled, and sent out whatever else is set."""

from __future__ import annotations

from centrex.routing.codes import Service, service_of
from centrex.routing.dialing.dial import BETWEEN
from centrex.routing.engine.calls import Asked, Caller, Decision, Step, Target
from centrex.routing.plan import Line
from centrex.routing.screening import is_emergency


def help_meant(asked: Asked, line: Line, dialled: str) -> str:
    """The emergency number that is meant, "" if none is.

    In fear people dial as they always do: behind a code that hides the number, or behind the prefix to the outside.
    An abbreviated number may stand for one as well.
    """
    digits, country = BETWEEN.sub("", dialled), asked.plan.company_of(line).country
    service = service_of(digits, asked.plan.codes)
    if service is not None and service.service in (Service.HIDE_CLI, Service.SHOW_CLI):
        digits = service.rest
    meant = [digits, asked.plan.numbers.get(digits, "")]
    prefix = line.dialing.outside if line.dialing.enabled else ""
    if prefix and digits.startswith(prefix):
        meant.append(digits[len(prefix) :])
    return next((number for number in meant if is_emergency(number, country)), "")


def to_help(asked: Asked, line: Line, number: str) -> Decision:
    """A call for help, which shows who calls."""
    asked.note("called.emergency", line.record, number=number)
    target = Target("trunk", number, caller=Caller(line.shown_number, line.name), called=number)
    return Decision(steps=(Step((target,)),), emergency=True, direction="out", account=line.id, called=number)
