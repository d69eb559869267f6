"""The pages of Abbreviated Dialing."""

import csv
from io import StringIO

import pytest

from centrex.models import AbbreviatedNumber, CompanySettings, DialCode
from tests.factories import AbbreviatedNumberFactory, CustomerFactory, HuntgroupFactory, LineFactory, UserFactory
from tests.people import signed_in
from tests.rows import contents

PAGE = "/centrex/abbreviated/"
ADD, LENGTH = f"{PAGE}add/", f"{PAGE}length/"


def body(client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def page_of(number: AbbreviatedNumber, act: str = "") -> str:
    return f"{PAGE}{number.pk}/{act}"


@pytest.fixture
def three(easycall) -> None:
    CompanySettings.objects.filter(customer=easycall).update(abbreviated_length=3)


@pytest.fixture
def lobby(easycall, three) -> AbbreviatedNumber:
    LineFactory(customer=easycall, account_id="12125550100", name="Lobby phone")
    return AbbreviatedNumberFactory(customer=easycall, number="801", target="12125550100", description="Lobby")


@pytest.fixture
def taxi(easycall, three) -> AbbreviatedNumber:
    return AbbreviatedNumberFactory(customer=easycall, number="802", target="442079460018", description="Taxi")


@pytest.fixture
def as_berta(easycall):
    branch = CustomerFactory(company_name="EasyCall Berlin", main_office=easycall)
    return signed_in(UserFactory(username="berta", customer=branch))


def test_the_list_shows_every_column(as_alice, easycall, lobby, taxi):
    AbbreviatedNumberFactory(customer=easycall, number="803")
    page = body(as_alice)
    for head in ("Abbreviated #", "# To Dial", "Description"):
        assert head in page
    for cell in ("801", "+1 212-555-0100", "Lobby phone", "+44 20 7946 0018", "Taxi", "Dialled as it is"):
        assert cell in page
    assert f'href="{page_of(taxi)}"' in page
    assert f'href="{page_of(taxi, "delete/")}"' in page
    assert "Abbreviated Number Length: 3" in page


def test_first_comes_the_length(as_alice, easycall):
    page = body(as_alice)
    assert f'href="{LENGTH}"' in page
    assert "First say how many digits" in page
    assert f'href="{ADD}"' not in page
    assert as_alice.get(ADD)["Location"] == LENGTH
    refused = as_alice.post(ADD, {"number": "801"}).content.decode()
    assert f'Set the <a href="{LENGTH}">Abbreviated Number Length</a> first.' in refused
    assert as_alice.post(LENGTH, {"abbreviated_length": 3, "version": 1})["Location"] == PAGE
    assert as_alice.post(ADD, {"number": "801"}).status_code == 302


@pytest.mark.parametrize("length", ["", "0", "7", "-1", "x", "99999999999"])
def test_an_odd_length_is_an_error(as_alice, easycall, length):
    answer = as_alice.post(LENGTH, {"abbreviated_length": length, "version": 1})
    assert "abbreviated_length" in answer.context["form"].errors
    assert CompanySettings.objects.get(customer=easycall).abbreviated_length is None


def test_a_length_that_numbers_do_not_have_is_refused(as_alice, taxi):
    page = as_alice.post(LENGTH, {"abbreviated_length": 2, "version": 1}).content.decode()
    assert f'<a href="{PAGE}">1 abbreviated number</a> of another length exist' in page


def test_adding_and_editing(as_alice, easycall, three):
    data = {"number": "801", "target": "(212) 555-0142", "description": "Taxi"}
    assert "“801 Taxi” was added." in as_alice.post(ADD, data, follow=True).content.decode()
    taxi = AbbreviatedNumber.objects.get()
    assert (taxi.customer, taxi.target) == (easycall, "12125550142")
    form = as_alice.get(page_of(taxi)).context["form"]
    shown = {name: value for name in form.fields if (value := form[name].value()) is not None}
    assert shown["target"] == "+1 212-555-0142"
    assert as_alice.post(page_of(taxi), shown | {"description": "Cab"}).status_code == 302
    taxi.refresh_from_db()
    assert (taxi.target, taxi.description, taxi.version) == ("12125550142", "Cab", 2)
    assert as_alice.post(page_of(taxi), shown | {"target": "", "version": 2}).status_code == 302
    taxi.refresh_from_db()
    assert taxi.target == ""


def test_the_lines_of_all_offices_are_offered(as_alice, easycall, lotus, lobby):
    LineFactory(customer=CustomerFactory(main_office=easycall), account_id="493023125011", name="Empfang")
    foreign = LineFactory(customer=lotus, name="Clinic")
    page = body(as_alice, ADD)
    assert '<option value="+1 212-555-0100">Lobby phone</option>' in page
    assert "Empfang" in page
    assert foreign.name not in page
    assert as_alice.post(ADD, {"number": "804", "target": "+1 212-555-0100"}).status_code == 302
    assert AbbreviatedNumber.objects.get(number="804").target == "12125550100"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"number": "80a"}, "number"),
        ({"number": "8011"}, "number"),
        ({"number": "911"}, "number"),
        ({"number": "881"}, "number"),
        ({"number": "801", "target": "nonsense"}, "target"),
        ({"number": "801", "target": "1" * 65}, "target"),
        ({"number": "804", "target": "802"}, "target"),
    ],
)
def test_refusals_stand_at_their_field(as_alice, easycall, taxi, data, field):
    HuntgroupFactory(customer=easycall, number="88", name="Sales")
    before = contents()
    answer = as_alice.post(ADD, data)
    assert list(answer.context["form"].errors) == [field]
    assert contents() == before


def test_what_is_in_the_way_is_linked(as_alice, easycall, three):
    sales = HuntgroupFactory(customer=easycall, number="80", name="Sales")
    page = as_alice.post(ADD, {"number": "801"}).content.decode()
    assert f'(<a href="/centrex/huntgroups/{sales.pk}/">huntgroup Sales</a>)' in page


def test_deleting(as_alice, easycall, taxi):
    assert "The number 802 is free again." in body(as_alice, page_of(taxi, "delete/"))
    assert as_alice.post(page_of(taxi, "delete/")).status_code == 302
    assert not DialCode.objects.exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("80", {"801", "802"}),
        ("802", {"802"}),
        ("taxi", {"802"}),
        ("phone", {"801"}),
        ("+44 20 7946", {"802"}),
        ("zz", set()),
    ],
)
def test_the_filter(as_alice, lobby, taxi, text, found):
    table = as_alice.get(PAGE, {"text": text}).context["table"]
    assert {record.number for record in table.records()} == found


def test_the_download_can_be_read_back(as_alice, lobby, taxi):
    answer = as_alice.get(PAGE, {"format": "csv"})
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Abbreviated #", "# To Dial", "Description"]
    assert [row[0] for row in rows[1:]] == ["801", "802"]
    assert rows[1][1] == "12125550100"
    assert rows[2][1].lstrip("'") == "+442079460018"


def test_a_branch_office_sees_the_main_offices_numbers_and_changes_nothing(as_berta, taxi):
    page = body(as_berta)
    assert "Taxi" in page
    assert ADD not in page
    assert LENGTH not in page
    assert page_of(taxi) not in page
    before = contents()
    for address in (ADD, LENGTH, page_of(taxi), page_of(taxi, "delete/")):
        assert as_berta.post(address, {"number": "803", "abbreviated_length": 2}).status_code == 403
    assert contents() == before
    assert "3" in body(as_berta, LENGTH)


def test_who_may_only_read_changes_nothing(as_bob, taxi):
    assert "Taxi" in body(as_bob)
    before = contents()
    for address in (ADD, LENGTH, page_of(taxi), page_of(taxi, "delete/")):
        assert as_bob.post(address, {"number": "803", "abbreviated_length": 2}).status_code == 403
    assert contents() == before


def test_a_stranger_sees_nothing_of_it(as_charlie, taxi):
    assert "Taxi" not in body(as_charlie)
    for method in ("get", "post", "put", "delete", "options"):
        for act in ("", "delete/"):
            assert getattr(as_charlie, method)(page_of(taxi, act)).status_code == 404


def test_the_second_to_save_is_told(as_alice, easycall, taxi):
    other = signed_in(UserFactory(username="carol", customer=easycall))
    data = {"number": "802", "target": "+442079460018", "description": "Cab", "version": 1}
    assert other.post(page_of(taxi), data).status_code == 302
    page = as_alice.post(page_of(taxi), data | {"description": "Taxis"}).content.decode()
    assert "carol changed Description: “Taxi” → “Cab”." in page
