"""Auto attendants: which menu is played at which hour, and what each event and each action leads to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centrex.routing.engine import Call, Position, RejectCause, decide, dial_extension, enter, key_in, press
from centrex.routing.features import AutoAttendant, Barring, Disa, Fax, Recording, Voicemail
from centrex.routing.menus import EVENTS, FAX_TONE, KEYS, NOT_ACTIVE, ROOT, TIMEOUT, WRONG, Choice, Menu
from centrex.routing.plan import BarringClass, Company, Queue, Record, TimeFilter
from centrex.routing.policy import Policy
from centrex.routing.schedule import parse
from tests.centrex.routing.engine.office import (
    ALICE,
    BOB,
    MONDAY_NOON,
    SALES,
    SUPPORT,
    codes,
    from_alice,
    from_outside,
    office,
    on,
    rung,
    with_line,
)
from tests.centrex.routing.engine.table import shows

LINE, PAGE = "centrex:line-attendant", "centrex:menu-edit"
BOBS, ALICES = "12125550102", "12125550101"
CALL = Call("12125550999", caller="442079460000", name="Ada")
NIGHT = MONDAY_NOON + timedelta(hours=10)  # 22:00 in New York
HOUR = timedelta(hours=1)
TOP, DAY, AFTER = 10, 11, 12
DAYTIME = TimeFilter(Record("schedule", 5, "Office hours"), parse("wd{mo-fr} hr{9-16}"))
WEEKEND = TimeFilter(Record("schedule", 6, "Weekend"), parse("wd{sa-su}"))


def menu(number, name=ROOT, **values):
    return Menu(Record("menu", number, name), **values)


def attended(*menus, plan=None, features=None, **values):
    """An office where Bob's line answers with these menus."""
    plan = plan or office()
    kept = {**plan.lines[BOB].features, **on(AutoAttendant()), **(features or {})}
    return with_line(plan, BOB, menus=menus, features=kept, **values)


def one(event, choice, **values):
    """A line with one menu that has one choice."""
    return attended(menu(TOP, choices={event: choice}, **values))


def at(number=TOP, **values):
    return Position(BOB, number, **values)


def service(answer_or_decision):
    """The addresses that ring first, or the service that answers, or why the call is refused."""
    decision = getattr(answer_or_decision, "decision", answer_or_decision)
    if decision.cause is not None:
        return str(decision.cause)
    return rung(decision)[0] if decision.steps else decision.otherwise.address


def reaches(plan, choice, event="1"):
    """What a choice of key 1 leads to."""
    return press(with_choice(plan, event, choice), CALL, at(), event, MONDAY_NOON)


def with_choice(plan, event, choice):
    return attended(menu(TOP, choices={event: choice}), plan=plan)


# What answers


def test_a_line_without_an_attendant_rings():
    assert service(from_outside("12125550999")) == [BOBS]


@shows("Name", "Menu.name", page=PAGE)
@pytest.mark.parametrize("call", [from_outside, from_alice])
def test_the_attendant_answers_with_root(call):
    decision = call("12125550999", attended(menu(TOP), menu(DAY, "Day")))
    assert (service(decision), decision.otherwise.menu, decision.otherwise.line) == ("attendant", TOP, BOB)
    assert codes(decision)[-2:] == ["answered.attendant", "attendant.menu"]
    assert call("12125550999", attended(menu(DAY, "Day"))).otherwise.menu is None  # the built-in one


def test_an_attendant_that_nobody_has_changed_yet_plays_the_built_in_menu():
    decision = from_outside("12125550999", attended())
    assert (service(decision), decision.otherwise.menu) == ("attendant", None)
    assert decision.trace[-1].record == Record("attendant", BOB, ROOT)


def test_a_switched_off_attendant_with_menus_does_not_answer():
    plan = attended(menu(TOP), features=on(AutoAttendant(), enabled=False))
    assert service(from_outside("12125550999", plan)) == [BOBS]


# The hours of a menu: time, what ROOT does while it is not active, the menu that is played

GOES = Choice("menu", menu=AFTER)


@shows("Active", "Menu.schedule", page=PAGE)
@shows("What happens while it is not active", "MenuChoice.next_menu", page=PAGE, without=False)
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (MONDAY_NOON, TOP),
        (NIGHT, AFTER),
        (datetime(2026, 3, 2, 13, 59, tzinfo=UTC), AFTER),  # 08:59
        (datetime(2026, 3, 2, 14, 0, tzinfo=UTC), TOP),  # 09:00
        (datetime(2026, 3, 7, 17, 0, tzinfo=UTC), AFTER),  # Saturday
        (datetime(2026, 3, 9, 13, 0, tzinfo=UTC), TOP),  # summer time: 09:00
    ],
)
def test_which_menu_is_active(now, expected):
    plan = attended(menu(TOP, times=DAYTIME, choices={NOT_ACTIVE: GOES}), menu(AFTER, "Closed"))
    assert from_outside("12125550999", plan, now).otherwise.menu == expected
    assert enter(plan, CALL, BOB, now).position.menu == expected
    assert enter(attended(menu(TOP)), CALL, BOB, now).position.menu == TOP  # without hours


def test_a_holiday_closes_the_menu():
    holiday = replace(DAYTIME, days={MONDAY_NOON.date(): None})
    plan = attended(menu(TOP, times=holiday, choices={NOT_ACTIVE: GOES}), menu(AFTER, "Closed"))
    assert from_outside("12125550999", plan).otherwise.menu == AFTER


def test_a_chain_of_menus_that_are_not_active():
    chain = attended(
        menu(TOP, times=DAYTIME, choices={NOT_ACTIVE: Choice("menu", menu=DAY, play=7)}),
        menu(DAY, "Weekend", times=WEEKEND, choices={NOT_ACTIVE: Choice("menu", menu=AFTER, play=8)}),
        menu(AFTER, "Closed"),
    )
    decision = from_outside("12125550999", chain, NIGHT)
    assert (decision.otherwise.menu, decision.before) == (AFTER, (7, 8))
    assert codes(decision)[-3:] == ["attendant.not_active", "attendant.not_active", "attendant.menu"]
    heard = enter(chain, CALL, BOB, NIGHT)
    assert [(each.kind, each.sound) for each in heard.says] == [("before", 7), ("before", 8), ("menu", None)]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice("voicemail", play=9), "voicemail"),
        (Choice("hang_up"), "hang_up"),
        (Choice("transfer", number="201"), [ALICES]),
        (Choice("transfer", number="442071234567"), ["442071234567"]),
        (Choice("huntgroup", group=SUPPORT), [BOBS]),
    ],
)
def test_what_happens_while_root_is_not_active(choice, expected):
    plan = attended(menu(TOP, times=DAYTIME, choices={NOT_ACTIVE: choice}))
    decision = from_outside("12125550999", plan, NIGHT)
    assert service(decision) == expected
    assert decision.before == ((9,) if choice.play else ())


@shows("What happens while it is not active", "MenuChoice.next_menu", page=PAGE, with_=False)
def test_a_menu_that_is_not_active_and_says_nothing_ends_the_call():
    assert service(from_outside("12125550999", attended(menu(TOP, times=DAYTIME)), NIGHT)) == "hang_up"


def test_menus_that_lead_to_each_other_while_not_active_end_the_call():
    circle = attended(
        menu(TOP, times=DAYTIME, choices={NOT_ACTIVE: GOES}),
        menu(AFTER, "Closed", times=DAYTIME, choices={NOT_ACTIVE: Choice("menu", menu=TOP)}),
    )
    decision = from_outside("12125550999", circle, NIGHT)
    assert service(decision) == "hang_up"
    assert "attendant.circle" in codes(decision)


# Each action at a key


@shows("Action", "MenuChoice.act", "MenuChoice.number", "MenuChoice.huntgroup", page=PAGE)
@pytest.mark.parametrize(
    ("choice", "features", "expected"),
    [
        (Choice("transfer", number="201"), {}, [ALICES]),
        (Choice("transfer", number=ALICES), {}, [ALICES]),
        (Choice("transfer", number="203"), {}, "not_assigned"),
        (Choice("transfer", number="442071234567"), {}, ["442071234567"]),
        (Choice("transfer", number="202"), {}, "loop"),
        (Choice("transfer", number=BOBS), {}, "loop"),
        (Choice("huntgroup", group=SALES), {}, [ALICES]),
        (Choice("queue", group=SUPPORT), {}, ["queue"]),
        (Choice("huntgroup", group=99), {}, "empty_group"),
        (Choice("voicemail"), {}, "voicemail"),
        (Choice("voicemail"), on(Voicemail(), enabled=False), "no_answer"),
        (Choice("fax"), on(Fax(fax_only=True)), "fax"),
        (Choice("fax"), on(Fax(fax_only=False)), "no_answer"),
        (Choice("fax"), on(Fax(fax_only=True), enabled=False), "no_answer"),
        (Choice("disa"), on(Disa()), "disa"),
        (Choice("disa"), {}, "no_answer"),
        (Choice("directory"), {}, "directory"),
        (Choice("extension"), {}, "dial_extension"),
        (Choice("hang_up"), {}, "hang_up"),
    ],
)
def test_each_action(choice, features, expected):
    plan = office()
    groups = {**plan.groups, SUPPORT: replace(plan.groups[SUPPORT], queue=Queue(1, 5, 60, 1))}
    plan = attended(menu(TOP, choices={"1": choice}), plan=replace(plan, groups=groups), features=features)
    assert service(press(plan, CALL, at(), "1", MONDAY_NOON)) == expected


@shows("Intro", "Menu.intro", page=PAGE)
@shows("Menu prompt", "Menu.prompt", page=PAGE)
def test_a_menu_is_played_and_its_intro_only_once():
    plan = attended(
        menu(TOP, choices={"1": Choice("menu", menu=DAY, play=3)}, intro=1, prompt=2),
        menu(DAY, "Day", choices={"0": Choice("menu", menu=TOP)}, intro=4),
    )
    first = enter(plan, CALL, BOB, MONDAY_NOON)
    assert [(each.kind, each.sound) for each in first.says] == [("intro", 1), ("menu", 2)]
    second = press(plan, CALL, first.position, "1", MONDAY_NOON)
    assert [(each.kind, each.sound) for each in second.says] == [("before", 3), ("intro", 4), ("menu", None)]
    assert second.position.menu == DAY
    back = press(plan, CALL, second.position, "0", MONDAY_NOON)
    assert [(each.kind, each.sound) for each in back.says] == [("menu", 2)]
    plain = enter(attended(menu(TOP)), CALL, BOB, MONDAY_NOON)
    assert [(each.kind, each.sound) for each in plain.says] == [("menu", None)]


@shows("Prompt before", "MenuChoice.play", page=PAGE)
def test_repeat_plays_the_menu_again_after_its_own_prompt():
    answer = press(one("*", Choice("repeat", play=6)), CALL, at(), "*", MONDAY_NOON)
    assert [(each.kind, each.sound) for each in answer.says] == [("before", 6), ("menu", None)]
    assert (answer.position.menu, answer.position.played) == (TOP, 1)
    without = press(one("*", Choice("repeat")), CALL, at(), "*", MONDAY_NOON)
    assert [(each.kind, each.sound) for each in without.says] == [("menu", None)]


@shows("Event", "MenuChoice.event", page=PAGE)
@pytest.mark.parametrize("key", KEYS)
def test_each_key(key):
    plan = one(key, Choice("hang_up"))
    assert service(press(plan, CALL, at(), key, MONDAY_NOON)) == "hang_up"
    other = next(each for each in KEYS if each != key)
    assert press(plan, CALL, at(), other, MONDAY_NOON).position.played == 2


def test_a_menu_that_a_key_leads_to_may_be_closed():
    plan = attended(
        menu(TOP, choices={"1": Choice("menu", menu=DAY)}),
        menu(DAY, "Sales", times=DAYTIME, choices={NOT_ACTIVE: Choice("voicemail")}),
    )
    assert press(plan, CALL, at(), "1", MONDAY_NOON).position.menu == DAY
    assert service(press(plan, CALL, at(), "1", NIGHT)) == "voicemail"


# Nothing pressed, wrong choices, fax tones


@shows("Times it is played", "Menu.max_loops", page=PAGE)
@shows("Prompt on timeout", "Menu.on_timeout", page=PAGE)
@shows("Prompt on wrong choice", "Menu.on_unavailable", page=PAGE)
@pytest.mark.parametrize(("event", "kind"), [(TIMEOUT, "timeout"), (WRONG, "wrong"), ("7", "wrong")])
@pytest.mark.parametrize("loops", [1, 2, 3])
def test_a_menu_is_played_so_often_before_what_is_set_happens(event, kind, loops):
    set_for = WRONG if event == "7" else event
    plan = one(set_for, Choice("voicemail"), max_loops=loops, on_timeout=1, on_wrong=2)
    position = enter(plan, CALL, BOB, MONDAY_NOON).position
    for _time in range(loops - 1):
        answer = press(plan, CALL, position, event, MONDAY_NOON)
        assert [(each.kind, each.sound) for each in answer.says] == [
            (kind, 1 if kind == "timeout" else 2), ("menu", None),
        ]  # fmt: skip
        position = answer.position
    last = press(plan, CALL, position, event, MONDAY_NOON)
    assert (last.position, service(last)) == (None, "voicemail")
    silent = press(attended(menu(TOP)), CALL, at(), event, MONDAY_NOON)
    assert [(each.kind, each.sound) for each in silent.says] == [(kind, None), ("menu", None)]


@pytest.mark.parametrize("choice", [None, Choice("repeat")])
def test_nothing_set_for_nothing_pressed_ends_the_call_at_last(choice):
    plan = attended(menu(TOP, choices={TIMEOUT: choice} if choice else {}, max_loops=1))
    answer = press(plan, CALL, at(), TIMEOUT, MONDAY_NOON)
    assert service(answer) == "hang_up"
    assert [step.code for step in answer.trace] == ["attendant.timeout", "attendant.played_out", "attendant.hang_up"]


@pytest.mark.parametrize(("choice", "expected"), [(Choice("fax"), "fax"), (Choice("transfer", number="201"), [ALICES])])
def test_a_fax_tone(choice, expected):
    plan = attended(menu(TOP, choices={FAX_TONE: choice}), features=on(Fax(fax_only=True)))
    assert service(press(plan, CALL, at(), FAX_TONE, MONDAY_NOON)) == expected


def test_a_fax_tone_that_nothing_is_set_for_is_let_pass():
    assert press(attended(menu(TOP)), CALL, at(), FAX_TONE, MONDAY_NOON).position.menu == TOP


# Extensions that are dialled


@shows("Callers may dial an extension they know", "Menu.dial_extensions", page=PAGE)
@shows("Longest extension", "Menu.max_extension_digits", page=PAGE)
@pytest.mark.parametrize(
    ("digits", "values", "rings"),
    [
        ("201", {}, True),
        ("201", {"dial_extensions": False}, False),
        ("201", {"max_extension_digits": 2}, False),
        ("201", {"max_extension_digits": 3}, True),
        ("203", {}, False),
        ("999", {}, False),
        ("202", {}, False),  # the attendant's own
    ],
)
def test_callers_dial_an_extension_they_know(digits, values, rings):
    plan = attended(menu(TOP, **values))
    answer = key_in(plan, CALL, at(), digits, MONDAY_NOON)
    if rings:
        assert rung(answer.decision)[0] == [ALICES]
        assert answer.decision.steps[0].targets[0].caller.number == "442079460000"
    else:
        assert [each.kind for each in answer.says] == ["wrong", "menu"]


@shows("Language of the voice", "Menu.language", page=PAGE)
@pytest.mark.parametrize(("language", "options"), [("de", {"language": "de"}), ("", {})])
def test_the_switch_is_told_the_language_of_a_menu(language, options):
    """What answers, what is heard, and who finds a colleague by name: all in the language of the menu."""
    choices = {"1": Choice("directory"), "2": Choice("extension"), "3": Choice("voicemail")}
    plan = attended(menu(TOP, choices=choices, language=language, dial_extensions=False))
    assert decide(plan, CALL, MONDAY_NOON).otherwise.options == options
    assert [each.language for each in enter(plan, CALL, BOB, MONDAY_NOON).says] == [language]
    wrong = press(plan, CALL, at(), WRONG, MONDAY_NOON)
    assert [(each.kind, each.language) for each in wrong.says] == [("wrong", language), ("menu", language)]
    for key in ("1", "2"):
        assert press(plan, CALL, at(), key, MONDAY_NOON).decision.otherwise.options == options
    assert press(plan, CALL, at(), "3", MONDAY_NOON).decision.otherwise.options == {}


def test_each_menu_speaks_its_own_language():
    one, two = menu(TOP, choices={"1": Choice("menu", menu=DAY)}), menu(DAY, "Deutsch", language="de")
    answer = press(attended(one, two), CALL, at(), "1", MONDAY_NOON)
    assert [(each.kind, each.language) for each in answer.says] == [("menu", "de")]


def test_a_choice_goes_before_an_extension_of_one_digit():
    plan = office()
    short = replace(plan, extensions={**plan.extensions, 9: replace(plan.extensions[1], id=9, number="1")})
    choice = attended(menu(TOP, choices={"1": Choice("hang_up")}), plan=short)
    assert service(key_in(choice, CALL, at(), "1", MONDAY_NOON)) == "hang_up"
    assert rung(key_in(attended(menu(TOP), plan=short), CALL, at(), "1", MONDAY_NOON).decision)[0] == [ALICES]


def test_an_extension_found_by_name_rings_where_dialling_is_off():
    plan = attended(menu(TOP, dial_extensions=False))
    assert rung(dial_extension(plan, CALL, at(), "201", MONDAY_NOON).decision)[0] == [ALICES]


# What a transfer may reach


def test_barring_is_asked_when_the_call_is_made():
    barred = BarringClass(1, "Abroad", ("44%",), barred_by_default=True)
    plan = replace(office(), barring_classes=(barred,))
    choice = Choice("transfer", number="442071234567")
    assert service(reaches(plan, choice)) == "barred"
    allowed = attended(menu(TOP, choices={"1": choice}), plan=plan, features=on(Barring(allowed=(1,))))
    assert service(press(allowed, CALL, at(), "1", MONDAY_NOON)) == ["442071234567"]


def test_the_destination_policy_is_asked_when_the_call_is_made():
    choice = Choice("transfer", number="442071234567")
    assert service(reaches(replace(office(), policy=Policy(denied=("4420%",))), choice)) == "denied"


@pytest.mark.parametrize(("available", "expected"), [(Decimal(0), "no_funds"), (Decimal(5), ["442071234567"])])
def test_money_for_the_way_outside(available, expected):
    company = Company(1, "EasyCall Ltd", country="US", available=available)
    plan = replace(office(), companies={1: company})
    assert service(reaches(plan, Choice("transfer", number="442071234567"))) == expected


def test_a_transfer_outside_shows_the_caller_and_counts_as_forwarded():
    plan = attended(
        menu(TOP, choices={"1": Choice("transfer", number="442071234567")}), features=on(Recording(redirected=True))
    )
    decision = press(plan, CALL, at(), "1", MONDAY_NOON).decision
    assert decision.steps[0].targets[0].caller.number == "442079460000"
    assert (decision.account, decision.direction, decision.record_redirected) == (BOB, "in", True)


def test_two_attendants_that_hand_a_call_to_each_other_come_to_an_end():
    plan = attended(menu(TOP, times=DAYTIME, choices={NOT_ACTIVE: Choice("transfer", number="201")}))
    back = menu(20, times=DAYTIME, choices={NOT_ACTIVE: Choice("transfer", number="202")})
    plan = with_line(plan, ALICE, menus=(back,), features=on(AutoAttendant()))
    decision = from_outside("12125550999", plan, NIGHT)
    assert decision.cause == RejectCause.LOOP


def test_a_transfer_meets_the_settings_of_the_other_line():
    plan = with_line(office(), ALICE, blocked=True)
    assert service(reaches(plan, Choice("transfer", number="201"))) == "line_blocked"


def test_a_caller_of_the_office_is_seen_by_the_extension():
    plan = attended(menu(TOP, choices={"1": Choice("transfer", number="442071234567")}))
    decision = press(plan, Call("202", line=ALICE), at(), "1", MONDAY_NOON).decision
    assert (decision.steps[0].targets[0].caller.number, decision.direction) == ("201", "internal")


# Whatever the menus are

acts = st.sampled_from(["repeat", "menu", "transfer", "huntgroup", "voicemail", "directory", "hang_up", "fax", "disa"])
choices = st.builds(
    Choice,
    acts,
    number=st.sampled_from(["201", "202", "203", "442071234567", BOBS]),
    group=st.sampled_from([SALES, SUPPORT, 99]),
    menu=st.sampled_from([TOP, DAY, AFTER, 99]),
)
times = st.sampled_from([None, DAYTIME, WEEKEND])
some_menu = st.fixed_dictionaries(
    {"choices": st.dictionaries(st.sampled_from(EVENTS), choices), "times": times, "max_loops": st.integers(1, 10)}
)


@settings(max_examples=300, deadline=None)
@given(st.lists(some_menu, min_size=3, max_size=3), some_menu, st.lists(st.sampled_from(EVENTS[:15]), min_size=1),
       st.sampled_from([MONDAY_NOON, NIGHT]))  # fmt: skip
def test_no_menus_keep_a_call_for_ever(made, other, events, now):
    names = zip((TOP, DAY, AFTER), (ROOT, "Day", "Closed"), made, strict=True)
    plan = attended(*(menu(number, name, **values) for number, name, values in names))
    plan = with_line(plan, ALICE, menus=(menu(20, **other),), features=on(AutoAttendant()))
    decision = decide(plan, CALL, now)
    assert decision.cause is not None or decision.otherwise is not None or decision.steps
    answer, moves = enter(plan, CALL, BOB, now), 0
    while answer.position is not None:
        answer = press(plan, CALL, answer.position, events[moves % len(events)], now)
        moves += 1
        assert moves <= 60
    assert {line for line in (target.line for step in answer.decision.steps for target in step.targets) if line} <= {
        ALICE, BOB,
    }  # fmt: skip
