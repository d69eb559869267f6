"""Calls for help: recognised however they are dialled, and sent out whatever else is set."""

from __future__ import annotations

from centrex.routing.codes import Service, service_of
from centrex.routing.dialing.dial import BETWEEN
from centrex.routing.engine.calls import VIA, Asked, Caller, Decision, Step, Target
from centrex.routing.features import Identity
from centrex.routing.plan import Line
from centrex.routing.screening import is_emergency


def help_meant(asked: Asked, line: Line, dialled: str) -> str:
    """The emergency number that is meant, "" if none is.

    In fear people dial as they always do: behind a code that hides the number, or behind the prefix to the outside.
    An abbreviated number may stand for one as well. Those of the country that the line's site is in count, and those
    of its company's, as people know both.
    """
    digits, countries = BETWEEN.sub("", dialled), {line.location, asked.plan.company_of(line).country}
    service = service_of(digits, asked.plan.codes)
    if service is not None and service.service in (Service.HIDE_CLI, Service.SHOW_CLI):
        digits = service.rest
    meant = [digits, asked.plan.numbers.get(digits, "")]
    prefix = line.dialing.outside if line.dialing.enabled else ""
    if prefix and digits.startswith(prefix):
        meant.append(digits[len(prefix) :])
    return next((number for number in meant if any(is_emergency(number, country) for country in countries)), "")


def to_help(asked: Asked, line: Line, number: str) -> Decision:
    """A call for help, which shows who calls as any other, and carries where help is sent to and whom to call back.

    The number chosen on page Identity is seen; `callback` is the line's own, which rings this very phone. Who calls
    through DISA is elsewhere, so that the line's address would mislead.
    """
    asked.note("called.emergency", line.record, number=number)
    through = asked.call.via == VIA
    address = None if through else line.emergency
    country = line.location or asked.plan.company_of(line).country
    caller_there = asked.call.caller if through else ""
    callback = caller_there or line.callback_number(country)
    if address is None:
        asked.note("emergency.no_address", line.record)
    else:
        asked.note("emergency.address", address.record, number=callback)
    own = line.feature(Identity).values.number
    caller = Caller(caller_there or own or callback, address.caller_name if address else line.name)
    return Decision(
        steps=(Step((Target("trunk", number, caller=caller, called=number),)),),
        emergency=True,
        address=address,
        callback=callback,
        direction="out",
        account=line.id,
        called=number,
    )
