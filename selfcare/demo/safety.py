"""The demo's classes of numbers that can be barred, and the settings of a few lines."""

from __future__ import annotations

from centrex.models import BarringClass, Extension, Line
from centrex.operations.barring import save_barring
from centrex.operations.features import save_feature
from centrex.routing.features import Barring, Identity, Limits
from selfcare.demo.people import People
from selfcare.models import Customer

MATCHES, DOES_NOT = BarringClass.Matching.MATCHES, BarringClass.Matching.DOES_NOT
# Name, matching, patterns, barred by default, dangerous; the numbers are of each country's numbering plan.
CLASSES = (
    ("Premium rate", MATCHES, "1900xxxxxxx 1976% 44909xxxxxxx 44118% 49900% 33899%", True, True),
    ("Satellite phones", MATCHES, "870% 881% 882% 883%", True, True),
    ("International", DOES_NOT, "1%", False, False),
    ("Mobiles abroad", MATCHES, "447% 4915% 4916% 4917% 336% 337% 346%", False, False),
    (
        "Caribbean with country code 1",
        MATCHES,
        "1242% 1246% 1268% 1284% 1345% 1473% 1649% 1767% 1809% 1876%",
        True,
        True,
    ),
)
LABELS = {"source": "Comes from", "enabled": "On"}


def make_safety(people: People) -> None:
    """Reception cannot call abroad, the meeting room has two calls at most, and Alice shows a name of her own."""
    classes = {
        name: BarringClass.objects.create(
            name=name, matching=matching, patterns="\n".join(patterns.split()), barred_by_default=barred,
            dangerous=dangerous,
        )
        for name, matching, patterns, barred, dangerous in CLASSES
    }  # fmt: skip
    abroad = Barring(barred=(classes["International"].pk, classes["Mobiles abroad"].pk))
    save_barring(
        user=people.alice, line=line_of(people.easycall, "210"), version=None, values=abroad, enabled=True,
        labels=LABELS, confirmed=False,
    )  # fmt: skip
    for number, values in (
        ("210", Limits(max_calls=4, max_calls_out=2)),
        ("201", Identity(hide_cli="automatic", name="EasyCall, Alice")),
    ):
        save_feature(
            user=people.alice, line=line_of(people.easycall, number), version=None, values=values, enabled=True,
            labels=LABELS,
        )  # fmt: skip


def line_of(customer: Customer, extension: str) -> Line:
    """The line that an extension rings."""
    line: Line = Extension.for_customer(customer).select_related("line__customer").get(number=extension).line
    return line
