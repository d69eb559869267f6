"""Pages Dialing Rules: what the digits that people dial mean."""

from centrex.routing.dialing.rules import DialingRules, Kind
from tests.centrex.routing.engine.changes import line, rules
from tests.centrex.routing.engine.office import ALICE, BOB
from tests.centrex.routing.engine.table import dials, outside, row, setting, table

PAGE = "centrex:dialing"
LONDON, NEW_YORK = "442071234567", "12125551234"
GERMAN = DialingRules(
    enabled=True, kind=Kind.RESIDENTIAL, country_code="49", international_prefixes=("00",), area_codes=("30",),
    long_distance_prefix="0", local_lengths=(7, 8),
)  # fmt: skip
BRAZIL = DialingRules(
    enabled=True, kind=Kind.RESIDENTIAL, country_code="55", international_prefixes=("00",), area_codes=("11",),
    long_distance_prefix="0", local_lengths=(8, 9), national_lengths=(10, 11), carrier_codes=("15", "21"),
)  # fmt: skip
AUSTRALIA = DialingRules(
    enabled=True, kind=Kind.RESIDENTIAL, country_code="61", international_prefixes=("0011",), area_codes=("2",),
    long_distance_prefix="0", local_lengths=(8,), national_lengths=(9,), nationwide=("13xxxx", "1800xxxxxx"),
)  # fmt: skip
PBX = {"kind": Kind.PBX, "outside_prefix": "9"}


def german(**values: object):
    return line(ALICE, dialing=GERMAN)


test_dialing = table(
    setting(
        "Dialing Rules", "Dialing.enabled", "DialingRules.enabled", page=PAGE,
        with_=[row("a number as it is dialled here", dials("2125551234"), rings=NEW_YORK)],
        without=[
            row("digits are E.164", rules(enabled=False), dials(NEW_YORK), rings=NEW_YORK),
            row("a number as it is dialled here is another number", rules(enabled=False), dials("2125551234"),
                rings="2125551234"),
            row("a plus is E.164 with rules or without", dials("+442071234567"), rings=LONDON),
        ],
    ),
    setting(
        "Type", "Dialing.kind", "DialingRules.kind", page=PAGE,
        with_=[
            row("as in an office: without the digit for an outside line", rules(**PBX), dials("2125551234"),
                refused="not_recognised", because="no_outside_prefix"),
            row("as in an office: with it", rules(**PBX), dials("92125551234"), rings=NEW_YORK),
            row("custom rule", rules(kind=Kind.CUSTOM, custom="s/^7/1212555/;"), dials("71234"), rings=NEW_YORK),
        ],
        without=[row("as at home", dials("2125551234"), rings=NEW_YORK)],
    ),
    setting(
        "Your country code", "Dialing.country_code", "DialingRules.country_code", page=PAGE,
        with_=[
            row("Germany", german(), dials("0301234567"), rings="49301234567"),
            row("North America", dials("12125551234"), rings=NEW_YORK),
        ],
        without=[row("none", rules(country_code=""), dials("2125551234"), rings="2125551234")],
    ),
    setting(
        "International dialing prefix", "Dialing.international_prefixes", "DialingRules.international_prefix",
        page=PAGE,
        with_=[
            row("011", dials("011442071234567"), rings=LONDON),
            row("00", german(), dials("00442071234567"), rings=LONDON),
            row("one of two", rules(international_prefixes=("011", "010")), dials("010442071234567"), rings=LONDON),
        ],
        without=[row("none", rules(international_prefixes=()), dials("011442071234567"), refused="not_recognised")],
    ),
    setting(
        "Your area code(s)", "Dialing.area_codes", "DialingRules.area_codes", page=PAGE,
        with_=[
            row("a local number gets the first", german(), dials("1234567"), rings="49301234567"),
            row("7 digits in North America", rules(always_area=False, local_lengths=(7,)), dials("5551234"),
                rings=NEW_YORK),
        ],
        without=[row("none", rules(always_area=False, local_lengths=(7,), area_codes=()), dials("5551234"),
                     refused="not_recognised")],
    ),
    setting(
        "Prefix for domestic long-distance", "Dialing.long_distance_prefix", "DialingRules.long_distance_prefix",
        page=PAGE,
        with_=[row("another area", german(), dials("0891234567"), rings="49891234567"),
               row("1 in North America", dials("16505551234"), rings="16505551234")],
        without=[row("none", rules(long_distance_prefix="", always_area=False), dials("16505551234"),
                     refused="not_recognised")],
    ),
    setting(
        "Always dial the area code as part of the number", "Dialing.always_area", "DialingRules.always_area", page=PAGE,
        with_=[row("10 digits", dials("6505551234"), rings="16505551234"),
               row("a local number leads nowhere", rules(local_lengths=(7,)), dials("5551234"),
                   refused="not_recognised")],
        without=[row("a local number", rules(always_area=False, local_lengths=(7,)), dials("5551234"), rings=NEW_YORK)],
    ),
    setting(
        "Prefix to reach the outside network", "Dialing.outside_prefix", "DialingRules.outside_prefix", page=PAGE,
        with_=[
            row("before a number", rules(**PBX), dials("92125551234"), rings=NEW_YORK),
            row("before a call for help", rules(**PBX), dials("9911"), rings="911", help=True),
            row("not before an extension", rules(**PBX), dials("202"), rings="bob"),
        ],
        without=[
            row("a call for help needs none", rules(**PBX), dials("911"), rings="911", help=True),
            row("none is set", rules(kind=Kind.PBX), dials("2125551234"), rings=NEW_YORK),
        ],
    ),
    setting(
        "Length of a local number", "Dialing.local_lengths", "DialingRules.local_lengths", page=PAGE,
        with_=[row("7 digits", german(), dials("1234567"), rings="49301234567"),
               row("8 digits", german(), dials("12345678"), rings="493012345678")],
        without=[row("6 digits are none", german(), dials("123456"), refused="not_recognised")],
    ),
    setting(
        "Length of a number with its area code", "Dialing.national_lengths", "DialingRules.national_lengths", page=PAGE,
        with_=[row("10 digits", dials("6505551234"), rings="16505551234")],
        without=[row("9 digits are none", dials("650555123"), refused="not_recognised"),
                 row("behind the prefix neither", dials("1650555123"), refused="not_recognised", because="length")],
    ),
    setting(
        "Carrier codes", "Dialing.carrier_codes", "DialingRules.carrier_codes", page=PAGE,
        with_=[row("abroad by a carrier", line(ALICE, dialing=BRAZIL), dials("0015442071234567"), rings=LONDON),
               row("long distance by a carrier", line(ALICE, dialing=BRAZIL), dials("0212133334444"),
                   rings="552133334444")],
        without=[row("abroad without one", line(ALICE, dialing=BRAZIL), dials("00442071234567"),
                     refused="not_recognised", because="no_carrier")],
    ),
    setting(
        "Numbers without area code or prefix", "Dialing.nationwide", "DialingRules.nationwide", page=PAGE,
        with_=[row("13 12 34", line(ALICE, dialing=AUSTRALIA), dials("131234"), rings="61131234"),
               row("1800 123 456", line(ALICE, dialing=AUSTRALIA), dials("1800123456"), rings="611800123456")],
        without=[row("another of this length", line(ALICE, dialing=AUSTRALIA), dials("1900123456"),
                     refused="not_recognised")],
    ),
    setting(
        "Emergency numbers and exceptions", "Dialing.exceptions", "DialingRules.exceptions", page=PAGE,
        with_=[row("is not rewritten", rules(exceptions=("411",)), dials("411"), rings="411")],
        without=[row("is no number", dials("411"), refused="not_recognised")],
    ),
    setting(
        "Custom Rule", "Dialing.custom", "DialingRules.custom_rule", page=PAGE,
        with_=[row("rewrites", rules(kind=Kind.CUSTOM, custom="s/^7/1212555/;"), dials("71234"), rings=NEW_YORK)],
        without=[row("of another type it does not count", rules(custom="s/^7/1212555/;"), dials("71234"),
                     refused="not_recognised")],
    ),
    setting(
        "Apply to the caller's number on outgoing calls", "Dialing.translate_cli_out", "DialingRules.translate_cli_out",
        page=PAGE,
        with_=[row("what the phone sends is read as dialled", rules(BOB, translate_cli_out=True),
                   dials("6505551234", line=BOB, caller="2125550999"), sees="12125550999 Bob")],
        without=[row("it is E.164", rules(BOB), dials("6505551234", line=BOB, caller="2125550999"),
                     sees="12125550102 Bob")],
    ),
    setting(
        "Show the caller's number as it is dialled here", "Dialing.translate_cli_in", "DialingRules.translate_cli_in",
        page=PAGE,
        with_=[
            row("on the line's display", rules(BOB, translate_cli_in=True), outside(caller="12125557777"),
                sees="2125557777"),
            row("abroad", rules(BOB, translate_cli_in=True), outside(), sees="011442079460000"),
        ],
        without=[
            row("in E.164", rules(BOB), outside(caller="12125557777"), sees="12125557777"),
            row("rules that are off", rules(BOB, translate_cli_in=True, enabled=False), outside(caller="12125557777"),
                sees="12125557777"),
        ],
    ),
    setting(
        "Show the called number as it is dialled here", "Dialing.translate_cld_in", "DialingRules.translate_cld_in",
        page=PAGE,
        with_=[row("on the line's display", rules(BOB, translate_cld_in=True), outside(), called="2125550999")],
        without=[row("in E.164", rules(BOB), outside(), called="12125550999")],
    ),
)  # fmt: skip
