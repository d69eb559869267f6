"""Pages Identity: what others see of who calls."""

from centrex.routing.features import Identity
from tests.centrex.routing.engine.changes import codes, has, line
from tests.centrex.routing.engine.office import ALICE, BOB, office
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

PAGE, COMPANY = "centrex:line-identity", "centrex:identity"
OUT, IN_E164 = "2125551234", "12125551234"
MINE, BOBS_OTHER = "12125550101", "12125550999"
ALL_CODES = {str(service): code for service, code in office().codes.items()}
NO_CODES = codes(pickup="*77")


def hide(mode: str):
    return has(ALICE, Identity(hide_cli=mode))


test_identity = table(
    setting(
        "Hide CLI", "Identity.hide_cli", "CompanySettings.hide_cli", page=PAGE,
        with_=[
            row("always: hidden outside", hide("always"), dials(OUT), rings=IN_E164, sees="hidden"),
            row("always: shown with the code", hide("always"), dials(f"*82{OUT}"), rings=IN_E164, sees=f"{MINE} Alice"),
            row("automatic: hidden with the code", hide("automatic"), dials(f"*67{OUT}"), rings=IN_E164, sees="hidden"),
            row("automatic: shown without it", hide("automatic"), dials(OUT), sees=f"{MINE} Alice"),
            row("a call for help is never hidden", hide("always"), dials("911"), sees=f"{MINE} Alice", help=True),
            row("a call for help behind the code is not, either", hide("automatic"), dials("*67911"), rings="911",
                sees=f"{MINE} Alice", help=True),
        ],
        without=[row("never: shown", hide("never"), dials(OUT), sees=f"{MINE} Alice")],
    ),
    setting(
        "Hide CLI Prefix", "CompanySettings.hide_cli_prefix", page=COMPANY,
        with_=[
            row("outside", dials(f"*67{OUT}"), sees="hidden"),
            row("inside", dials("*67202"), rings="bob", sees="hidden"),
            row("to a group", dials("*6788"), rings="alice > bob", sees="hidden"),
            row("another code", codes(**{**ALL_CODES, "hide_cli": "*99"}), dials(f"*99{OUT}"), sees="hidden"),
        ],
        without=[
            row("without a code", dials(OUT), sees=f"{MINE} Alice"),
            row("switched off, the code is no number", NO_CODES, dials(f"*67{OUT}"), refused="not_recognised"),
        ],
    ),
    setting(
        "Show CLI Prefix", "CompanySettings.show_cli_prefix", page=COMPANY,
        with_=[
            row("outside", hide("always"), dials(f"*82{OUT}"), sees=f"{MINE} Alice"),
            row("another code", codes(**{**ALL_CODES, "show_cli": "*98"}), hide("always"), dials(f"*98{OUT}"),
                sees=f"{MINE} Alice"),
        ],
        without=[
            row("without a code", hide("always"), dials(OUT), sees="hidden"),
            row("switched off, the code is no number", NO_CODES, hide("always"), dials(f"*82{OUT}"),
                refused="not_recognised"),
        ],
    ),
    setting(
        "Number", "Identity.number", page=PAGE,
        with_=[
            row("the chosen number", has(ALICE, Identity(number="12125550100")), dials(OUT), sees="12125550100 Alice"),
            row("goes before what the phone sends", has(BOB, Identity(number="12125550100")),
                dials(OUT, line=BOB, caller=BOBS_OTHER), sees="12125550100 Bob"),
            row("a call for help shows it", has(ALICE, Identity(number="12125550100")), dials("112"),
                sees="12125550100 Alice"),
            row("colleagues see the extension", has(ALICE, Identity(number="12125550100")), dials("202"),
                sees="201 Alice"),
        ],
        without=[
            row("the line's own", dials(OUT), sees=f"{MINE} Alice"),
            row("what the phone sends, of its own numbers", dials(OUT, line=BOB, caller=BOBS_OTHER),
                sees=f"{BOBS_OTHER} Bob"),
            row("never a colleague's number", dials(OUT, caller=BOBS_OTHER), sees=f"{MINE} Alice"),
            row("a line whose ID is no number shows its external one", line(BOB, account_id="bob"),
                dials(OUT, line=BOB), sees=f"{BOBS_OTHER} Bob"),
        ],
    ),
    setting(
        "Name", "Identity.name", "Line.name", page=PAGE,
        with_=[
            row("outside", has(ALICE, Identity(name="EasyCall")), dials(OUT), sees=f"{MINE} EasyCall"),
            row("inside", has(ALICE, Identity(name="EasyCall")), dials("202"), sees="201 EasyCall"),
        ],
        without=[
            row("the line's name outside", dials(OUT), sees=f"{MINE} Alice"),
            row("the line's name inside", dials("202"), sees="201 Alice"),
            row("a caller outside keeps his own", outside(name="Mum"), sees="442079460000 Mum"),
        ],
    ),
)  # fmt: skip
