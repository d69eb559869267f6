"""A decision told to a company: the sentence, the steps, the boxes; and nothing of another office's settings."""

from dataclasses import replace

import pytest

from centrex.queries.call_flow import SERVICES, tell
from centrex.routing.engine import Call, decide
from centrex.routing.features import Voicemail
from centrex.routing.hunting import Member
from centrex.routing.plan import Action, Company, Extension, Forwarding, ForwardTo, Group, Queue, Record, ScreeningRule
from tests.centrex.routing.engine.office import ALICE, BOB, MONDAY_NOON, SALES, line, office, on, with_line

MOBILE = "19175550123"
HERE, THERE = 1, 2


def told(plan, dialled: str, *, viewer: int = HERE, **values):
    call = Call(dialled, **({"line": ALICE} | values))
    return tell(plan, call, decide(plan, call, MONDAY_NOON), viewer=viewer)


def forwarding_bob(**values):
    entry = ForwardTo(Record("forward", 7, "Mobile"), MOBILE)
    return with_line(office(), BOB, forwarding=Forwarding("follow_me", numbers=(entry,)), **values)


@pytest.mark.parametrize(
    ("plan", "dialled", "result"),
    [
        (office(), "202", "Rings 202 Bob for 30 seconds, then goes to voicemail."),
        (forwarding_bob(), "202",
         "Rings 202 Bob for 30 seconds, then rings +1 917-555-0123 for 20 seconds, then goes to voicemail."),
        (office(), "2125551234", "Calls +1 212-555-1234."),
        (office(), "911", "Calls 911."),
        (office(), "203", "The call is refused. No phone line belongs to 203 Carla."),
        (office(), "88", "Rings 201 Alice for 10 seconds, then rings 202 Bob for 20 seconds."),
        (office(), "89", "Rings 202 Bob until somebody answers."),
        (office(groups={SALES: Group(SALES, "88", "Sales", queue=Queue(1, 5, 60, 1))}), "88",
         "Waits in the call queue."),
        (office(), "*77", "Takes the call that rings in the group."),
    ],
)  # fmt: skip
def test_the_result_in_one_sentence(plan, dialled, result):
    assert told(plan, dialled).result == result


def test_phones_that_ring_together_and_a_long_list():
    together = office(groups={SALES: Group(SALES, "88", "Sales", sequence="simultaneous")})
    assert told(together, "88").result == "Rings 201 Alice and 202 Bob at the same time."
    people = {number: Extension(number, f"3{number:02}", "", ALICE) for number in range(6)}
    many = office(extensions=people, members={SALES: tuple(Member(number, ring_time=5) for number in people)})
    assert told(many, "88").result.endswith("seconds, then 4 more, one after the other.")
    assert len(told(many, "88").stages) == 2 + 6 + 1


def test_the_drawing_from_the_caller_to_the_end():
    flow = told(forwarding_bob(), "202")
    assert [[box.title for box in stage.boxes] for stage in flow.stages] == [
        ["201 Alice"], ["202 Bob"], ["202 Bob"], ["+1 917-555-0123"], ["Voicemail"],
    ]  # fmt: skip
    assert [stage.arrow for stage in flow.stages] == ["", "dials 202", "", "nobody answers", "nobody answers"]
    assert [box.kind for stage in flow.stages for box in stage.boxes] == [
        "caller", "reached", "phone", "outside", "service",
    ]  # fmt: skip
    off = told(with_line(office(), BOB, registered=False, features=on(Voicemail(), enabled=False)), "202")
    assert [(stage.boxes[0].title, stage.boxes[0].detail) for stage in off.stages][2:] == [
        ("202 Bob", "not connected now"), ("The call ends", ""),
    ]  # fmt: skip


def test_a_screening_rule_and_a_refusal_are_boxes():
    rule = ScreeningRule(Record("screening", 8, "Nobody at all"), Action(reject=True))
    flow = told(with_line(office(), BOB, screening=(rule,)), "202")
    assert flow.is_refused
    assert [stage.boxes[0].title for stage in flow.stages][2:] == ["Nobody at all", "Refused"]


def test_callers_from_outside():
    plan = office()
    seen = told(plan, "12125550999", line=None, caller="442079460000")
    assert seen.stages[0].boxes[0].title == "+44 20 7946 0000"
    assert told(plan, "12125550999", line=None).stages[0].boxes[0].title == "Hidden number"
    assert told(plan, "4930123456", line=None).stages[1].boxes[0].detail == "Not a number of the office"


def test_every_service_of_the_engine_has_a_name():
    assert set(SERVICES) == {
        "voicemail", "attendant", "fax", "queue", "park", "retrieve", "pickup", "announcement", "directory",
        "dial_extension", "disa", "hang_up", "mailbox",
    }  # fmt: skip


def test_another_offices_settings_are_not_told():
    rule = ScreeningRule(Record("screening", 8, "My boss"), Action(ring=True, forward=True, voicemail=True))
    plan = with_line(forwarding_bob(screening=(rule,)), ALICE, customer=THERE)
    plan = replace(plan, companies={HERE: Company(HERE, "EasyCall Ltd", "US"), THERE: Company(THERE, "Berlin", "DE")})
    to_branch = told(plan, "202", viewer=THERE)
    everything = repr(to_branch)
    assert not [secret for secret in ("917", "My boss", "12125550102", "0102") if secret in everything]
    assert "another number" in to_branch.result
    elsewhere = [step.words for step in to_branch.steps if step.code == "elsewhere"]
    assert elsewhere == ["What happens there is set by another office of your company."]
    assert [
        step.record
        for step in to_branch.steps
        if step.record and step.record.id == BOB and step.code != "called.extension"
    ] == []
    to_itself = repr(told(plan, "202", viewer=HERE))
    assert "917" in to_itself
    assert "My boss" in to_itself


def test_a_line_elsewhere_without_an_extension_is_called_by_its_company():
    plan = replace(
        office(), lines={ALICE: line(ALICE), BOB: line(BOB, customer=THERE, extension="", numbers=("12125550999",))},
        companies={HERE: Company(HERE, "EasyCall Ltd", "US"), THERE: Company(THERE, "Berlin", "DE")},
    )  # fmt: skip
    flow = told(plan, "2125550999")
    assert flow.result == "Rings Berlin for 30 seconds, then goes to voicemail."
    assert "12125550102" not in repr(flow)
