"""Opening hours of huntgroups: what happens to calls outside them."""

from centrex.routing.opening import OpeningHours
from centrex.routing.schedule import parse
from tests.centrex.routing.engine.changes import group, times
from tests.centrex.routing.engine.office import ALICE, NEW_YORK, SUPPORT
from tests.centrex.routing.engine.table import dials, row, setting, table

PAGE = "centrex:huntgroup-hours"
SHUT = times(parse("none"))
MOBILE = "19175550123"


def shut(action: str, **values: object):
    return group(hours=OpeningHours(SHUT, NEW_YORK, action, **values))


test_hours = table(
    setting(
        "Opening hours", "Huntgroup.hours", page=PAGE,
        with_=[
            row("closed", shut("hang_up"), dials("88"), refused="closed"),
            row("open", group(hours=OpeningHours(times(parse("hr{8-17}")), NEW_YORK)), dials("88"),
                rings="alice > bob"),
        ],
        without=[row("always open", dials("88"), rings="alice > bob")],
    ),
    setting(
        "Outside these hours", "Huntgroup.closed_action", "Huntgroup.closed_group", "Huntgroup.closed_extension",
        "Huntgroup.closed_line", "Huntgroup.closed_number", page=PAGE,
        with_=[
            row("another huntgroup", shut("group", group=SUPPORT), dials("88"), rings="bob"),
            row("an extension", shut("extension", extension=2), dials("88"), rings="bob"),
            row("a voicemail", shut("voicemail", line=ALICE), dials("88"), rings="voicemail 88"),
            row("a number outside", shut("number", line=ALICE, number=MOBILE), dials("88"), rings=MOBILE),
        ],
        without=[row("the call ends", shut("hang_up"), dials("88"), refused="closed")],
    ),
)  # fmt: skip
