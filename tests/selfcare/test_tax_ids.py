"""Tax IDs: each country's rules, and words that say what is wrong."""

import pytest
from django.core.exceptions import ValidationError

from selfcare.tax_ids import EXAMPLES, checked_tax_id


@pytest.mark.parametrize(("country", "example"), EXAMPLES.items())
def test_every_example_is_good_in_its_country(country, example):
    assert checked_tax_id(example, country=country) == example


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("", "DE", ""),
        ("   ", "", ""),
        (" de 136 695 976 ", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("094259216", "GR", "EL094259216"),
        ("gr094259216", "GR", "EL094259216"),
        ("13-5550199", "US", "13-5550199"),
        ("181/815/08155", "DE", "181/815/08155"),  # of the tax office; not for VAT
        ("100-1234", "AE", "100-1234"),  # nobody has written the rules down
    ],
)
def test_what_is_kept(text, country, kept):
    assert checked_tax_id(text, country=country) == kept


@pytest.mark.parametrize(
    ("text", "country", "words"),
    [
        ("DE136695977", "DE", "check digit does not fit"),
        ("DE13669597", "DE", "another number of characters"),
        ("07-1234567", "US", "no tax ID of United States of America"),
        ("FR40303265045", "DE", "a tax ID of France, but your country is Germany"),
        ("DE136695976", "US", "a tax ID of Germany, but your country is United States of America"),
        ("DE136695976", "", "Choose your country first"),
        ("<script>", "DE", "letters and digits only"),
        ("\u0661\u0662", "AE", "letters and digits only"),
        ("1" * 31, "AE", "at most 30"),
    ],
)
def test_what_is_wrong_is_said(text, country, words):
    with pytest.raises(ValidationError, match=words):
        checked_tax_id(text, country=country)


def test_an_example_is_of_the_own_country_or_left_out():
    with pytest.raises(ValidationError, match="Example: DE136695976"):
        checked_tax_id("DE136695977", country="DE")
    with pytest.raises(ValidationError) as wrong:
        checked_tax_id("x!", country="AE")
    assert "Example" not in str(wrong.value)
