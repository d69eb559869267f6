"""Where a call goes, in words for one of the office's companies: a sentence, and the boxes of a drawing.

Each company sees its own settings: what a line of another office of the same customer does is told without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from centrex.queries.attendant_words import choice_boxes
from centrex.queries.call_flow_parts import (
    MEANINGS,
    SERVICES,
    Box,
    Flow,
    Stage,
    Told,
    ends_by_itself,
    ring_in_words,
)
from centrex.queries.trace_words import named, sentence
from centrex.routing.dialing.rules import DialingRules
from centrex.routing.engine import Call, Decision, Step, Target, Trace
from centrex.routing.engine.attendant import ATTENDANT, root_of
from centrex.routing.menus import menu_by_id
from centrex.routing.plan import Line, Plan, Record
from selfcare import formats

LINE_KINDS = {"line", "forward", "screening", "menu", "attendant"}
PRIVATE = ("screening.", "play.", "answering.", "answered.", "attendant.", "forward.", "voicemail", "display.",
           "identity.", "limit")  # fmt: skip
LIMIT = "limit"
ANSWERED_BY_BOX = ("voicemail", "fax")  # each has a page of its line
FORWARDS = ("forward.number", "forward.uri")
MOST_PARTS, FIRST_PARTS = 4, 2  # of the sentence: a longer one names the first and counts the rest
REACHED = ("called.external", "called.extension", "called.huntgroup", "called.abbreviated", "called.emergency",
           "called.paged", "called.paged_group", "pickup.group", "group.closed.group",
           "group.closed.extension")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells `decision` to the company `viewer` (its id)."""

    plan: Plan
    call: Call
    decision: Decision
    viewer: int
    rules: DialingRules = field(default_factory=DialingRules)

    def flow(self) -> Flow:
        told = [*self.told()]
        return Flow(
            is_refused=self.decision.cause is not None,
            result=self.result(),
            steps=tuple(step for step in told if step.code != LIMIT),
            limits=tuple(step for step in told if step.code == LIMIT),
            stages=tuple(self.stages()),
        )

    def is_own(self, record: Record | None) -> bool:
        """Whether the record is the viewer's own, or one that all offices share."""
        if record is None:
            return True
        if record.kind == "customer":
            return record.id == self.viewer
        if record.kind == "site":
            return any(line.site == record.id and line.customer == self.viewer for line in self.plan.lines.values())
        return record.kind not in LINE_KINDS or any(line.customer == self.viewer for line in self.lines_with(record))

    def lines_with(self, record: Record) -> list[Line]:
        """The lines that a record of a line belongs to: one, or those that forward to the same number."""
        lines = self.plan.lines.values()
        if record.kind == "screening":
            return [line for line in lines if any(rule.record == record for rule in line.screening)]
        if record.kind == "menu":
            return [line for line in lines if any(menu.record == record for menu in line.menus)]
        if record.kind == "forward":
            return [line for line in lines if any(entry.record == record for entry in line.forwarding.numbers)]
        return [line for line in lines if line.id == record.id]

    def place_of(self, record: Record | None) -> Record | None:
        """What a click on the record opens: a line's pages for what it forwards to and what bars it."""
        if record is not None and record.kind == "barring":
            return Record("barring", self.call.line, record.name)
        if record is None or record.kind != "forward":
            return record
        line = next((line for line in self.lines_with(record) if line.customer == self.viewer), None)
        return Record("forward", line.id, record.name) if line else None

    def told(self) -> Iterator[Told]:
        """The trace in words; the settings of another office's line are one sentence."""
        was_told = False
        for step in self.decision.trace:
            is_private = not self.is_own(step.record) and step.code.startswith(PRIVATE)
            if not is_private:
                record = self.place_of(step.record) if self.is_own(step.record) else None
                yield Told(step.code, sentence(self.as_seen(step), self.rules), record)
            elif not was_told:
                was_told = True
                yield Told("elsewhere", _("What happens there is set by another office of your company."))

    def as_seen(self, step: Trace) -> Trace:
        """The step with its line called as colleagues know it, and without the way to another office's line."""
        line = self.plan.lines.get(step.record.id or 0) if step.record and step.record.kind == "line" else None
        if line is None:
            return step
        own = line.id if line.customer == self.viewer else None
        return Trace(step.code, Record("known line", own, self.who(line)), step.facts)

    def who(self, line: Line) -> str:
        """A line as colleagues know it."""
        extension = self.plan.extension_by_number(line.extension) if line.extension else None
        if extension is not None:
            return extension.record.name
        if line.customer == self.viewer:
            return named(line.record)
        return self.plan.company_of(line).name

    def result(self) -> str:
        """All in one sentence."""
        if self.decision.cause is not None:
            return _("The call is refused. %(why)s") % {"why": [*self.told()][-1].words}
        parts = [self.step_in_words(step) for step in self.decision.steps]
        if self.decision.otherwise is not None:
            parts.append(self.target_in_words(self.decision.otherwise))
        if len(parts) > MOST_PARTS:
            more = {"number": len(parts) - FIRST_PARTS}
            parts[FIRST_PARTS:] = [_("%(number)s more, one after the other") % more]
        return capfirst(_(", then ").join(parts)) + "."

    def step_in_words(self, step: Step) -> str:
        """What happens in a step, such as "rings 201 Alice for 30 seconds"."""
        if len(step.targets) == 1:
            return self.target_in_words(step.targets[0])
        names = [self.name_of(target) for target in step.targets]
        return _("rings %(names)s and %(last)s at the same time") % {"names": ", ".join(names[:-1]), "last": names[-1]}

    def target_in_words(self, target: Target) -> str:
        """What the call does there."""
        if target.kind == "feature":
            return str(SERVICES[target.address][1])
        facts = {"who": self.name_of(target), "seconds": target.ring}
        if target.kind == "trunk" and target.ring is None:
            return _("calls %(who)s") % facts
        return (
            _("rings %(who)s until somebody answers") % facts
            if target.ring is None
            else (_("rings %(who)s for %(seconds)s seconds") % facts)
        )

    def name_of(self, target: Target) -> str:
        """Who or what rings."""
        if target.kind == "feature":
            return str(SERVICES[target.address][0])
        if target.line is not None:
            return self.who(self.plan.lines[target.line])
        is_known = self.decision.direction == "out" or target.address in self.numbers_told()
        return formats.phone(target.address) if is_known else _("another number")

    def numbers_told(self) -> set[str]:
        """The numbers and addresses to forward to that are the viewer's own settings."""
        own = (step.facts for step in self.decision.trace if self.is_own(step.record))
        return {facts[name] for facts in own for name in ("number", "uri") if name in facts}

    def stages(self) -> Iterator[Stage]:
        """The drawing from top to bottom."""
        yield Stage((self.caller_box(),))
        yield Stage((self.reached_box(),), arrow=_("dials %(number)s") % {"number": self.call.dialled})
        rule = next((step.record for step in self.decision.trace if step.code == "screening.rule"), None)
        if rule is not None and self.is_own(rule):
            yield Stage((Box("rule", rule.name, _("Screening rule"), rule),))
        arrow = ""
        for step in self.decision.steps:
            yield Stage(tuple(self.box_of(target) for target in step.targets), arrow)
            arrow = _("nobody answers") if any(target.kind != "feature" for target in step.targets) else ""
        if self.decision.otherwise is not None:
            yield Stage((self.box_of(self.decision.otherwise),), arrow)
            yield from self.menu_stages(self.decision.otherwise)
        elif self.decision.cause is not None:
            yield Stage((Box("refused", _("Refused"), [*self.told()][-1].words, self.refusing_record()),))
        elif ends_by_itself(self.decision.steps):
            yield Stage((Box("end", _("The call ends")),), arrow)

    def menu_stages(self, target: Target) -> Iterator[Stage]:
        """What callers may choose in the menu that answers, where the line is the viewer's own."""
        line = self.plan.lines.get(target.line or 0)
        if target.address != ATTENDANT or line is None or not self.is_own(line.record):
            return
        boxes = choice_boxes(self.plan, line, menu_by_id(line.menus, target.menu) or root_of(line))
        if boxes:
            yield Stage(tuple(boxes), _("the caller presses"))

    def refusing_record(self) -> Record | None:
        record = self.decision.trace[-1].record
        return self.place_of(record) if self.is_own(record) else None

    def caller_box(self) -> Box:
        """Who calls."""
        if self.call.line is None:
            shown = formats.phone(self.call.caller) if self.call.caller else _("Hidden number")
            return Box("caller", shown, _("Calls from outside"))
        line = self.plan.lines[self.call.line]
        return Box("caller", self.who(line), _("Calls"), line.record)

    def reached_box(self) -> Box:
        """What the dialled number turned out to be: the last that the engine found it to be."""
        found = [step for step in self.decision.trace if step.code in REACHED]
        if not found:
            return Box("reached", formats.phone(self.decision.called or self.call.dialled), self.meaning())
        step, record = self.as_seen(found[-1]), found[-1].record
        name = step.record.name if step.record else formats.phone(step.facts.get("number") or self.decision.called)
        return Box("reached", name, str(MEANINGS[step.code]), record if self.is_own(record) else None)

    def meaning(self) -> str:
        """What was dialled, when it was no number of the office."""
        service = next((step.code for step in self.decision.trace if step.code.startswith("called.service.")), None)
        if service is not None:
            return _("A service code")
        return _("A number outside") if self.decision.direction == "out" else _("Not a number of the office")

    def box_of(self, target: Target) -> Box:
        """Something that rings or answers."""
        if target.kind == "feature":
            return self.service_box(target)
        line = self.plan.lines[target.line] if target.line is not None else None
        kind, detail = "phone" if line else "outside", ring_in_words(target)
        if target.kind == "trunk" and target.ring is None:
            detail = _("Outside")
        if line is not None and not line.registered:
            kind, detail = "silent", _("not connected now")
        if line is None:
            return Box(kind, self.name_of(target), detail, self.forwarding_to(target))
        return Box(kind, self.name_of(target), detail, line.record if self.is_own(line.record) else None)

    def service_box(self, target: Target) -> Box:
        """Something that answers by itself, with the record that a click opens: a queue, or the line it is for."""
        group = self.plan.group_by_number(target.called)
        if target.address == "queue" and group is not None and group.queue is not None:
            people = _("in front of huntgroup %(group)s") % {"group": group.record.name}
            return Box("service", self.name_of(target), people, Record("queue", group.queue.id, group.record.name))
        line = self.plan.lines[target.line] if target.line is not None else None
        if line is None or not self.is_own(line.record):
            return Box("service", self.name_of(target))
        if target.address == ATTENDANT:
            menu = menu_by_id(line.menus, target.menu) or root_of(line)
            return Box("service", self.name_of(target), _("Menu %(menu)s") % {"menu": menu.name}, menu.record)
        kind = target.address if target.address in ANSWERED_BY_BOX else "line"
        return Box("service", self.name_of(target), "", Record(kind, line.id, line.record.name))

    def forwarding_to(self, target: Target) -> Record | None:
        """The forwarding that leads to a number or an address outside, if one does."""
        for step in self.decision.trace:
            is_it = target.address in (step.facts.get("number"), step.facts.get("uri"))
            if step.code not in FORWARDS or not is_it or step.record is None or not self.is_own(step.record):
                continue
            if step.record.kind == "line":
                return Record("forward", step.record.id, step.record.name)
            return self.place_of(step.record)
        return None


def tell(plan: Plan, call: Call, decision: Decision, *, viewer: int) -> Flow:
    """The decision in words and boxes for the company `viewer`."""
    line = plan.lines.get(call.line) if call.line is not None else None
    return Teller(plan, call, decision, viewer, line.dialing if line else DialingRules()).flow()


__all__ = ["Box", "Flow", "Stage", "Told", "tell"]
