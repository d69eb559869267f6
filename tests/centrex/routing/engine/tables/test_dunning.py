"""What dunning bars while an invoice stays open: calls to the outside, or all calls, and never a call for help."""

from centrex.routing.features import Disa
from tests.centrex.routing.engine.changes import berta, company, entry, forwards, has
from tests.centrex.routing.engine.office import ALICE
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

OUT = "2125551234"
BARRED = company(may_call_out=False)
SUSPENDED = company(active=False, may_call_out=False)

test_unpaid_invoices = table(
    setting(
        "Overdue invoice: what happens", "DunningStep.act", page="billing:invoices",
        with_=[
            row("outgoing calls are barred", BARRED, dials(OUT), refused="unpaid_invoice"),
            row("barred, but inside", BARRED, dials("202"), rings="bob"),
            row("barred, but from outside", BARRED, outside(), rings="bob"),
            row("barred, and it forwards inside only", BARRED, forwards(entry(), entry("201")), outside(),
                rings="bob > alice", left_out=["forward.barred"]),
            row("barred, also through DISA", BARRED, has(ALICE, Disa()), dials(OUT), refused="unpaid_invoice"),
            row("barred, and for help", BARRED, dials("911"), rings="911", help=True),
            row("barred, but not the branch that paid", berta(), BARRED, dials(OUT, line=5), rings=OUT),
            row("suspended: no call outside", SUSPENDED, dials(OUT), refused="suspended"),
            row("suspended: no call inside", SUSPENDED, dials("202"), refused="suspended"),
            row("suspended: no call from outside", SUSPENDED, outside(), refused="suspended"),
            row("suspended, and for help", SUSPENDED, dials("911"), rings="911", help=True),
        ],
        without=[
            row("it is paid", dials(OUT), rings=f"1{OUT}"),
            row("it is paid, from outside", outside(), rings="bob"),
        ],
    ),
)  # fmt: skip
