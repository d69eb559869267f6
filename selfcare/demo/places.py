"""The demo's sites with their lines, phones that are signed in, and a queue in front of Support."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from centrex.models import CallQueue, Huntgroup, Line, Site
from centrex.operations.queues import add_queue
from centrex.operations.sites import add_site, move_lines
from selfcare.demo.people import People
from selfcare.models import Customer, User


def make_places(people: People, *, now: datetime) -> None:
    """Two sites of the main office, one of the branch; a few lines stay with Default. Most desk phones are on."""
    new_york = Site(
        name="New York", country="US", codecs=Site.Codecs.G722, limit_calls=True, max_calls=12, max_calls_in=8,
        max_calls_out=8, max_calls_forwarded=4, max_bandwidth=1200,
    )  # fmt: skip
    field = Site(name="Field", mobility=Site.Mobility.ROAMING, codecs=Site.Codecs.OPUS, count_internal=False)
    berlin = Site(name="Torstraße", country="DE", codecs=Site.Codecs.G729, max_bandwidth=400, max_bandwidth_out=250)
    put(people.alice, people.easycall, new_york, Q(batch__name="HQ desk phones") & ~Q(extension=None))
    put(people.alice, people.easycall, field, Q(batch__name="Field team mobiles"))
    put(people.berta, people.berlin, berlin, Q())
    sign_in(people, now=now)
    support = Huntgroup.for_customer(people.easycall).get(name="Support")
    queue = CallQueue(customer=people.easycall, huntgroup=support, max_waiting=8, call_seconds=210, max_connected=3)
    add_queue(user=people.alice, queue=queue)


def put(user: User, customer: Customer, site: Site, which: Q) -> None:
    """Add the site and move the customer's lines there that `which` names."""
    site.customer = customer
    add_site(user=user, site=site)
    lines = Line.for_customer(customer).filter(which).values_list("pk", flat=True)
    move_lines(user=user, site=site, lines=list(lines))


def sign_in(people: People, *, now: datetime) -> None:
    """Every phone but each fourth is registered; two of the main office forward their calls."""
    for customer in (people.easycall, people.berlin, people.lotus):
        lines = list(Line.for_customer(customer).order_by("account_id"))
        for place, line in enumerate(lines):
            line.registered_until = now + timedelta(days=30) if place % 4 else None
            if customer == people.easycall and place in (2, 9):
                line.forwarding = Line.Forwarding.FOLLOW_ME
        Line.objects.bulk_update(lines, ["registered_until", "forwarding"])
