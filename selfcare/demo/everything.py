"""The whole demo in the order in which its parts stand on each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from selfcare import embedded
from selfcare.demo.attendant import make_attendant
from selfcare.demo.bills import make_bills
from selfcare.demo.blocked import block_somebody
from selfcare.demo.boxes import make_boxes
from selfcare.demo.calls import make_calls
from selfcare.demo.changes import make_changes
from selfcare.demo.company import make_company
from selfcare.demo.dialing import make_dialing_rules
from selfcare.demo.dunning import make_dunning
from selfcare.demo.forwarding import forward_lines
from selfcare.demo.guards import choose_countries, make_guards
from selfcare.demo.numbers import make_numbers
from selfcare.demo.payment_methods import make_payment_methods
from selfcare.demo.people import make_people
from selfcare.demo.phones import connect_phones
from selfcare.demo.places import make_places
from selfcare.demo.recordings import make_recordings
from selfcare.demo.reports import make_reports
from selfcare.demo.safety import make_safety
from selfcare.demo.screening import make_screening
from selfcare.demo.sounds import make_sounds
from selfcare.demo.spending import make_spending
from selfcare.demo.subscriptions import make_subscriptions
from selfcare.demo.telephony import make_telephony
from selfcare.demo.tickets import make_tickets
from selfcare.demo.weekend import plan_weekend


@transaction.atomic
def make_everything(*, now: datetime, say: Callable[[str], object]) -> None:
    """All of the demo or nothing; `say` gets a word before each part."""
    say("Demo data: customers and telephones")
    people = make_people()
    choose_countries(people)
    make_telephony(people)
    make_company(people)
    make_numbers(people, now=now)
    make_subscriptions(people, now=now)
    make_dialing_rules(people)
    forward_lines(people, now=now)
    make_sounds(people, now=now)
    make_places(people, now=now)
    make_screening(people, now=now)
    make_attendant(people, now=now)
    connect_phones(people, now=now)
    make_safety(people)
    make_guards(people, now=now)
    make_boxes(people, now=now)
    say("Demo data: 13 months of calls")
    make_calls(people, now=now)
    say("Demo data: recordings, invoices, payments, tickets")
    make_recordings(people)
    block_somebody(people, now=now)
    make_bills(people, now=now)
    make_dunning(people, now=now)
    make_payment_methods(people, data=embedded.sandbox_file(), now=now)
    make_spending(people, now=now)
    make_reports(people, now=now)
    make_tickets(people, now=now)
    plan_weekend(people, now=now)
    make_changes(people)
