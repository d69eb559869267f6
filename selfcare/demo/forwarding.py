"""The demo's forwarding: who is on the road is reached there, and at night calls go to a colleague."""

from __future__ import annotations

from datetime import datetime

from centrex.models import Extension, ForwardNumber, Line, SipProxy
from centrex.operations.forwarding import Number, Wanted, set_forwarding
from selfcare.demo.people import People

WORKING_HOURS = "wd{mo-fr} hr{8-17}"
NIGHTS = "wd{mo-fr} hr{20-23}, wd{tu-sa} hr{0-7}"


def forward_lines(people: People, *, now: datetime) -> None:
    """Alice is followed to her mobile and a colleague, Carla's calls go to one number."""
    SipProxy.objects.create(name="Session border controller New York", address="sbc-ny.itsp.example:5060")
    extensions = Extension.for_customer(people.easycall).select_related("line__customer__main_office")
    lines = {each.number: each.line for each in extensions if each.line}
    numbers = [
        Number("+19175550315", description="Alice's mobile", period=WORKING_HOURS, must_accept=True, ring_seconds=25),
        Number("205", description="Erin, at night", period=NIGHTS, display=ForwardNumber.Display.CALLER_FORWARDER),
        Number("+12125550290", description="Answering service", enabled=False),
    ]
    wishes = {
        "201": Wanted(Line.Forwarding.FOLLOW_ME, numbers=numbers),
        "203": Wanted(Line.Forwarding.SIMPLE, to="204"),
    }
    for extension, wanted in wishes.items():
        line = lines[extension]
        set_forwarding(user=people.alice, line=line, version=None, wanted=wanted, confirmed=False, now=now)
