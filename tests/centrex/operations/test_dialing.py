"""Dialing rules are checked and saved; their outside prefix has a place in the office's number space."""

import pytest

from centrex.models import DialCode, DialingRules
from centrex.operations import dialing, numbers
from centrex.operations.extensions import add_extension
from centrex.queries.dialing import as_rules, internal_of, row_of
from centrex.routing.dialing import rules as routing
from centrex.routing.dialing.dial import dial
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from tests.factories import AbbreviatedNumberFactory, CustomerFactory, DialingRulesFactory, ExtensionFactory

SEATTLE = {
    "enabled": True, "kind": "pbx", "country_code": "1", "area_codes": "206, 425", "local_lengths": "7",
    "national_lengths": "10", "international_prefix": "011", "long_distance_prefix": "1",
}  # fmt: skip
pytestmark = pytest.mark.django_db


def save(user, customer, *, version=None, **values):
    """Save the customer's rules with these values, as a form would that showed the saved ones."""
    row = row_of(customer)
    for name, value in values.items():
        setattr(row, name, value)
    return dialing.save_dialing_rules(user=user, rules=row, version=version)


def codes(customer) -> dict[str, str]:
    return dict(DialCode.objects.filter(customer=customer).values_list("code", "kind"))


def test_the_first_save_and_the_next(easycall, alice):
    assert as_rules(row_of(easycall)) == routing.DialingRules(
        kind=routing.Kind.RESIDENTIAL, exceptions=as_rules(row_of(easycall)).exceptions
    )
    save(alice, easycall, **SEATTLE)
    save(alice, easycall, area_codes="425, 206")
    row = DialingRules.objects.get(customer=easycall)
    assert (row.area_codes, row.version) == ("425, 206", 3)
    events = AuditEvent.objects.filter(record_type="centrex.dialingrules").order_by("pk")
    assert [event.action for event in events] == ["add", "edit"]
    assert events[1].changes == {"Your area code(s)": ["206, 425", "425, 206"]}
    assert events[1].customer == easycall


def test_nothing_changed_is_not_written_down(easycall, alice):
    save(alice, easycall)
    assert not DialingRules.objects.exists()
    save(alice, easycall, **SEATTLE)
    save(alice, easycall, **SEATTLE)
    assert AuditEvent.objects.filter(record_type="centrex.dialingrules").count() == 1


def test_the_second_of_two_editors_is_told(easycall, alice):
    save(alice, easycall, version=1, **SEATTLE)
    with pytest.raises(Outdated, match="alice"):
        save(alice, easycall, version=1, area_codes="253")
    save(alice, easycall, version=2, area_codes="253")
    assert row_of(easycall).area_codes == "253"


def test_the_values_that_phones_dial_by(easycall, alice):
    save(alice, easycall, **SEATTLE, exceptions="988, 1 16XXX,, 988", carrier_codes="21,31", nationwide="13xxxx")
    rules = as_rules(row_of(easycall))
    assert rules.area_codes == ("206", "425")
    assert (rules.local_lengths, rules.national_lengths) == ((7,), (10,))
    assert rules.international_prefixes == ("011",)
    assert rules.exceptions == ("112", "911", "988", "116xxx")
    assert (rules.carrier_codes, rules.nationwide) == (("21", "31"), ("13xxxx",))


def test_emergency_numbers_of_the_country_need_not_be_listed(easycall, lotus):
    easycall.country = "DE"
    lotus.country = ""
    for customer, number in ((easycall, "110"), (lotus, "911")):
        assert dial(as_rules(row_of(customer)), number).outcome is routing.Outcome.UNCHANGED
        row = DialingRules(customer=customer, enabled=True, kind="custom", custom_rule="s/.*/49301234567/")
        assert dial(as_rules(row), number).outcome is routing.Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"country_code": ""}, "country_code", "Enter the code that others dial"),
        ({"country_code": "01"}, "country_code", "Enter the code that others dial"),
        ({"international_prefix": " , "}, "international_prefix", "Enter what you dial before"),
        ({"area_codes": ""}, "area_codes", "Enter your area code"),
        ({"always_area": True, "national_lengths": ""}, "national_lengths", "how many digits a number with its area"),
        ({"long_distance_prefix": "011"}, "long_distance_prefix", "This is your international prefix already."),
        ({"local_lengths": "1"}, "local_lengths", "2 to 15 digits"),
        ({"national_lengths": "10, 16"}, "national_lengths", "2 to 15 digits"),
        ({"kind": "custom", "custom_rule": " "}, "custom_rule", "Enter a rule such as"),
        ({"kind": "custom", "custom_rule": "s/^0(1/49/;"}, "custom_rule", "Character 5, at “(1/49/;”: this bracket"),
        ({"kind": "custom", "custom_rule": "s/^0/49/ s/1/2/"}, "custom_rule", "Character 10, at “s/1/2/”: a semicolon"),
        ({"custom_rule": "s/1/2/" + " " * 1000}, "custom_rule", "Character 1001: the rule is too long."),
    ],
)
def test_what_is_refused(easycall, alice, values, field, message):
    with pytest.raises(Refused) as told:
        save(alice, easycall, **(SEATTLE | values))
    assert told.value.field == field
    assert message in str(told.value)
    assert not DialingRules.objects.exists()


def test_rules_that_are_off_may_be_unfinished(easycall, alice):
    assert save(alice, easycall, enabled=False, country_code="", area_codes="206").pk


def test_the_outside_prefix_stands_in_the_number_space(easycall, alice):
    extension = ExtensionFactory(customer=easycall, number="912", name="Anna")
    DialCode.objects.get_or_create(customer=easycall, code="912", kind=DialCode.Kind.EXTENSION)
    with pytest.raises(Refused, match=r"9 is the beginning of 912 \(extension Anna\)") as told:
        save(alice, easycall, **SEATTLE, outside_prefix="9")
    assert told.value.field == "outside_prefix"
    save(alice, easycall, **SEATTLE, outside_prefix="8")
    assert codes(easycall)["8"] == DialCode.Kind.SERVICE
    with pytest.raises(Refused, match=r"801 begins with 8 \(the prefix to reach the outside network\)"):
        add_extension(user=alice, extension=type(extension)(customer=easycall, number="801", name="Bert"))


@pytest.mark.parametrize(
    "leave", [{"outside_prefix": ""}, {"kind": "residential"}, {"enabled": False}, {"outside_prefix": "90"}]
)
def test_a_prefix_that_nobody_dials_any_more_is_free_again(easycall, alice, leave):
    save(alice, easycall, **SEATTLE, outside_prefix="9")
    save(alice, easycall, **leave)
    assert ("90" in codes(easycall)) == (leave == {"outside_prefix": "90"})
    assert "9" not in codes(easycall)


def test_offices_share_a_prefix_until_the_last_one_leaves_it(easycall, alice):
    berlin = CustomerFactory(main_office=easycall, country="DE")
    save(alice, easycall, **SEATTLE, outside_prefix="9")
    save(alice, berlin, **SEATTLE, outside_prefix="9")
    save(alice, easycall, outside_prefix="")
    assert codes(easycall) == {"9": DialCode.Kind.SERVICE}
    assert codes(berlin) == {}
    save(alice, berlin, outside_prefix="")
    assert codes(easycall) == {}


def test_what_an_office_can_dial_inside(easycall, alice):
    DialCode.objects.create(customer=easycall, code="201", kind=DialCode.Kind.EXTENSION)
    AbbreviatedNumberFactory(customer=easycall, number="71", target="12065550199")
    AbbreviatedNumberFactory(customer=easycall, number="72", target="")
    AbbreviatedNumberFactory(number="73", target="12065550100")
    save(alice, easycall, **SEATTLE, outside_prefix="9")
    inside = {"201": "", "71": "12065550199", "72": ""}
    assert internal_of(easycall) == inside
    assert internal_of(CustomerFactory(main_office=easycall)) == inside


def test_no_number_inside_hides_an_emergency_number(easycall):
    CustomerFactory(main_office=easycall, country="DE")
    for code in ("911", "110"):
        with pytest.raises(Refused, match=f"{code} calls for help"):
            numbers.claim(office=easycall, code=code, kind=DialCode.Kind.EXTENSION)
    numbers.claim(office=easycall, code="999", kind=DialCode.Kind.EXTENSION)


def test_a_blank_record_is_off_and_not_saved(easycall):
    assert row_of(easycall).pk is None
    DialingRulesFactory(customer=easycall, enabled=True, kind="custom", custom_rule="s/^0/49/")
    assert row_of(easycall).pk
    assert as_rules(row_of(easycall)).enabled
