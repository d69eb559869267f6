"""The page of dialing rules: samples, the check panel, saving, and what each person may do."""

import pytest

from centrex.models import DialingRules
from centrex.operations.dialing import FIELDS
from centrex.pages.dialing.rules import SAMPLE_NAMES, DialingForm
from centrex.queries.dialing_words import FAULTS, REASONS, STEPS
from centrex.routing.dialing.rules import Reason, Step
from centrex.routing.dialing.samples import SAMPLES
from centrex.routing.dialing.substitution.mistakes import Fault
from selfcare.models import AuditEvent, Role
from tests.factories import (
    AbbreviatedNumberFactory,
    CustomerFactory,
    DialCodeFactory,
    DialingRulesFactory,
    UserFactory,
)
from tests.people import signed_in
from tests.rows import contents

PAGE = "/centrex/dialing/"
SEATTLE = {
    "enabled": "on", "kind": "residential", "name": "Seattle", "country_code": "1", "area_codes": "206",
    "local_lengths": "7", "national_lengths": "10", "international_prefix": "011", "long_distance_prefix": "1",
    "exceptions": "911", "version": "1",
}  # fmt: skip
LIVE = {"HX-Request": "true"}


def answers(answer) -> list[str]:
    return [f"{each.typed} > {each.result}" for each in answer.context["answers"]]


def form_of(answer) -> dict[str, object]:
    """What a browser would send of the form that was answered."""
    form = answer.context["form"]
    return {bound.html_name: value for bound in form if (value := bound.value()) not in (None, False)}


def test_every_code_has_its_words():
    assert FAULTS.keys() == set(Fault)
    assert REASONS.keys() == set(Reason)
    assert STEPS.keys() == set(Step) - {Step.TYPED, Step.OUTSIDE, Step.NOT_RECOGNISED}  # these only ever refuse
    assert SAMPLE_NAMES.keys() == SAMPLES.keys()
    assert set(FIELDS) == set(DialingForm.Meta.fields)


def test_every_field_has_a_sentence_of_help(as_alice):
    form = as_alice.get(PAGE).context["form"]
    assert [name for name in form.fields if not form.fields[name].help_text] == ["version"]


def test_without_rules_they_are_off_and_the_panel_says_so(as_alice):
    answer = as_alice.get(PAGE)
    assert answer.context["form"]["enabled"].value() is False
    assert answers(answer) == ["12125550150 > +1 212-555-0150"]
    assert "The rules are off" in answer.content.decode()


@pytest.mark.parametrize("key", SAMPLES)
def test_a_sample_fills_the_form_and_can_be_saved(key, as_alice, easycall):
    answer = as_alice.get(PAGE, {"sample": key})
    assert not DialingRules.objects.exists()
    assert 'data-guard="changed"' in answer.content.decode()
    assert all(each.is_good for each in answer.context["answers"])
    assert len(answer.context["answers"]) == 3 if SAMPLES[key].local else 2
    assert as_alice.post(PAGE, form_of(answer)).status_code == 302
    row = DialingRules.objects.get(customer=easycall)
    assert (row.enabled, row.name, row.kind) == (True, str(SAMPLE_NAMES[key]), "residential")
    assert as_alice.get(PAGE).context["answers"] == answer.context["answers"]


def test_a_sample_keeps_how_one_gets_outside(as_alice, easycall):
    DialingRulesFactory(customer=easycall, enabled=True, kind="pbx", outside_prefix="9", country_code="1")
    answer = as_alice.get(PAGE, {"sample": "de-berlin"})
    assert answers(answer)[0] == "923125020 > +49 30 23125020"
    assert as_alice.get(PAGE, {"sample": "nowhere"}).context["form"]["country_code"].value() == "1"


def test_check_saves_nothing_and_answers_for_what_is_typed(as_alice):
    before = contents()
    typed = SEATTLE | {"do": "check", "check-local": "555 0151", "check-international": "0049 30", "check-other": "911"}
    answer = as_alice.post(PAGE, typed)
    assert answer.status_code == 200
    assert answers(answer) == [
        "555 0151 > +1 206-555-0151", "0049 30 > not recognised", "911 > 911, unchanged",
    ]  # fmt: skip
    assert "Checked, not saved" in answer.content.decode()
    assert "<html" in answer.content.decode()
    assert contents() == before


def test_live_only_the_answers_come(as_alice):
    answer = as_alice.post(PAGE, SEATTLE | {"do": "check", "check-other": "1 212 555 0150"}, headers=LIVE)
    page = answer.content.decode()
    assert "<html" not in page
    assert "+1 212-555-0150" in page
    assert "behind the prefix 1" in page
    assert not DialingRules.objects.exists()


def test_the_panel_says_how_people_here_dial_it(as_alice):
    answer = as_alice.post(PAGE, SEATTLE | {"do": "check", "check-other": "+1 206 555 0151"}, headers=LIVE)
    assert "People here dial it as 5550151." in answer.content.decode()


def test_numbers_of_the_office_are_known(as_alice, easycall):
    DialingRulesFactory(customer=easycall)
    DialCodeFactory(customer=easycall, code="201")
    AbbreviatedNumberFactory(customer=easycall, number="71", target="12065550199")
    answer = as_alice.get(PAGE, {"check-local": "201", "check-other": "71"})
    assert answers(answer) == ["201 > 201, inside", "71 > +1 206-555-0199, inside"]


def test_what_is_wrong_is_said_at_the_field_and_in_the_panel(as_alice):
    wrong = SEATTLE | {"country_code": "", "area_codes": "", "custom_rule": "s/(/1/", "do": "check", "check-local": "1"}
    answer = as_alice.post(PAGE, wrong)
    assert set(answer.context["form"].errors) == {"country_code", "area_codes", "custom_rule"}
    assert answers(answer) == []
    live = as_alice.post(PAGE, wrong, headers=LIVE).content.decode()
    assert "First mend this in the form" in live
    assert "Character 3" in live
    assert as_alice.post(PAGE, wrong | {"do": "save"}).status_code == 200
    assert not DialingRules.objects.exists()


def test_save_and_the_second_of_two_editors(as_alice, easycall):
    assert as_alice.post(PAGE, SEATTLE | {"do": "save"}).status_code == 302
    told = as_alice.post(PAGE, SEATTLE | {"area_codes": "425"})
    assert "alice changed" in told.content.decode()
    assert told.context["form"]["version"].value() == 2
    assert as_alice.post(PAGE, form_of(told)).status_code == 302
    assert DialingRules.objects.get(customer=easycall).area_codes == "425"


def test_a_clash_in_the_number_space_is_said_at_the_prefix(as_alice, easycall):
    DialCodeFactory(customer=easycall, code="901")
    answer = as_alice.post(PAGE, SEATTLE | {"kind": "pbx", "outside_prefix": "9"})
    assert "9 is the beginning of 901" in answer.context["form"].errors["outside_prefix"][0]
    assert not AuditEvent.objects.filter(record_type="centrex.dialingrules").exists()


def test_bob_reads_and_checks_but_saves_nothing(as_bob, easycall):
    DialingRulesFactory(customer=easycall, enabled=True, country_code="49", international_prefix="00",
                        area_codes="30", local_lengths="8", long_distance_prefix="0")  # fmt: skip
    page = as_bob.get(PAGE)
    assert "fieldset disabled" in page.content.decode()
    assert 'name="sample"' not in page.content.decode()
    assert "csrfmiddlewaretoken" not in page.content.decode().partition('id="dialing"')[2].partition("</form>")[0]
    answer = as_bob.get(PAGE, {"check-local": "23125020", "do": "check"})
    assert answers(answer) == ["23125020 > +49 30 23125020"]
    live = as_bob.get(PAGE, {"check-local": "23125020"}, headers=LIVE).content.decode()
    assert "+49 30 23125020" in live
    assert "<html" not in live
    for typed in (SEATTLE, SEATTLE | {"do": "check"}):
        assert as_bob.post(PAGE, typed).status_code == 403
    assert DialingRules.objects.get(customer=easycall).country_code == "49"


def test_each_office_keeps_its_own(as_alice, as_charlie, easycall, lotus):
    berlin = CustomerFactory(main_office=easycall, country="DE")
    berta = signed_in(UserFactory(customer=berlin, role=Role.OWNER))
    as_alice.post(PAGE, SEATTLE)
    for stranger in (berta, as_charlie):
        assert stranger.get(PAGE).context["form"]["country_code"].value() == ""
    assert berta.post(PAGE, SEATTLE | {"area_codes": "253"}).status_code == 302
    kept = dict(DialingRules.objects.values_list("customer", "area_codes"))
    assert kept == {easycall.pk: "206", berlin.pk: "253"}


def test_anonymous_is_sent_to_the_login(client):
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, SEATTLE).status_code == 302


@pytest.mark.parametrize("odd", ["\0", "x" * 100_000, "<script>alert(1)</script>", "٣٤", "%s", "{{7*7}}", "$1"])
def test_odd_numbers_are_only_not_recognised(odd, as_alice):
    answer = as_alice.post(PAGE, SEATTLE | {"do": "check", "check-other": odd})
    assert [each.is_good for each in answer.context["answers"]] == [False]
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("name", ["local_lengths", "national_lengths", "area_codes", "exceptions", "kind"])
@pytest.mark.parametrize("do", ["check", "save"])
def test_odd_rules_are_errors_of_their_field(name, do, as_alice):
    answer = as_alice.post(PAGE, SEATTLE | {name: "seven", "do": do, "check-other": "911"})
    assert set(answer.context["form"].errors) == {name}
    assert answers(answer) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("*7788", "the code for Group Pickup, then 88"),
        ("*77", "the code for Group Pickup"),
        ("*6712065550150", "The code for hiding the caller&#x27;s number was dialled before"),
    ],
)
def test_service_codes_are_known_with_what_is_behind_them(as_alice, easycall, typed, said):
    settings = easycall.company_settings
    settings.pickup_enabled, settings.pickup_prefix = True, "*77"
    settings.hide_cli, settings.hide_cli_prefix, settings.show_cli_prefix = "automatic", "*67", "*82"
    settings.save()
    html = as_alice.get(PAGE, {"check-other": typed}).content.decode()
    assert said in html
    assert "not recognised" not in html
