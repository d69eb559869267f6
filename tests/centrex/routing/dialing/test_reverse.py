"""How people dial a number, and that it leads back."""

from dataclasses import replace

import pytest

from centrex.routing.dialing.dial import dial
from centrex.routing.dialing.reverse import reverse
from centrex.routing.dialing.rules import DialingRules, Kind, Outcome
from centrex.routing.dialing.samples import SAMPLES


@pytest.mark.parametrize(
    ("key", "e164", "dialled"),
    [
        ("us-wa-7", "12065550151", "5550151"),
        ("us-wa-7", "12535550151", "2535550151"),
        ("us-wa-7", "12125550150", "12125550150"),
        ("us-wa-7", "493023125020", "011493023125020"),
        ("us-wa-10", "12065550151", "2065550151"),
        ("us-wa-10", "12125550150", "12125550150"),
        ("de-berlin", "493023125020", "23125020"),
        ("de-berlin", "49301234", "0301234"),  # too short for a local number of our plan
        ("de-berlin", "12065550151", "0012065550151"),
        ("fr", "33170185154", "0170185154"),
        ("es", "34911234156", "911234156"),
        ("it", "390294756157", "0294756157"),
        ("au-sydney", "611800123456", "1800123456"),
        ("br-sao-paulo", "552123456789", "02123456789"),
        ("br-sao-paulo", "493023125020", "0021493023125020"),
    ],
)
def test_the_shortest_usual_way(key, e164, dialled):
    assert reverse(SAMPLES[key].rules, e164) == dialled


def test_an_office_dials_its_outside_prefix():
    rules = replace(SAMPLES["us-wa-7"].rules, outside_prefix="9")
    assert reverse(rules, "12065550151") == "95550151"
    assert reverse(rules, "493023125020") == "9011493023125020"
    assert reverse(replace(rules, kind=Kind.RESIDENTIAL), "12065550151") == "5550151"


def test_a_way_that_leads_elsewhere_is_not_taken():
    rules = SAMPLES["us-wa-7"].rules
    assert reverse(rules, "12065550151", {"5550151": ""}.get) == "12065550151"
    assert reverse(rules, "12065550151", {"5550151": "", "12065550151": "201"}.get) == "01112065550151"
    assert reverse(rules, "12065550151", {"5550152": ""}.get) == "5550151"


def test_off_it_is_e164_and_with_a_custom_rule_mostly_a_plus():
    assert reverse(DialingRules(), "493023125020") == "493023125020"
    rules = DialingRules(enabled=True, kind=Kind.CUSTOM, custom="s/^0/49/")
    assert reverse(rules, "493023125020") == "493023125020"
    assert reverse(replace(rules, custom="s/^/49/"), "493023125020") == "+493023125020"


@pytest.mark.parametrize("rules", [*(sample.rules for sample in SAMPLES.values()), DialingRules()], ids=str)
def test_what_it_answers_leads_back(rules):
    numbers = ["12065550151", "493023125020", "4930123", "390612345", "5511961234567", "61131234", "420234096158"]
    for number in numbers:
        meant = dial(rules, reverse(rules, number))
        assert (meant.outcome, meant.result) == (Outcome.E164, number)
