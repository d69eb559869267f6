"""Where a line's calls may go: its dialing rules, the ITSP's barring classes, and the destination policy."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex import models
from centrex.models import Did, Extension, Huntgroup, Line
from centrex.queries.countries import countries_of
from centrex.queries.dialing import internal_of
from centrex.queries.dialing_words import in_words
from centrex.queries.features import dialing_of, effective_of
from centrex.queries.lines import lines_of_office
from centrex.routing.dialing.dial import dial
from centrex.routing.dialing.rules import Outcome, is_e164
from centrex.routing.engine.outgoing import barring_class
from centrex.routing.features import Barring
from centrex.routing.plan import BarringClass
from centrex.routing.policy import Answer, Policy, Reason, Verdict, check
from selfcare import formats
from selfcare.errors import Link, Refused

REASONS: dict[Reason, Promise] = {
    Reason.ABROAD: gettext_lazy("it is abroad"),
    Reason.PREMIUM: gettext_lazy("it is a premium-rate number"),
    Reason.SHARED_COST: gettext_lazy("it is a shared-cost number"),
    Reason.PERSONAL: gettext_lazy("it is a personal number, which may lead anywhere"),
    Reason.SATELLITE: gettext_lazy("it is a satellite or international network number"),
    Reason.SHORT: gettext_lazy("it is a short number, which may cost more"),
    Reason.NOT_CHOSEN: gettext_lazy("it is in a country that your company does not call"),
    Reason.LISTED: gettext_lazy("it is often used for telephone fraud"),
    Reason.DENIED: gettext_lazy("your telephone company lets nobody call it"),
    Reason.UNKNOWN: gettext_lazy("no country has such numbers"),
}


@dataclass(frozen=True, slots=True)
class Destination:
    """What a typed number means: `number` as it is kept (E.164 without the plus, or an extension).

    `line` is the id of the office's line that it rings, None outside; `verdict` is the policy's about a number outside.
    """

    number: str
    line: int | None = None
    verdict: Verdict | None = None

    @property
    def needs_password(self) -> bool:
        return self.verdict is not None and self.verdict.answer is Answer.STEP_UP


class Destinations:
    """Reads the numbers that people type for one line; asks the database once, however many they are."""

    def __init__(self, line: Line) -> None:
        office = line.customer.office
        self.home = str(line.customer.country)
        self.rules, self.internal = dialing_of(line), internal_of(line.customer)
        self.extensions = dict(Extension.for_customer(office).values_list("number", "line_id"))
        self.huntgroups = set(Huntgroup.for_customer(office).values_list("number", flat=True))
        lines = list(lines_of_office(office).values_list("account_id", "pk"))
        dids = Did.objects.filter(line__in=[pk for _account, pk in lines]).values_list("number", "line_id")
        self.lines = dict([*lines, *dids])
        self.barring, self.classes = effective_of(line, Barring), barring_classes()
        self.policy, self.countries = policy(), countries_of(office)

    def read(self, typed: str, *, field: str) -> Destination:
        """What was typed, in any usual way; Refused at `field` for what cannot be, or must not be, called."""
        dialled = dial(self.rules, typed, self.internal.get)
        if dialled.outcome is Outcome.INVALID:
            raise Refused(in_words(self.rules, dialled), field=field)
        if dialled.outcome is Outcome.UNCHANGED:
            raise Refused(_("Emergency and special numbers can be dialled, but not forwarded to."), field=field)
        number = dialled.result
        if dialled.outcome is Outcome.INTERNAL and not is_e164(number):
            return self.inside(number, field=field)
        if number in self.lines:
            return Destination(number, self.lines[number])
        return Destination(number, verdict=self.allowed(number, field=field))

    def inside(self, number: str, *, field: str) -> Destination:
        """A short number of the office."""
        if number in self.huntgroups:
            raise Refused(
                _("%(number)s is a huntgroup. Enter an extension or a number.") % {"number": number}, field=field
            )
        if number not in self.extensions:
            raise Refused(_("%(number)s is no extension.") % {"number": number}, field=field)
        line = self.extensions[number]
        if line is None:
            raise Refused(_("Extension %(number)s has no phone line.") % {"number": number}, field=field)
        return Destination(number, line)

    def allowed(self, number: str, *, field: str) -> Verdict:
        """The policy's answer about a number outside; Refused when barring or the policy forbids it."""
        facts = {"number": formats.phone(number)}
        barred = barring_class(self.classes, self.barring, number)
        if barred is not None:
            words = _("%(number)s is barred for this line: %(class)s.") % {**facts, "class": barred.name}
            raise Refused(words, field=field)
        verdict = check(self.policy, number, home=self.home, countries=self.countries)
        refuse_denied(number, verdict, field=field)
        return verdict


def refuse_denied(number: str, verdict: Verdict, *, field: str) -> None:
    """Refused at `field` for a number outside that nobody here may call; with a link where countries are chosen."""
    if verdict.answer is not Answer.DENY:
        return
    facts = {"number": formats.phone(number), "reason": REASONS[verdict.reason]}
    words = _("%(number)s cannot be called: %(reason)s.") % facts
    is_ours = verdict.reason is Reason.NOT_CHOSEN
    link = Link(str(REASONS[Reason.NOT_CHOSEN]), "centrex:countries", "centrex:countries") if is_ours else None
    raise Refused(words, field=field, link=link)


def barring_classes() -> tuple[BarringClass, ...]:
    """The ITSP's classes of numbers, as values."""
    return tuple(
        BarringClass(
            id=row.pk,
            name=row.name,
            patterns=tuple(row.patterns.split()),
            matching=row.matching == models.BarringClass.Matching.MATCHES,
            barred_by_default=row.barred_by_default,
        )
        for row in models.BarringClass.objects.all()
    )


def policy() -> Policy:
    """The ITSP's destination policy: what its settings deny, and the classes that it calls dangerous."""
    dangerous = models.BarringClass.objects.filter(dangerous=True, matching=models.BarringClass.Matching.MATCHES)
    risky = [pattern for text in dangerous.values_list("patterns", flat=True) for pattern in text.split()]
    return Policy(denied=tuple(settings.DENIED_DESTINATIONS), risky=tuple(risky))
