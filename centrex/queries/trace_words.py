"""What the routing engine did with a call, in words: a sentence for each step that it can note."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centrex.queries.dialing_words import STEPS, in_words
from centrex.routing import policy
from centrex.routing.codes import NoPickup
from centrex.routing.dialing.rules import DialingRules, Dialled, Outcome, Reason, Step
from centrex.routing.disa import Refusal
from centrex.routing.engine import Trace
from centrex.routing.plan import Record
from selfcare import formats

PHONE_FACTS = {"caller", "number", "target"}
DIALLED = "dialled."

# %(record)s is the name of the record that decided; the other names are the facts of the step.
WORDS: dict[str, Promise] = {
    "planned.applies": gettext_lazy("%(record)s counts at that time."),
    "caller.line": gettext_lazy("Phone line %(record)s calls."),
    "caller.outside": gettext_lazy("Somebody outside calls from %(caller)s."),
    "called.external": gettext_lazy("%(number)s is a number of phone line %(record)s."),
    "called.emergency": gettext_lazy("%(number)s calls for help: nothing may stop this call."),
    "emergency.address": gettext_lazy("Help is sent to %(record)s, and calls back at %(number)s."),
    "emergency.no_address": gettext_lazy("No emergency address is known for %(record)s: helpers must ask where it is."),
    "called.service.paging": gettext_lazy("The code for Paging / Intercom was dialled before %(rest)s."),
    "called.service.pickup": gettext_lazy("The code for Group Pickup was dialled."),
    "called.service.park": gettext_lazy("The code for parking a call was dialled."),
    "called.service.release": gettext_lazy("The code for taking a parked call back was dialled."),
    "called.service.record_start": gettext_lazy("The code that begins a recording was dialled."),
    "called.service.record_stop": gettext_lazy("The code that ends a recording was dialled."),
    "called.service.hide_cli": gettext_lazy("The code for hiding the caller's number was dialled before %(rest)s."),
    "called.service.show_cli": gettext_lazy("The code for showing the caller's number was dialled before %(rest)s."),
    "called.paged": gettext_lazy("Extension %(record)s answers by itself, on its loudspeaker."),
    "called.paged_group": gettext_lazy("The phones of huntgroup %(record)s answer by themselves, all at once."),
    "called.huntgroup": gettext_lazy("This is huntgroup %(record)s."),
    "called.extension": gettext_lazy("This is extension %(record)s."),
    "called.abbreviated": gettext_lazy("%(dialled)s is an abbreviated number for %(target)s."),
    "pickup.group": gettext_lazy("Takes a call that rings in huntgroup %(record)s."),
    "group.order": gettext_lazy("Huntgroup %(record)s rings its phones one after the other."),
    "group.random": gettext_lazy("Huntgroup %(record)s rings its phones in an order that changes with each call."),
    "group.simultaneous": gettext_lazy("Huntgroup %(record)s rings all its phones at once."),
    "group.least_used": gettext_lazy("Huntgroup %(record)s begins with the phone that was quiet the longest."),
    "group.queue": gettext_lazy("%(record)s has a call queue: %(places)s callers may wait while phones are busy."),
    "group.closed": gettext_lazy("Huntgroup %(record)s is closed now: it is outside “%(hours)s”."),
    "group.closed.group": gettext_lazy("Huntgroup %(record)s takes its calls meanwhile."),
    "group.closed.extension": gettext_lazy("Extension %(record)s takes its calls meanwhile."),
    "group.no_line": gettext_lazy("%(record)s is left out: this extension has no phone line."),
    "group.blocked": gettext_lazy("%(record)s is left out: its phone line is blocked."),
    "group.rings": gettext_lazy("%(record)s rings %(how_long)s."),
    "screening.rule": gettext_lazy("The call screening rule “%(record)s” is the first that fits, so it decides."),
    "screening.left_out": gettext_lazy("%(record)s is left out: its rule rejects the call."),
    "play.message": gettext_lazy("The rule plays a message to the caller."),
    "answering.default": gettext_lazy(
        "No screening rule is about this call, so the line's page Incoming Calls decides."
    ),
    "ring.distinctive": gettext_lazy("%(record)s lets calls between colleagues ring in a tone of their own."),
    "ring.phone": gettext_lazy("The phone of %(record)s rings for %(seconds)s seconds."),
    "ring.unreachable": gettext_lazy("The phone of %(record)s is not connected now, so it cannot ring."),
    "answered.attendant": gettext_lazy("The auto attendant of %(record)s answers."),
    "answered.disa": gettext_lazy("DISA of %(record)s answers and asks for the PIN."),
    "disa.otherwise": gettext_lazy("Whoever does not know the PIN is sent to extension %(number)s."),
    "disa.fallback": gettext_lazy("DISA does not serve this caller, so the call goes to extension %(number)s."),
    "attendant.menu": gettext_lazy("The menu %(record)s is active now, so callers hear it."),
    "attendant.not_active": gettext_lazy("The menu %(record)s is not active now: it is not the time of “%(times)s”."),
    "attendant.circle": gettext_lazy("The menu %(record)s leads back to itself while it is not active: the call ends."),
    "attendant.key": gettext_lazy("The caller presses %(key)s in the menu %(record)s."),
    "attendant.repeat": gettext_lazy("The menu %(record)s is played again."),
    "attendant.timeout": gettext_lazy("The caller presses nothing in the menu %(record)s."),
    "attendant.wrong": gettext_lazy("The menu %(record)s has no such choice."),
    "attendant.played_out": gettext_lazy("The menu %(record)s was played %(times)s times, which is all."),
    "attendant.too_many": gettext_lazy("Too many keys were pressed in the menus of this call."),
    "attendant.transfer": gettext_lazy("The menu %(record)s transfers the call to %(number)s."),
    "attendant.huntgroup": gettext_lazy("The menu %(record)s hands the call to huntgroup %(group)s."),
    "attendant.voicemail": gettext_lazy("The menu %(record)s sends the caller to the line's voicemail."),
    "attendant.fax": gettext_lazy("The menu %(record)s lets the fax box answer."),
    "attendant.no_fax": gettext_lazy("The menu %(record)s names the fax box, but the line does not take faxes only."),
    "attendant.disa": gettext_lazy("The menu %(record)s lets the caller call outside, after a PIN."),
    "attendant.no_disa": gettext_lazy("The menu %(record)s names DISA, but it is switched off for this line."),
    "attendant.directory": gettext_lazy("The menu %(record)s asks for the name of a colleague."),
    "attendant.extension": gettext_lazy("The menu %(record)s asks for an extension."),
    "attendant.hang_up": gettext_lazy("The menu %(record)s ends the call."),
    "answered.fax": gettext_lazy("%(record)s takes faxes only: the fax tone answers."),
    "display.caller": gettext_lazy("The display shows the caller as %(number)s, as people here dial it."),
    "display.called": gettext_lazy("The display shows the called number as %(number)s, as people here dial it."),
    "voicemail": gettext_lazy("Then the caller can leave a message for %(record)s."),
    "voicemail.own": gettext_lazy("%(record)s calls its own number, so its voicemail box plays its messages."),
    "voicemail.off": gettext_lazy("%(record)s has no voicemail."),
    "forward.uri": gettext_lazy("The call is forwarded to the address %(uri)s."),
    "forward.number": gettext_lazy("The call is forwarded to %(number)s, which rings for %(seconds)s seconds."),
    "forward.not_now": gettext_lazy("Forwarding to %(number)s is left out: it is not its time."),
    "forward.loop": gettext_lazy("Forwarding to %(number)s is left out: it would lead back here."),
    "forward.cooling": gettext_lazy(
        "Forwarding to %(number)s is left out for now: it is a new number of high risk, used in %(minutes)s min."
    ),
    "forward.again": gettext_lazy("Forwarding to %(number)s is left out: this call rings there already."),
    "forward.too_often": gettext_lazy("Forwarding to %(number)s is left out: the call was forwarded five times."),
    "forward.blocked": gettext_lazy("Forwarding to %(number)s is left out: this phone line is blocked."),
    "forward.rejected": gettext_lazy("Forwarding to %(number)s is left out: the call is not taken there."),
    "forward.no_funds": gettext_lazy("Forwarding to %(number)s is left out: there are no funds left for it."),
    "forward.spending_limit": gettext_lazy("Forwarding to %(number)s is left out: the spending limit is reached."),
    "forward.not_assigned": gettext_lazy("Forwarding to %(number)s is left out: no phone line belongs to it."),
    "forward.barred": gettext_lazy("Forwarding to %(number)s is left out: the line may not call this number."),
    "identity.hidden": gettext_lazy("The person called does not see who calls."),
    "identity.shown": gettext_lazy("The person called sees %(number)s."),
    "limit": gettext_lazy("%(record)s: at most %(max)s calls at a time."),
    "refused.unknown_caller": gettext_lazy("The phone line that calls does not exist any more."),
    "refused.suspended": gettext_lazy("The service of %(record)s is suspended."),
    "refused.line_blocked": gettext_lazy("Phone line %(record)s is blocked."),
    "refused.not_assigned": gettext_lazy("No phone belongs to %(number)s."),
    "refused.blocked_caller": gettext_lazy("%(record)s has blocked this caller."),
    "refused.barred": gettext_lazy("The line may not call %(number)s: Call Barring has “%(record)s”."),
    "refused.denied": gettext_lazy("Your telephone company does not connect calls to %(number)s."),
    "refused.no_funds": gettext_lazy("%(record)s has no funds left for this call."),
    "refused.unpaid_invoice": gettext_lazy("%(record)s has an overdue invoice: calls to the outside are barred."),
    "refused.spending_limit": gettext_lazy("%(record)s has reached a spending limit."),
    "refused.do_not_disturb": gettext_lazy("The phone of %(record)s does not ring for this call."),
    "refused.loop": gettext_lazy("The call was forwarded too often and goes round in a circle."),
    "refused.screened": gettext_lazy("The rule rejects the call."),
    "refused.empty_group": gettext_lazy("Huntgroup %(record)s has no phone that could ring."),
    "refused.closed": gettext_lazy("Nothing else is set for calls to %(record)s at this time, so the call ends."),
    "refused.no_answer": gettext_lazy("%(record)s neither rings nor forwards nor takes messages."),
    "refused.no_call": gettext_lazy("This code works during a call only."),
    "refused.not_yet": gettext_lazy(
        "%(dialled)s does not dial %(number)s yet: it is a new number of high risk, used in %(minutes)s min."
    ),
    # Said with their reason, below.
    "refused.not_recognised": gettext_lazy("%(dialled)s leads nowhere. %(why)s"),
    "refused.pickup": gettext_lazy("There is no call to take. %(why)s"),
    "refused.disa": gettext_lazy("DISA of %(record)s does not connect this call. %(why)s"),
} | {f"{DIALLED}{step}": words for step, words in STEPS.items()}  # fmt: skip

# By the last part of the limit's key; any other is about all calls together.
LIMITS: dict[str, Promise] = {
    "in": gettext_lazy("%(record)s: at most %(max)s incoming calls at a time."),
    "out": gettext_lazy("%(record)s: at most %(max)s outgoing calls at a time."),
    "forwarded": gettext_lazy("%(record)s: at most %(max)s forwarded calls at a time."),
    "bandwidth": gettext_lazy("%(record)s: the connection holds %(max)s calls at a time."),
}

PICKUP: dict[str, Promise] = {
    NoPickup.NO_PRIMARY_GROUP: gettext_lazy("The extension has no primary group."),
    NoPickup.NOT_A_MEMBER: gettext_lazy("The extension is no member of this group."),
    NoPickup.NOT_ALLOWED: gettext_lazy("The group does not allow call pickup."),
}


DISA: dict[str, Promise] = {
    Refusal.OFF: gettext_lazy("It is switched off, or has no PIN."),
    Refusal.LOCKED: gettext_lazy("It is locked after too many wrong PINs."),
    Refusal.CALLER: gettext_lazy("The caller is not among those that it serves."),
    Refusal.TOO_LONG: gettext_lazy("The number has too many digits."),
    Refusal.CAP: gettext_lazy("Its calls have cost as much today as they may."),
}
NOT_CHOSEN = gettext_lazy("Your company does not call the country of %(number)s.")


def sentence(step: Trace, rules: DialingRules) -> str:
    """A step in words; `rules` are the dialing rules of who calls, and say more about what was dialled."""
    if step.code.startswith(DIALLED):
        return dialled_in_words(step, rules)
    facts = {name: shown(step.code, name, value) for name, value in step.facts.items()}
    facts |= {"record": named(step.record) if step.record else "", "why": why(step.facts, rules)}
    if step.code == "caller.outside" and not facts["caller"]:
        return _("Somebody outside calls and hides the number.")
    if step.code == "group.rings":
        facts["how_long"] = how_long(step.facts)
    if step.code == "refused.not_assigned" and step.record is not None:
        return _("No phone line belongs to %(record)s.") % facts
    if step.code == "refused.denied" and step.facts.get("reason") == policy.Reason.NOT_CHOSEN:
        return str(NOT_CHOSEN) % facts
    words = LIMITS.get(step.facts["key"].rpartition(":")[2]) if step.code == "limit" else None
    return str(words or WORDS[step.code]) % facts


def dialled_in_words(step: Trace, rules: DialingRules) -> str:
    """What the digits mean, such as "9 1 206 ...: a long-distance number, behind the prefix 1."."""
    meant = Step(step.code.removeprefix(DIALLED))
    facts = {
        "dialled": step.facts["dialled"],
        "result": formats.phone(step.facts["result"]),
        "why": in_words(rules, Dialled(Outcome.E164, "", meant)),
    }
    if meant is Step.INTERNAL:
        return _("%(dialled)s was dialled. %(why)s") % facts
    return _("%(dialled)s was dialled, and means %(result)s. %(why)s") % facts


def shown(code: str, name: str, value: str) -> str:
    """A fact as people read it; what a display shows stands as it is there."""
    return formats.phone(value) if name in PHONE_FACTS and not code.startswith("display.") else value


def named(record: Record) -> str:
    """A record's name; a line's begins with its number."""
    number, space, name = record.name.partition(" ")
    return f"{formats.phone(number)}{space}{name}" if record.kind == "line" else record.name


def why(facts: Mapping[str, str], rules: DialingRules) -> str:
    """The reason that a refusal has, if it has one."""
    reason = facts.get("reason")
    if not reason:
        return ""
    if reason in PICKUP:
        return str(PICKUP[reason])
    if reason in DISA:
        return str(DISA[reason])
    if reason not in set(Reason):
        return ""
    return in_words(rules, Dialled(Outcome.INVALID, "", Step.TYPED, Reason(reason)))


def how_long(facts: Mapping[str, str]) -> str:
    """How a phone of a group rings: for how long, and after which delay."""
    words = _("for %(seconds)s seconds") if facts["seconds"] else _("until somebody answers")
    if facts["delay"] != "0":
        words = _("after %(delay)s seconds, %(how_long)s") % {"delay": facts["delay"], "how_long": words}
    return words % facts
