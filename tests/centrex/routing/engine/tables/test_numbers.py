"""External numbers, abbreviated numbers, blocked callers, and what the telephone company keeps of a customer."""

from centrex.routing.features import Barring
from centrex.routing.plan import Action, BarringClass
from centrex.routing.policy import Policy
from tests.centrex.routing.engine.changes import (
    berta,
    classes,
    company,
    entry,
    forwards,
    has,
    line,
    numbers,
    policy,
    rule,
    screens,
)
from tests.centrex.routing.engine.office import ALICE, BOB
from tests.centrex.routing.engine.table import CALLER, dials, outside, row, setting, table

DIDS, ABBREVIATED, BLOCKED = "centrex:dids", "centrex:abbreviated", "centrex:blocked"
CUSTOMERS = "admin:selfcare_customer_changelist"
LONDON = "442071234567"
EVERYTHING = BarringClass(7, "Everything", ("%",), barred_by_default=True)

test_numbers = table(
    setting(
        "DID", "Did.number", page=DIDS,
        with_=[
            row("a call from outside", outside("12125550999"), rings="bob", called="12125550999"),
            row("with a plus", outside("+12125550999"), rings="bob"),
            row("a colleague dials it, and stays inside", dials("2125550999"), rings="bob", account=BOB),
        ],
        without=[
            row("a number that is nobody's", outside("12125550555"), refused="not_assigned"),
            row("an extension is no number for the world", outside("202"), refused="not_assigned"),
            row("nor is a huntgroup", outside("88"), refused="not_assigned"),
            row("nor is a service code", outside("*77"), refused="not_assigned"),
        ],
    ),
    setting(
        "ID", "Line.account_id", page="centrex:lines",
        with_=[
            row("a call from outside", outside("12125550101"), rings="alice"),
            row("a colleague dials it, and stays inside", dials("2125550102"), rings="bob"),
            row("an ID that is no number", line(ALICE, account_id="front-desk"), dials("201", line=BOB),
                account=ALICE, then="voicemail"),
        ],
        without=[row("another number is somebody outside", dials("2125550103"), rings="12125550103")],
    ),
    setting(
        "Assigned to", "Did.line", page=DIDS,
        with_=[row("another line", line(BOB, numbers=()), line(ALICE, numbers=("12125550999",)), outside(),
                   rings="alice")],
        without=[row("nobody", line(BOB, numbers=()), outside(), refused="not_assigned")],
    ),
    setting(
        "Abbreviated #", "AbbreviatedNumber.number", page=ABBREVIATED,
        with_=[row("dials the number that it stands for", dials("701"), rings=LONDON),
               row("from a branch office", berta(), dials("701", line=5), rings=LONDON)],
        without=[row("another leads nowhere", dials("703"), refused="not_recognised")],
    ),
    setting(
        "# To Dial", "AbbreviatedNumber.target", page=ABBREVIATED,
        with_=[
            row("outside", dials("701"), rings=LONDON),
            row("a line's ID", dials("702"), rings="bob"),
            row("a line's external number", numbers(n704="12125550999"), dials("704"), rings="bob"),
            row("an emergency number, though everything is barred", classes(EVERYTHING), numbers(n704="911"),
                dials("704"), rings="911", help=True),
        ],
        without=[row("empty: dialled as it is", numbers(n704=""), dials("704"), rings="704")],
    ),
    setting(
        "Blocked caller", "BlockedCaller.number", page=BLOCKED,
        with_=[
            row("is refused", company(blocked_callers=frozenset({CALLER})), outside(), refused="blocked_caller"),
            row("with a plus as well", company(blocked_callers=frozenset({CALLER})), outside(caller=f"+{CALLER}"),
                refused="blocked_caller"),
            row("before any rule", company(blocked_callers=frozenset({CALLER})), screens(rule(Action(ring=True))),
                outside(), refused="blocked_caller"),
            row("hidden numbers", company(blocked_callers=frozenset({""})), outside(caller=""),
                refused="blocked_caller"),
            row("a hidden number by the name that networks give it", company(blocked_callers=frozenset({""})),
                outside(caller="anonymous"), refused="blocked_caller"),
        ],
        without=[
            row("another caller", company(blocked_callers=frozenset({"1917"})), outside(), rings="bob"),
            row("a number that is shown", company(blocked_callers=frozenset({""})), outside(), rings="bob"),
            row("a colleague", company(blocked_callers=frozenset({"201", "12125550101"})), dials("202"), rings="bob"),
            row("a branch blocks for itself", berta(), company(2, blocked_callers=frozenset({CALLER})), outside(),
                rings="bob"),
        ],
    ),
    setting(
        "Status", "Customer.status", page=CUSTOMERS,
        with_=[row("active", dials("202"), rings="bob")],
        without=[
            row("suspended: calls nobody", company(active=False), dials("202"), refused="suspended"),
            row("suspended: nobody calls", company(active=False), outside(), refused="suspended"),
            row("suspended: calls for help", company(active=False), dials("911"), rings="911", help=True),
            row("a suspended branch is not called", berta(), company(2, active=False), dials("301"),
                refused="suspended"),
            row("nor forwarded to", berta(), company(2, active=False), forwards(entry("301")), outside(), rings="bob",
                left_out=["forward.blocked"]),
        ],
    ),
    setting(
        "Country", "Customer.country", page=CUSTOMERS,
        with_=[
            row("the emergency numbers of Germany", company(country="DE"), dials("110"), rings="110", help=True),
            row("of Britain", company(country="GB"), dials("999"), rings="999", help=True),
            row("112 everywhere", company(country=""), dials("112"), rings="112", help=True),
            row("though everything else is barred and denied", classes(EVERYTHING), policy(Policy(denied=("%",))),
                has(ALICE, Barring(barred=(7,))), dials("911"), rings="911", help=True),
            row("of the line's own office", berta(), dials("110", line=5), rings="110", help=True),
        ],
        without=[
            row("not those of elsewhere", dials("110"), refused="not_recognised", help=False),
            row("what the ITSP denies is denied", policy(Policy(denied=("44%",))), dials("011442071234567"),
                refused="denied"),
        ],
    ),
)  # fmt: skip
