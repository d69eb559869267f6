"""What is wrong with a customer's set-up, or will be soon: each finding is a sentence, and where it can be mended."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from centrex.models import Did, HealthDismissal
from centrex.queries.health.finding import Check, Finding
from centrex.queries.health.groups import (
    groups_with_reach,
    never_true,
    queues_for_nobody,
    silent_groups,
    unused_filters,
)
from centrex.queries.health.guards import not_in_use_yet, without_help
from centrex.queries.health.lines import (
    barred_forwarding,
    gone_phones,
    idle_lines,
    leading_nowhere,
    paid_for_nothing,
    unheard_messages,
)
from centrex.queries.health.loops import circles
from centrex.queries.plans import plan_of
from selfcare.models import Customer


def checks_of(customer: Customer, *, now: datetime) -> list[Check]:
    """All checks of what `customer` itself keeps, in a constant number of queries."""
    plan = plan_of(customer.office, now=now)
    groups = groups_with_reach(customer, now)
    unassigned = list(Did.for_customer(customer).filter(line=None).order_by("number"))
    found = {
        "groups": silent_groups(groups),
        "queues": queues_for_nobody(groups),
        "loops": circles(customer, plan, now),
        "barred": barred_forwarding(customer, plan),
        "periods": never_true(customer, now),
        "abbreviated": leading_nowhere(customer, plan, {did.number for did in unassigned}),
        "filters": unused_filters(customer),
        "dids": paid_for_nothing(unassigned),
        "voicemail": unheard_messages(customer, plan, now),
        "phones": gone_phones(customer, now),
        "idle": idle_lines(customer, now),
        "emergency": without_help(customer),
        "cooling": not_in_use_yet(customer, now),
    }
    return [Check(name, *WORDS[name], tuple(findings)) for name, findings in found.items()]


def dismissed_keys(customer: Customer) -> set[str]:
    """The findings of which the customer said: this is as I want it."""
    return set(HealthDismissal.for_customer(customer).values_list("key", flat=True))


WORDS: dict[str, tuple[Promise, Promise]] = {
    "groups": (
        gettext_lazy("Huntgroups that nobody answers"),
        gettext_lazy("Put an extension with a connected phone into the group."),
    ),
    "queues": (
        gettext_lazy("Call queues in front of nobody"),
        gettext_lazy("Put an extension with a connected phone into the huntgroup, or delete the queue."),
    ),
    "loops": (
        gettext_lazy("Forwarding that goes round in a circle"),
        gettext_lazy("Let one of the lines forward to somebody else, or to nobody."),
    ),
    "periods": (
        gettext_lazy("Times that never come"),
        gettext_lazy("Change the times; what hangs on them never happens."),
    ),
    "barred": (
        gettext_lazy("Forwarding to numbers that may not be called"),
        gettext_lazy("Such a number never rings. Choose another one, or allow it in Call Barring."),
    ),
    "abbreviated": (
        gettext_lazy("Abbreviated numbers that lead nowhere"),
        gettext_lazy("Give the number another target, or delete it."),
    ),
    "dids": (
        gettext_lazy("External numbers that you pay for and nobody uses"),
        gettext_lazy("Assign the number to a phone line, or give it back."),
    ),
    "filters": (
        gettext_lazy("Number filters that nothing uses"),
        gettext_lazy("Use the filter in Call Screening of a phone line, or delete it."),
    ),
    "voicemail": (
        gettext_lazy("Voicemail that nobody hears"),
        gettext_lazy("Enter an e-mail address, so that somebody is told of new messages."),
    ),
    "phones": (
        gettext_lazy("Phones that are not connected any more"),
        gettext_lazy("Not for a week or more. See whether the phone is switched on and has its connection."),
    ),
    "idle": (
        gettext_lazy("Phone lines that nobody uses"),
        gettext_lazy("No call for 90 days or more. Ask whether somebody still needs the line."),
    ),
    "emergency": (
        gettext_lazy("Phone lines without an emergency address"),
        gettext_lazy("Enter where each phone stands, or one address for all; helpers are sent there."),
    ),
    "cooling": (
        gettext_lazy("Expensive numbers that calls will be sent to"),
        gettext_lazy("Somebody has just put them in. Take them back if you did not want it."),
    ),
}

__all__ = ["Check", "Finding", "checks_of", "dismissed_keys"]
