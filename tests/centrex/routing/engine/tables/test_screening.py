"""Call Screening, its named filters and hours."""

from datetime import date, datetime, time, timedelta

from centrex.routing.features import Answering
from centrex.routing.hunting import Member
from centrex.routing.plan import Action
from centrex.routing.schedule import Span, parse
from tests.centrex.routing.engine.changes import entry, filtered, forwards, has, members, rule, screens, times
from tests.centrex.routing.engine.office import ALICE, BOB, MONDAY_NOON, SALES
from tests.centrex.routing.engine.table import CALLER, dials, outside, row, setting, table

PAGE, FILTERS, HOURS, DAYS = (
    "centrex:line-screening", "centrex:filters", "centrex:schedules", "centrex:schedule-edit",
)  # fmt: skip
MOBILE = "19175550123"
REJECT = Action(reject=True)
WORKING = parse("wd{mo-fr} hr{8-16}")
NIGHT = MONDAY_NOON + timedelta(hours=10)
SATURDAY = MONDAY_NOON + timedelta(days=5)
MONDAY = MONDAY_NOON.date()


def does(**action: object):
    return screens(rule(Action(**action)))


test_screening = table(
    setting(
        "Enable Rule", "ScreeningRule.enabled", page=PAGE,
        with_=[row("the rule decides", screens(rule(REJECT)), outside(), refused="screened")],
        without=[row("the rule is passed over", screens(rule(REJECT, enabled=False)), outside(), rings="bob")],
    ),
    setting(
        "Order", "ScreeningRule.position", page=PAGE,
        with_=[row("the first that matches decides", screens(rule(Action(voicemail=True)), rule(REJECT)), outside(),
                   rings="", then="voicemail")],
        without=[row("in the other order the other", screens(rule(REJECT), rule(Action(voicemail=True))), outside(),
                     refused="screened")],
    ),
    setting(
        "Action", "ScreeningRule.action", page=PAGE,
        with_=[
            row("ring only", does(ring=True), forwards(entry()), outside(), rings="bob", then=""),
            row("ring, then forward", does(ring=True, forward=True), forwards(entry()), outside(),
                rings=f"bob > {MOBILE}", then=""),
            row("ring, then voicemail", does(ring=True, voicemail=True), forwards(entry()), outside(), rings="bob",
                then="voicemail"),
            row("ring, forward, voicemail", does(ring=True, forward=True, voicemail=True), forwards(entry()), outside(),
                rings=f"bob > {MOBILE}", then="voicemail"),
            row("forward only", does(forward=True), forwards(entry()), outside(), rings=MOBILE, then=""),
            row("forward, then voicemail", does(forward=True, voicemail=True), forwards(entry()), outside(),
                rings=MOBILE, then="voicemail"),
            row("voicemail only", does(voicemail=True), forwards(entry()), outside(), rings="", then="voicemail"),
            row("reject", does(reject=True), outside(), refused="screened"),
            row("a rule goes before the line's own way", does(ring=True), has(BOB, Answering(ring=False)), outside(),
                rings="bob", then=""),
            row("a rejected caller cannot page", does(reject=True), dials("*33202"), refused="screened"),
            row("a group that heeds the line's settings leaves him out", does(reject=True),
                members(SALES, Member(1), Member(2, ignore_forwarding=False)), dials("88"), rings="alice",
                left_out=["screening.left_out"]),
            row("a colleague who rejects is not forwarded to", screens(rule(REJECT), line=ALICE),
                forwards(entry("201"), entry()), outside(), rings=f"bob > {MOBILE}", left_out=["forward.rejected"]),
        ],
        without=[
            row("no rule: the line's own way", forwards(entry()), outside(), rings=f"bob > {MOBILE}", then="voicemail"),
            row("a group that ignores the line's settings rings him", does(reject=True), members(SALES, Member(2)),
                dials("88"), rings="bob"),
        ],
    ),
    setting(
        "Number", "ScreeningRule.number", page=PAGE,
        with_=[
            row("to a number outside", does(number=MOBILE), outside(), rings=MOBILE, then=""),
            row("to a colleague", does(number="201"), outside(), rings="alice"),
            row("one's own number leads nowhere", does(number="202"), outside(), refused="no_answer",
                left_out=["forward.loop"]),
            row("a huntgroup is no phone line", does(number="88"), outside(), refused="no_answer",
                left_out=["forward.not_assigned"]),
        ],
        without=[row("another action", does(ring=True, number=""), outside(), rings="bob")],
    ),
    setting(
        "Message", "ScreeningRule.message", page=PAGE,
        with_=[row("is played, and the call ends", does(play=7, then_hang_up=True), outside(), rings="",
                   then="announcement", sound=7)],
        without=[row("another action plays none", does(ring=True), outside(), rings="bob", sound=None)],
    ),
    setting(
        "From", "ScreeningRule.callers", "NumberFilter.patterns", page=PAGE,
        with_=[
            row("the number itself", screens(rule(REJECT, callers=filtered(CALLER))), outside(), refused="screened"),
            row("a pattern", screens(rule(REJECT, callers=filtered("44%"))), outside(), refused="screened"),
            row("a colleague by the extension", screens(rule(REJECT, callers=filtered("201"))), dials("202"),
                refused="screened"),
        ],
        without=[
            row("another number", screens(rule(REJECT, callers=filtered("1917%"))), outside(), rings="bob"),
            row("a caller who fits at another time",
                screens(rule(REJECT, callers=filtered("44%"), times=times(WORKING))), outside(), at=NIGHT,
                rings="bob"),
            row("a caller who fits on another number", screens(rule(REJECT, callers=filtered("44%"),
                called=filtered("1213%"))), outside(), rings="bob"),
            row("no filter takes every caller", screens(rule(REJECT)), outside(), refused="screened"),
        ],
    ),
    setting(
        "Callers who hide their number", "NumberFilter.anonymous", page=FILTERS,
        with_=[
            row("a hidden number", screens(rule(REJECT, callers=filtered(anonymous=True))), outside(caller=""),
                refused="screened"),
            row("a colleague who hides", screens(rule(REJECT, callers=filtered(anonymous=True))), dials("*67202"),
                refused="screened"),
        ],
        without=[
            row("a number that is shown", screens(rule(REJECT, callers=filtered(anonymous=True))), outside(),
                rings="bob"),
            row("a filter of numbers only", screens(rule(REJECT, callers=filtered("%"))), outside(caller=""),
                rings="bob"),
        ],
    ),
    setting(
        "To", "ScreeningRule.called", page=PAGE,
        with_=[row("this number was called", screens(rule(REJECT, called=filtered("12125550999"))), outside(),
                   refused="screened")],
        without=[row("the extension was called", screens(rule(REJECT, called=filtered("12125550999"))), dials("202"),
                     rings="bob")],
    ),
    setting(
        "Time", "ScreeningRule.times", "Schedule.period", page=PAGE,
        with_=[
            row("in working hours", screens(rule(REJECT, times=times(WORKING))), outside(), refused="screened"),
            row("by the clock of the line's zone", screens(rule(REJECT, times=times(WORKING))), outside(),
                at=datetime.fromisoformat("2026-03-02T13:00:00+00:00"), refused="screened"),
        ],
        without=[
            row("at night", screens(rule(REJECT, times=times(WORKING))), outside(), at=NIGHT, rings="bob"),
            row("on Saturday", screens(rule(REJECT, times=times(WORKING))), outside(), at=SATURDAY, rings="bob"),
            row("an hour before, by the clock of the line's zone", screens(rule(REJECT, times=times(WORKING))),
                outside(), at=datetime.fromisoformat("2026-03-02T12:59:59+00:00"), rings="bob"),
            row("times that never come", screens(rule(REJECT, times=times(parse("none")))), outside(), rings="bob"),
        ],
    ),
    setting(
        "Special days", "ScheduleDay.day", "Schedule.holidays_country", "Schedule.holidays_region", page=DAYS,
        with_=[row("a day on which it is closed", screens(rule(REJECT, times=times(WORKING, {MONDAY: None}))),
                   outside(), rings="bob")],
        without=[
            row("another day", screens(rule(REJECT, times=times(WORKING, {date(2026, 3, 3): None}))), outside(),
                refused="screened"),
        ],
    ),
    setting(
        "Hours of a special day", "ScheduleDay.start", "ScheduleDay.end", page=DAYS,
        with_=[
            row("open by its own hours",
                screens(rule(REJECT, times=times(WORKING, {MONDAY: Span(time(11), time(13))}))), outside(),
                refused="screened"),
            row("on a Saturday",
                screens(rule(REJECT, times=times(WORKING, {SATURDAY.date(): Span(time(9), time(14))}))), outside(),
                at=SATURDAY, refused="screened"),
        ],
        without=[row("closed by its own hours", screens(rule(REJECT, times=times(WORKING,
                     {MONDAY: Span(time(9), time(12))}))), outside(), rings="bob")],
    ),
)  # fmt: skip
