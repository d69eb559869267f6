"""The samples against the numbering plans themselves, as libphonenumber knows them."""

from collections.abc import Iterator
from random import Random

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

from centrex.routing.dialing.dial import dial
from centrex.routing.dialing.emergency import EVERYWHERE, emergency_numbers
from centrex.routing.dialing.reverse import reverse
from centrex.routing.dialing.rules import DialingRules, Outcome, Step, is_e164
from centrex.routing.dialing.samples import SAMPLES

EACH = 720  # numbers of a sample: more than 10,000 over all of them
KINDS = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE,
         PhoneNumberType.TOLL_FREE}  # fmt: skip
REQUIRED = {"US", "GB", "DE", "NL", "FR", "ES", "IT", "CZ", "UA", "AU", "JP", "BR"}


def valid_numbers(region: str, count: int) -> list[phonenumbers.PhoneNumber]:
    """`count` different valid fixed, mobile and toll-free numbers of `region`, the same ones each time.

    Each is a valid example with some of its last digits changed, or all but the first two. Left out are Japan's
    toll-free numbers that begin with 00: they are beginnings for carriers, which no E.164 number can carry.
    """
    random, metadata = Random(region), PhoneMetadata.metadata_for_region(region)
    examples = [getattr(metadata, kind).example_number for kind in ("fixed_line", "mobile", "toll_free")]
    found: dict[int, phonenumbers.PhoneNumber] = {}
    for attempt in range(200 * count):
        example = examples[attempt % len(examples)]
        length = random.choice(metadata.general_desc.possible_length) if attempt % 4 == 0 else len(example)
        kept = random.choice([1, 2, 2, 3, 4, max(1, length - 4)])
        national = (example[:kept] + "".join(random.choices("0123456789", k=20)))[:length]
        number = phonenumbers.parse(f"+{metadata.country_code}{national}")
        key = int(f"{metadata.country_code}{national}")
        is_ours = phonenumbers.region_code_for_number(number) == region and phonenumbers.number_type(number) in KINDS
        if is_ours and not national.startswith("00") and is_e164(str(key)):
            found[key] = number
        if len(found) == count:
            return list(found.values())
    raise AssertionError(f"{region}: only {len(found)} numbers")


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def e164(number: phonenumbers.PhoneNumber) -> str:
    return digits(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def as_dialled_at_home(number: phonenumbers.PhoneNumber, rules: DialingRules) -> str:
    """The number as its country writes it.

    In North America with the 1, and in Brazil with the 0 and a carrier code, that are dialled but not written.
    """
    if rules.carrier_codes:
        return digits(phonenumbers.format_national_number_with_carrier_code(number, rules.carrier_codes[0]))
    written = digits(phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))
    return f"1{written}" if rules.country_code == "1" else written


def foreigners(region: str) -> Iterator[phonenumbers.PhoneNumber]:
    """An example number of every other country."""
    for other in sorted(phonenumbers.SUPPORTED_REGIONS - {region}):
        number = phonenumbers.example_number(other)
        if number and is_e164(e164(number)):
            yield number


def test_the_plans_that_were_asked_for():
    assert {sample.region for sample in SAMPLES.values()} >= REQUIRED
    assert {"us-wa-7", "us-wa-10"} < SAMPLES.keys()
    assert len(SAMPLES) * EACH >= 10_000


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_valid_numbers_come_out_as_their_e164(sample):
    prefix = sample.rules.international_prefixes[0] + "".join(sample.rules.carrier_codes[:1])
    for number in valid_numbers(sample.region, EACH):
        wanted = e164(number)
        for way in (as_dialled_at_home(number, sample.rules), prefix + wanted, f"+{wanted}"):
            meant = dial(sample.rules, way)
            assert (meant.outcome, meant.result) == (Outcome.E164, wanted), f"{way}: {meant}"
        back = dial(sample.rules, reverse(sample.rules, wanted))
        assert (back.outcome, back.result) == (Outcome.E164, wanted), f"{reverse(sample.rules, wanted)}: {back}"


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_numbers_of_all_other_countries(sample):
    prefix = sample.rules.international_prefixes[0] + "".join(sample.rules.carrier_codes[:1])
    for number in foreigners(sample.region):
        wanted = e164(number)
        meant = dial(sample.rules, prefix + wanted)
        assert (meant.outcome, meant.result, meant.step) == (Outcome.E164, wanted, Step.INTERNATIONAL)
        assert dial(sample.rules, reverse(sample.rules, wanted)).result == wanted


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_local_numbers(sample):
    """Without the area code, where that is usual; refused where it is not."""
    rules = sample.rules
    if not rules.local_lengths:
        assert sample.local == "" or rules.always_area
        return
    for number in valid_numbers(sample.region, EACH):
        national = phonenumbers.national_significant_number(number)
        local = national.removeprefix(rules.area_codes[0])
        if local != national and len(local) in rules.local_lengths and not local.startswith("0"):
            meant = dial(rules, local)
            assert (meant.outcome, meant.result) == (Outcome.E164, e164(number)) or rules.is_nationwide(local)


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_the_numbers_to_check_a_sample_with(sample):
    shown = [number for number in (sample.local, sample.long_distance, sample.international) if number]
    meant = [dial(sample.rules, number) for number in shown]
    assert [answer.outcome for answer in meant] == [Outcome.E164] * len(shown)
    assert meant[-1].step is Step.INTERNATIONAL
    assert all(answer.result.startswith(sample.rules.country_code) for answer in meant[:-1])
    assert bool(sample.local) == bool(sample.rules.local_lengths) or sample.rules.country_code == "1"


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_emergency_numbers_of_the_country_are_exceptions(sample):
    for code in emergency_numbers(sample.region):
        assert dial(sample.rules, code).outcome is Outcome.UNCHANGED, code


def test_emergency_numbers():
    assert emergency_numbers("de") == ("110", "112")
    assert emergency_numbers("FR") == ("15", "17", "18", "112")
    assert emergency_numbers("") == emergency_numbers("XX") == EVERYWHERE
