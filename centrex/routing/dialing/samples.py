"""How people dial in different countries, to begin one's own dialing rules with.

Sources: the countries' own numbering plans as the ITU publishes them (ITU-T E.164, national numbering plans), lengths
and emergency numbers as in the metadata of libphonenumber. Area code and lengths are those of one well-known city.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from centrex.routing.dialing.rules import DialingRules, Kind


@dataclass(frozen=True, slots=True)
class Sample:
    """A country's habits, and three numbers as they are dialled there, to check the rules with.

    `local` is empty where there is no dialling without the area code.
    """

    key: str
    region: str
    rules: DialingRules
    local: str
    long_distance: str
    international: str


def north_america(*area_codes: str, always_area: bool) -> DialingRules:
    """The North American plan: 1 before other areas, 011 before other countries, 7 digits without the area code."""
    return DialingRules(
        enabled=True,
        kind=Kind.PBX,
        country_code="1",
        international_prefixes=("011",),
        area_codes=area_codes,
        long_distance_prefix="1",
        always_area=always_area,
        local_lengths=() if always_area else (7,),
        national_lengths=(10,),
        exceptions=("911", "112", "988", "211", "311", "411", "511", "611", "711", "811"),
    )


EUROPE = DialingRules(enabled=True, kind=Kind.PBX, international_prefixes=("00",), long_distance_prefix="0")

BRITISH = replace(
    EUROPE,
    country_code="44",
    area_codes=("20",),
    local_lengths=(8,),
    national_lengths=(7, 9, 10),
    exceptions=("999", "112", "101", "105", "111", "116xxx", "118xxx"),
)
# No plan with fixed lengths: an office's numbers are as long as its extensions need.
GERMAN = replace(
    EUROPE,
    country_code="49",
    area_codes=("30",),
    local_lengths=(5, 6, 7, 8, 9),
    national_lengths=(5, 6, 7, 8, 9, 10, 11, 12, 13),
    exceptions=("112", "110", "115", "116xxx", "118xx", "1180xx"),
)
DUTCH = replace(
    EUROPE,
    country_code="31",
    area_codes=("20",),
    local_lengths=(7,),
    national_lengths=(7, 8, 9, 10, 11),
    exceptions=("112", "911", "113", "116xxx", "14xxx", "14xxxx", "18xx"),
)
# Ten digits everywhere, with the 0.
FRENCH = replace(
    EUROPE,
    country_code="33",
    national_lengths=(9,),
    exceptions=("112", "15", "17", "18", "114", "115", "119", "191", "196", "116xxx", "118xxx", "3xxx"),
)
# The same nine digits everywhere, and nothing before them.
SPANISH = replace(
    EUROPE,
    country_code="34",
    long_distance_prefix="",
    always_area=True,
    national_lengths=(9,),
    exceptions=("112", "061", "062", "080", "085", "088", "091", "092", "016", "116xxx", "118xx"),
)
# The whole number everywhere; the 0 of an area code belongs to it, also from abroad.
ITALIAN = replace(
    EUROPE,
    country_code="39",
    long_distance_prefix="",
    always_area=True,
    national_lengths=(6, 7, 8, 9, 10, 11, 12),
    exceptions=("112", "113", "114", "115", "117", "118", "1515", "1522", "1530", "116xxx"),
)
CZECH = replace(
    EUROPE,
    country_code="420",
    long_distance_prefix="",
    always_area=True,
    national_lengths=(9,),
    exceptions=("112", "150", "155", "156", "158", *(f"15{last}" for last in "123479"), "116xxx", "118x"),
)
UKRAINIAN = replace(
    EUROPE,
    country_code="380",
    area_codes=("44",),
    local_lengths=(7,),
    national_lengths=(9, 10),
    exceptions=("112", "101", "102", "103", "104", "116xxx"),
)
AUSTRALIAN = replace(
    EUROPE,
    country_code="61",
    international_prefixes=("0011",),
    area_codes=("2",),
    local_lengths=(8,),
    national_lengths=(9,),
    nationwide=("13xxxx", "1300xxxxxx", "180xxxx", "1800xxxxxx"),
    exceptions=("000", "106", "112"),
)
JAPANESE = replace(
    EUROPE,
    country_code="81",
    international_prefixes=("010",),
    area_codes=("3",),
    local_lengths=(8,),
    national_lengths=(9, 10),
    exceptions=("110", "119", "104", "115", "117", "118", "171", "177", "188", "189"),
)
# The caller chooses the carrier with two digits: 0 21 11 2345 6789, and abroad always.
BRAZILIAN = replace(
    EUROPE,
    country_code="55",
    area_codes=("11",),
    local_lengths=(8, 9),
    national_lengths=(9, 10, 11),
    carrier_codes=("21", "12", "14", "15", "22", "23", "25", "31", "41", "43", "55", "65", "99"),
    nationwide=("4004xxxx", "4003xxxx", "4020xxxx", "3003xxxx"),
    exceptions=("190", "192", "193", "112", "911", "128", "180", "181", "188", "191", "194", "197", "198", "199"),
)

SEATTLE = ("206", "253", "425")
ALL = (
    Sample("us-wa-10", "US", north_america(*SEATTLE, always_area=True), "2065550151", "12125550150", "011493023125020"),
    Sample("us-wa-7", "US", north_america(*SEATTLE, always_area=False), "5550151", "12125550150", "011493023125020"),
    Sample(
        "ca-bc-10",
        "CA",
        north_america("604", "778", "236", "672", always_area=True),
        "6045550151",
        "14165550152",
        "011442079460153",
    ),
    Sample("gb-london", "GB", BRITISH, "79460153", "01614960163", "0012125550150"),
    Sample("de-berlin", "DE", GERMAN, "23125020", "04022690164", "0012125550150"),
    Sample("nl-amsterdam", "NL", DUTCH, "7946155", "0101234567", "00493023125020"),
    Sample("fr", "FR", FRENCH, "", "0170185154", "00493023125020"),
    Sample("es", "ES", SPANISH, "", "911234156", "00493023125020"),
    Sample("it", "IT", ITALIAN, "", "0294756157", "00493023125020"),
    Sample("cz", "CZ", CZECH, "", "234096158", "00493023125020"),
    Sample("ua-kyiv", "UA", UKRAINIAN, "3904159", "0322345678", "00493023125020"),
    Sample("au-sydney", "AU", AUSTRALIAN, "80155160", "0370101234", "0011493023125020"),
    Sample("jp-tokyo", "JP", JAPANESE, "45789161", "0661234567", "010493023125020"),
    Sample("br-sao-paulo", "BR", BRAZILIAN, "23456789", "0212123456789", "0021493023125020"),
)
SAMPLES: Mapping[str, Sample] = {sample.key: sample for sample in ALL}
