"""Page Call Barring: which classes of numbers a line cannot call."""

from centrex.routing.features import Barring
from centrex.routing.plan import BarringClass
from tests.centrex.routing.engine.changes import classes, entry, forwards, has
from tests.centrex.routing.engine.office import ALICE, BOB
from tests.centrex.routing.engine.table import dials, row, setting, table

PAGE, STAFF = "centrex:line-barring", "admin:centrex_barringclass_changelist"
PREMIUM_NUMBER, LONDON = "19005551234", "442071234567"
PREMIUM = BarringClass(7, "Premium", ("1900%", "1976%"))
FROM_THE_START = BarringClass(7, "Premium", ("1900%", "1976%"), barred_by_default=True)
ALL = BarringClass(7, "All", ("%",))
ABROAD = BarringClass(8, "All but home", ("1%",), matching=False)

test_barring = table(
    setting(
        "Call Barring", "Barring.enabled", page=PAGE,
        with_=[
            row("on: the class is barred", classes(PREMIUM), has(ALICE, Barring(barred=(7,))), dials(PREMIUM_NUMBER),
                refused="barred"),
            row("on: a class barred from the start", classes(FROM_THE_START), has(ALICE, Barring()),
                dials(PREMIUM_NUMBER), refused="barred"),
        ],
        without=[
            row("off: the class is free", classes(PREMIUM), has(ALICE, Barring(barred=(7,)), enabled=False),
                dials(PREMIUM_NUMBER), rings=PREMIUM_NUMBER),
            row("off: a class barred from the start", classes(FROM_THE_START), has(ALICE, Barring(), enabled=False),
                dials(PREMIUM_NUMBER), rings=PREMIUM_NUMBER),
        ],
    ),
    setting(
        "Barred classes", "Barring.barred", page=PAGE,
        with_=[
            row("a number of the class", classes(PREMIUM), has(ALICE, Barring(barred=(7,))), dials(PREMIUM_NUMBER),
                refused="barred", decided_by=["12125550101 Alice", "Premium"]),
            row("a number outside the class", classes(PREMIUM), has(ALICE, Barring(barred=(7,))), dials("2125551234"),
                rings="12125551234"),
            row("a colleague is never barred", classes(ALL), has(ALICE, Barring(barred=(7,))), dials("202"),
                rings="bob"),
            row("a call for help is never barred", classes(ALL), has(ALICE, Barring(barred=(7,))), dials("911"),
                rings="911", help=True),
            row("what is abbreviated is barred as well", classes(BarringClass(7, "Britain", ("44%",))),
                has(ALICE, Barring(barred=(7,))), dials("701"), refused="barred"),
            row("what a line forwards to is barred as well", classes(BarringClass(7, "Britain", ("44%",))),
                has(BOB, Barring(barred=(7,))), forwards(entry(LONDON)), dials("202"), rings="bob"),
        ],
        without=[
            row("another class", classes(PREMIUM, ABROAD), has(ALICE, Barring(barred=(8,))), dials(PREMIUM_NUMBER),
                rings=PREMIUM_NUMBER),
            row("no class", classes(PREMIUM), has(ALICE, Barring()), dials(PREMIUM_NUMBER), rings=PREMIUM_NUMBER),
            row("what a line forwards to", classes(BarringClass(7, "Britain", ("44%",))), forwards(entry(LONDON)),
                dials("202"), rings=f"bob > {LONDON}"),
        ],
    ),
    setting(
        "Allowed classes", "Barring.allowed", page=PAGE,
        with_=[row("a class barred from the start is free", classes(FROM_THE_START), has(ALICE, Barring(allowed=(7,))),
                   dials(PREMIUM_NUMBER), rings=PREMIUM_NUMBER)],
        without=[row("a class barred from the start stays", classes(FROM_THE_START), has(ALICE, Barring()),
                     dials(PREMIUM_NUMBER), refused="barred")],
    ),
    setting(
        "Number patterns", "BarringClass.patterns", page=STAFF,
        with_=[
            row("the first pattern", classes(FROM_THE_START), dials(PREMIUM_NUMBER), refused="barred"),
            row("the second pattern", classes(FROM_THE_START), dials("19765551234"), refused="barred"),
            row("x is one digit", classes(BarringClass(7, "x", ("1900555xxxx",), barred_by_default=True)),
                dials(PREMIUM_NUMBER), refused="barred"),
            row("the number after dialing rules counts",
                classes(BarringClass(7, "Britain", ("44%",), barred_by_default=True)), dials("011442071234567"),
                refused="barred"),
        ],
        without=[
            row("no pattern fits", classes(FROM_THE_START), dials("19015551234"), rings="19015551234"),
            row("x is not two digits", classes(BarringClass(7, "x", ("1900555xxx",), barred_by_default=True)),
                dials(PREMIUM_NUMBER), rings=PREMIUM_NUMBER),
        ],
    ),
    setting(
        "Matching type", "BarringClass.matching", page=STAFF,
        with_=[
            row("all but these: one of these", classes(ABROAD), has(ALICE, Barring(barred=(8,))), dials("2125551234"),
                rings="12125551234"),
            row("all but these: another", classes(ABROAD), has(ALICE, Barring(barred=(8,))), dials("011442071234567"),
                refused="barred"),
        ],
        without=[row("these: one of these", classes(PREMIUM), has(ALICE, Barring(barred=(7,))), dials(PREMIUM_NUMBER),
                     refused="barred")],
    ),
    setting(
        "Barred by default", "BarringClass.barred_by_default", page=STAFF,
        with_=[row("a line that says nothing", classes(FROM_THE_START), dials(PREMIUM_NUMBER), refused="barred")],
        without=[row("a line that says nothing", classes(PREMIUM), dials(PREMIUM_NUMBER), rings=PREMIUM_NUMBER)],
    ),
)  # fmt: skip
