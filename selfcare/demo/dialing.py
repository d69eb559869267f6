"""The demo's dialing rules: New York dials ten digits, Berlin a 0 for an outside line."""

from __future__ import annotations

from centrex.models import DialingRules
from centrex.operations.dialing import save_dialing_rules
from selfcare.demo.people import People


def make_dialing_rules(people: People) -> None:
    """Both offices of EasyCall have rules of their own; Lotus Clinic has none yet."""
    new_york = DialingRules(
        customer=people.easycall,
        enabled=True,
        kind=DialingRules.Kind.RESIDENTIAL,
        name="New York office",
        country_code="1",
        area_codes="212, 646, 917",
        always_area=True,
        national_lengths="10",
        international_prefix="011",
        long_distance_prefix="1",
        exceptions="911, 988, 211, 311, 411, 511, 611, 711, 811",
        translate_cli_in=True,
    )
    berlin = DialingRules(
        customer=people.berlin,
        enabled=True,
        kind=DialingRules.Kind.PBX,
        name="Büro Berlin",
        country_code="49",
        area_codes="30",
        local_lengths="5, 6, 7, 8, 9",
        national_lengths="5, 6, 7, 8, 9, 10, 11, 12, 13",
        international_prefix="00",
        long_distance_prefix="0",
        outside_prefix="0",
        exceptions="112, 110, 115, 116xxx, 118xx",
    )
    save_dialing_rules(user=people.alice, rules=new_york, version=None)
    save_dialing_rules(user=people.berta, rules=berlin, version=None)
