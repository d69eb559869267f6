"""Abbreviated numbers: one length, a target that can be dialled, no circles, one number space."""

from datetime import UTC, datetime

import pytest

from centrex.models import AbbreviatedNumber, CompanySettings, DialCode, Extension
from centrex.operations.abbreviated import (
    add_abbreviated,
    delete_abbreviated,
    e164,
    edit_abbreviated,
    read_target,
    set_length,
)
from centrex.operations.extensions import add_extension
from selfcare.errors import Link, Outdated, Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import AbbreviatedNumberFactory, CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory
from tests.parallel import parallel

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@pytest.fixture
def three(easycall) -> CompanySettings:
    """EasyCall's abbreviated numbers have three digits."""
    CompanySettings.objects.filter(customer=easycall).update(abbreviated_length=3)
    return CompanySettings.objects.get(customer=easycall)


def refused(act, **what) -> Refused:
    with pytest.raises(Refused) as refusal:
        act(**what)
    return refusal.value


def new(easycall, number: str = "801", target: str = "", description: str = "") -> AbbreviatedNumber:
    return AbbreviatedNumber(customer=easycall, number=number, target=target, description=description)


def codes(office) -> set[str]:
    return set(DialCode.objects.filter(customer=office).values_list("code", flat=True))


def test_adding_claims_the_number_and_is_written_down(alice, easycall, three):
    taxi = add_abbreviated(user=alice, number=new(easycall, target="(212) 555-0142", description="Taxi"))
    assert taxi.target == "12125550142"
    assert codes(easycall) == {"801"}
    event = AuditEvent.objects.get()
    assert (event.action, event.record_id) == ("add", str(taxi.pk))
    assert event.changes == {
        "Abbreviated #": ["", "801"],
        "# To Dial": ["", "12125550142"],
        "Description": ["", "Taxi"],
    }


def test_the_length_comes_first(alice, easycall):
    refusal = refused(add_abbreviated, user=alice, number=new(easycall))
    assert (str(refusal), refusal.field) == ("Set the Abbreviated Number Length first.", "number")
    assert refusal.link == Link("Abbreviated Number Length", "centrex:abbreviated", "centrex:abbreviated-length")


@pytest.mark.parametrize("number", ["80", "8011", ""])
def test_a_number_has_the_length(alice, easycall, three, number):
    refusal = refused(add_abbreviated, user=alice, number=new(easycall, number))
    assert (str(refusal), refusal.field) == ("Abbreviated numbers have 3 digits here.", "number")
    kept = add_abbreviated(user=alice, number=new(easycall))
    kept.number = number
    assert refused(edit_abbreviated, user=alice, number=kept, version=1).field == "number"
    assert codes(easycall) == {"801"}


def test_the_length_cannot_change_under_the_numbers(alice, easycall, three):
    for number in ("801", "802"):
        AbbreviatedNumberFactory(customer=easycall, number=number)
    three.abbreviated_length = 2
    refusal = refused(set_length, user=alice, settings=three, version=1)
    said = "2 abbreviated numbers of another length exist: 801, 802. Delete them first."
    assert (str(refusal), refusal.field) == (said, "abbreviated_length")
    for number in AbbreviatedNumber.objects.all():
        delete_abbreviated(user=alice, number=number)
    set_length(user=alice, settings=three, version=1)
    assert CompanySettings.objects.get(customer=easycall).abbreviated_length == 2
    assert codes(easycall) == set()


@pytest.mark.parametrize(
    ("country", "typed", "meant"),
    [
        ("US", "+1 212 555 0142", "12125550142"),
        ("US", "(212) 555-0142", "12125550142"),
        ("US", "1-212-555-0142", "12125550142"),
        ("US", "212.555.0142", "12125550142"),
        ("US", "011 44 20 7946 0018", "442079460018"),
        ("US", "442079460018", "442079460018"),
        ("US", "+44 (0)20 7946 0018", "442079460018"),
        ("DE", "030 23125020", "493023125020"),
        ("DE", "0049 30 23125020", "493023125020"),
        ("DE", "+1\u00a0212\u2011555\u20110142", "12125550142"),
        ("", "442079460018", "442079460018"),
        ("", "020 7946 0018", None),
        ("US", "", None),
        ("US", "201", None),
        ("US", "911", None),
        ("US", "+1 212 555 014", None),
        ("US", "+999 123456789", None),
        ("US", "1-800-FLOWERS", None),
        ("US", "12125550142 ext. 5", None),
        ("US", "sip:anna@example.com", None),
        ("US", "٢١٢٥٥٥٠١٤٢", None),
    ],
)
def test_a_number_in_any_common_way(country, typed, meant):
    assert e164(typed, country) == meant


def test_a_target_may_be_a_line_of_any_office(easycall, lotus):
    branch = CustomerFactory(main_office=easycall, country="DE")
    LineFactory(customer=easycall, account_id="lobby-phone")
    LineFactory(customer=branch, account_id="493023125011")
    LineFactory(customer=lotus, account_id="clinic-phone")
    assert read_target(easycall, " lobby-phone ") == "lobby-phone"
    assert read_target(easycall, "+49 30 23125011") == "493023125011"
    assert read_target(easycall, "") == ""
    for text in ("clinic-phone", "201", "nobody"):
        assert refused(read_target, office=easycall, text=text).field == "target"


def test_no_circles(alice, easycall, three):
    LineFactory(customer=easycall, account_id="802")
    LineFactory(customer=easycall, account_id="801")
    refusal = refused(add_abbreviated, user=alice, number=new(easycall, "801", "801"))
    assert refusal.field == "target"
    first = add_abbreviated(user=alice, number=new(easycall, "801", "802", "Lobby"))
    refusal = refused(add_abbreviated, user=alice, number=new(easycall, "802"))
    said = "802 is what 801 (the abbreviated number for Lobby) dials, and would lead in a circle."
    assert (str(refusal), refusal.field) == (said, "number")
    assert refusal.link.args == (first.pk,)
    other = add_abbreviated(user=alice, number=new(easycall, "803"))
    other.target = "801"
    refusal = refused(edit_abbreviated, user=alice, number=other, version=1)
    said = "801 is an abbreviated number itself. Enter the number that it stands for."
    assert (str(refusal), refusal.field) == (said, "target")


def test_changing_moves_the_number(alice, easycall, three):
    taxi = add_abbreviated(user=alice, number=new(easycall, target="+12125550142"))
    taxi.number, taxi.target = "802", "+12125550143"
    edit_abbreviated(user=alice, number=taxi, version=1)
    assert codes(easycall) == {"802"}
    event = AuditEvent.objects.get(action="edit")
    assert event.changes == {"Abbreviated #": ["801", "802"], "# To Dial": ["12125550142", "12125550143"]}
    edit_abbreviated(user=alice, number=taxi, version=2)
    taxi.refresh_from_db()
    assert taxi.version == 2


def test_a_target_whose_line_is_gone_can_stay(alice, easycall, three):
    line = LineFactory(customer=easycall, account_id="lobby")
    lobby = add_abbreviated(user=alice, number=new(easycall, target="lobby"))
    line.delete()
    lobby.description = "Lobby"
    edit_abbreviated(user=alice, number=lobby, version=1)
    lobby.refresh_from_db()
    assert (lobby.target, lobby.description) == ("lobby", "Lobby")


def test_the_second_to_save_is_told(alice, bob, easycall, three):
    taxi = add_abbreviated(user=alice, number=new(easycall))
    mine = AbbreviatedNumber.objects.get(pk=taxi.pk)
    taxi.description = "Taxi"
    edit_abbreviated(user=bob, number=taxi, version=1)
    mine.description = "Cab"
    with pytest.raises(Outdated, match="bob changed Description"):
        edit_abbreviated(user=alice, number=mine, version=1)


def test_a_branch_office_adds_nothing(easycall):
    branch = CustomerFactory(main_office=easycall)
    assert "main office keeps this" in str(refused(add_abbreviated, user=None, number=new(branch)))


def test_what_is_in_the_way_is_named_with_a_link(alice, easycall, three):
    group = HuntgroupFactory(customer=easycall, number="80", name="Sales")
    refusal = refused(add_abbreviated, user=alice, number=new(easycall))
    assert str(refusal) == "801 begins with 80 (huntgroup Sales): the call would go there after these digits."
    assert refusal.link == Link("huntgroup Sales", "centrex:huntgroups", "centrex:huntgroup-edit", (group.pk,))
    taxi = add_abbreviated(user=alice, number=new(easycall, "701", description="Taxi"))
    refusal = refused(add_extension, user=alice, extension=Extension(customer=easycall, number="701"))
    assert str(refusal) == "701 is already the abbreviated number for Taxi."
    assert refusal.link == Link(
        "the abbreviated number for Taxi", "centrex:abbreviated", "centrex:abbreviated-edit", (taxi.pk,)
    )
    assert "calls for help" in str(refused(add_abbreviated, user=alice, number=new(easycall, "911")))


def test_deleting_frees_the_number(alice, easycall, three):
    taxi = add_abbreviated(user=alice, number=new(easycall))
    delete_abbreviated(user=alice, number=taxi)
    assert codes(easycall) == set()
    assert "deleted this meanwhile" in str(refused(delete_abbreviated, user=alice, number=taxi))
    add_extension(user=alice, extension=Extension(customer=easycall, number="801"))


@pytest.mark.django_db(transaction=True)
def test_a_length_and_a_number_of_another_at_once(alice, easycall):
    """Whichever comes first, no number is left with a length that is not the office's."""
    CompanySettings.objects.update(abbreviated_length=3)
    ExtensionFactory(customer=easycall, number="201")

    def shorten():
        settings = CompanySettings.objects.get(customer=easycall)
        settings.abbreviated_length = 2
        return set_length(user=alice, settings=settings, version=None)

    results = parallel(
        [shorten, *(lambda n=n: add_abbreviated(user=alice, number=new(easycall, str(801 + n))) for n in range(7))]
    )
    length = CompanySettings.objects.get(customer=easycall).abbreviated_length
    assert {len(each.number) for each in AbbreviatedNumber.objects.all()} <= {length}
    assert length == (3 if isinstance(results[0], Refused) else 2)


def test_a_target_abroad_asks_for_the_password_and_tells_the_owners_once(alice, easycall, three):
    london = new(easycall, target="+44 20 7946 0018")
    refusal = refused(add_abbreviated, user=alice, number=london)
    assert refusal.field == "password"
    assert not AbbreviatedNumber.objects.exists()
    kept = add_abbreviated(user=alice, number=new(easycall, target="+44 20 7946 0018"), confirmed_at=NOW)
    mail = OutgoingMail.objects.get()
    assert "abbreviated number" in mail.body.lower()
    assert "+44 20 7946 0018" in mail.body
    add_abbreviated(user=alice, number=new(easycall, "802", target="+44 20 7946 0018"))  # one that is known
    kept.target = "+44 20 7946 0019"
    assert refused(edit_abbreviated, user=alice, number=kept, version=1).field == "password"
    kept.target = "+44 20 7946 0019"
    edit_abbreviated(user=alice, number=kept, version=1, confirmed_at=NOW)
    assert OutgoingMail.objects.count() == 2
