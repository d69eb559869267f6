"""What a company sets: codes come into the number space with their switch, move, swap and go."""

import pytest

from centrex.models import AbbreviatedNumber, CompanySettings, DialCode, Extension
from centrex.operations.abbreviated import add_abbreviated
from centrex.operations.company import refuse_promises, save_identity, save_incoming, save_promises
from centrex.operations.extensions import add_extension, edit_extension
from selfcare.errors import Link, Outdated, Refused
from selfcare.models import AuditEvent, Customer
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory
from tests.parallel import parallel


def settings_of(customer: Customer, **values) -> CompanySettings:
    """The customer's settings as they are now, with these changes in mind."""
    settings = CompanySettings.objects.get(customer=customer)
    for name, value in values.items():
        setattr(settings, name, value)
    return settings


def codes(office: Customer) -> set[str]:
    return set(DialCode.objects.filter(customer=office).values_list("code", flat=True))


def incoming(user, **values) -> CompanySettings:
    return save_incoming(user=user, settings=settings_of(user.customer, **values), version=None)


def refused(act, **what) -> Refused:
    with pytest.raises(Refused) as refusal:
        act(**what)
    return refusal.value


def test_codes_are_claimed_while_their_switch_is_on(alice, easycall):
    incoming(alice, pickup_enabled=True, pickup_prefix="*77")
    assert codes(easycall) == {"*77"}
    incoming(alice, parking_enabled=True)
    assert codes(easycall) == {"*77", "*70", "*71"}
    incoming(alice, pickup_prefix="*78")
    assert codes(easycall) == {"*78", "*70", "*71"}
    incoming(alice, pickup_enabled=False)
    assert codes(easycall) == {"*70", "*71"}
    assert settings_of(easycall).pickup_prefix == "*78"


def test_saving_is_written_down_in_words(alice, easycall):
    incoming(alice, pickup_enabled=True, pickup_prefix="*77")
    event = AuditEvent.objects.get()
    assert (event.user, event.customer, event.version) == (alice, easycall, 2)
    assert event.changes == {"Group Pickup": ["No", "Yes"], "Group Pickup Prefix": ["*40", "*77"]}
    incoming(alice)
    assert settings_of(easycall).version == 2


def test_park_and_release_can_be_swapped(alice, easycall):
    incoming(alice, parking_enabled=True)
    incoming(alice, park_prefix="*71", release_prefix="*70")
    settings = settings_of(easycall)
    assert (settings.park_prefix, settings.release_prefix) == ("*71", "*70")
    assert codes(easycall) == {"*70", "*71"}


def test_three_codes_can_go_round(alice, easycall):
    incoming(alice, pickup_enabled=True, parking_enabled=True)
    incoming(alice, pickup_prefix="*70", park_prefix="*71", release_prefix="*40")
    assert codes(easycall) == {"*40", "*70", "*71"}


def test_two_services_cannot_share_a_code(alice, easycall):
    incoming(alice, pickup_enabled=True)
    refusal = refused(incoming, user=alice, parking_enabled=True, park_prefix="*40")
    assert (str(refusal), refusal.field) == ("*40 is already the code for Group Pickup.", "park_prefix")
    refusal = refused(incoming, user=alice, parking_enabled=True, release_prefix="*7")
    assert refusal.field in {"park_prefix", "release_prefix"}
    assert codes(easycall) == {"*40"}
    assert settings_of(easycall).parking_enabled is False


def test_a_code_in_the_way_of_another_page_is_named_with_its_page(alice, easycall):
    settings = settings_of(easycall, hide_cli="automatic")
    save_identity(user=alice, settings=settings, version=None)
    assert codes(easycall) == {"*67", "*82"}
    refusal = refused(incoming, user=alice, pickup_enabled=True, pickup_prefix="*67")
    assert str(refusal) == "*67 is already the code for hiding the caller's number."
    assert refusal.link == Link("the code for hiding the caller's number", "centrex:identity", "centrex:identity")


def test_a_code_and_an_extension_are_in_each_others_way(alice, easycall):
    anna = ExtensionFactory(customer=easycall, number="401", name="Anna")
    refusal = refused(incoming, user=alice, pickup_enabled=True, pickup_prefix="40")
    said = "40 is the beginning of 401 (extension Anna), which nobody could dial any more."
    assert (str(refusal), refusal.field) == (said, "pickup_prefix")
    assert refusal.link == Link("extension Anna", "centrex:extensions", "centrex:extension-edit", (anna.pk,))
    incoming(alice, pickup_enabled=True, pickup_prefix="50")
    bert = Extension(customer=easycall, number="501")
    refusal = refused(add_extension, user=alice, extension=bert)
    said = "501 begins with 50 (the code for Group Pickup): the call would go there after these digits."
    assert (str(refusal), refusal.field) == (said, "number")
    assert refusal.link == Link("the code for Group Pickup", "centrex:incoming", "centrex:incoming")
    incoming(alice, pickup_enabled=False)
    add_extension(user=alice, extension=bert)


def test_a_code_that_is_off_is_in_nobodys_way(alice, easycall):
    incoming(alice, pickup_prefix="40")
    ExtensionFactory(customer=easycall, number="401")
    assert refused(incoming, user=alice, pickup_enabled=True).field == "pickup_prefix"
    assert settings_of(easycall).pickup_enabled is False


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("911", "911 calls for help in an emergency."),
        ("91", "91 is the beginning of 911 (an emergency number), which nobody could dial any more."),
        ("9", "9 is the beginning of 911 (an emergency number), which nobody could dial any more."),
        ("1125", "1125 begins with 112 (an emergency number): the call would go there after these digits."),
    ],
)
def test_an_emergency_number_is_nobodys(alice, easycall, code, said):
    refusal = refused(incoming, user=alice, pickup_enabled=True, pickup_prefix=code)
    assert (str(refusal), refusal.field) == (said, "pickup_prefix")
    incoming(alice, pickup_enabled=True, pickup_prefix=f"*{code}")


def test_the_branch_offices_countries_count(alice, easycall):
    add_extension(user=alice, extension=Extension(customer=easycall, number="110"))
    CustomerFactory(main_office=easycall, country="DE")
    refusal = refused(incoming, user=alice, pickup_enabled=True, pickup_prefix="11")
    assert "an emergency number" in str(refusal)
    anna = Extension.objects.get()
    anna.name = "Anna"
    edit_extension(user=alice, extension=anna, version=1)  # what there was before stays usable


def test_another_page_saved_meanwhile_is_no_conflict(alice, bob, easycall):
    mine = settings_of(easycall, pickup_enabled=True, pickup_prefix="*77")
    save_identity(user=bob, settings=settings_of(easycall, hide_cli="always"), version=1)
    save_incoming(user=alice, settings=mine, version=1)
    settings = settings_of(easycall)
    assert (settings.hide_cli, settings.pickup_prefix, settings.version) == ("always", "*77", 3)
    assert codes(easycall) == {"*77"}


def test_the_second_to_save_the_same_page_is_told(alice, bob, easycall):
    mine = settings_of(easycall, pickup_enabled=True, pickup_prefix="*77")
    save_incoming(user=bob, settings=settings_of(easycall, pickup_prefix="*78"), version=1)
    with pytest.raises(Outdated) as refusal:
        save_incoming(user=alice, settings=mine, version=1)
    assert "bob changed Group Pickup Prefix: “*40” → “*78”." in str(refusal.value)
    assert codes(easycall) == set()


def test_a_save_written_down_in_words_that_nobody_knows_is_a_conflict(alice, easycall):
    settings = settings_of(easycall)
    AuditEvent.write(user=alice, action="edit", record=settings, changes={"Rufübernahme": ["Nein", "Ja"]})
    AuditEvent.objects.update(version=2)
    CompanySettings.objects.filter(pk=settings.pk).update(version=2)
    with pytest.raises(Outdated):
        save_incoming(user=alice, settings=settings_of(easycall, distinctive_ring=True), version=1)


def test_a_save_that_nobody_wrote_down_is_a_conflict(alice, easycall):
    CompanySettings.objects.update(version=2)
    with pytest.raises(Outdated):
        save_incoming(user=alice, settings=settings_of(easycall, distinctive_ring=True), version=1)


def test_the_promises_of_the_telephone_company(alice, dora, easycall):
    save_promises(user=dora, settings=settings_of(easycall, paging_enabled=True, limit_calls=True, max_calls=5))
    assert codes(easycall) == {"*33"}
    refusal = refused(incoming, user=alice, pickup_enabled=True, pickup_prefix="*33")
    assert refusal.link == Link("the code for Paging / Intercom", "centrex:general", "centrex:general")
    incoming(alice, pickup_enabled=True)
    wanted = settings_of(easycall, paging_prefix="*4")
    for act in (lambda: refuse_promises(wanted), lambda: save_promises(user=dora, settings=wanted)):
        assert refused(act).field == "paging_prefix"


def test_a_branch_office_has_promises_but_no_codes(dora, easycall):
    branch = CustomerFactory(main_office=easycall)
    settings = settings_of(branch, limit_calls=True, max_calls=2)
    save_promises(user=dora, settings=settings)
    assert settings_of(branch).max_calls == 2
    assert codes(branch) == set()
    refusal = refused(save_incoming, user=None, settings=settings_of(branch, pickup_enabled=True), version=None)
    assert "main office keeps this" in str(refusal)
    assert settings_of(branch).pickup_enabled is False


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_want_the_same_digits_for_different_things(easycall, alice):
    """An extension, an abbreviated number, and the code for picking up: one of them gets 501 or 50."""
    CompanySettings.objects.update(abbreviated_length=3)

    def extension():
        return add_extension(user=alice, extension=Extension(customer=easycall, number="501"))

    def abbreviated():
        return add_abbreviated(user=alice, number=AbbreviatedNumber(customer=easycall, number="501"))

    def code():
        settings = settings_of(easycall, pickup_enabled=True, pickup_prefix="50")
        return save_incoming(user=alice, settings=settings, version=None)

    results = parallel([extension, abbreviated, code, extension] * 4)
    winners = [each for each in results if not isinstance(each, Refused)]
    taken = codes(easycall)
    assert taken in ({"501"}, {"50"})
    if taken == {"501"}:
        assert len(winners) == 1
        assert Extension.objects.count() + AbbreviatedNumber.objects.count() == 1
        assert not settings_of(easycall).pickup_enabled
    else:  # who finds his code there already has nothing to save
        assert all(isinstance(each, CompanySettings) for each in winners)
        assert not Extension.objects.exists()
        assert not AbbreviatedNumber.objects.exists()
    assert all("501" in str(each) for each in results if isinstance(each, Refused))


@pytest.mark.django_db(transaction=True)
def test_two_swap_codes_of_different_services_at_once(easycall, alice):
    """Whoever comes second sees what the first has made, whatever the order."""
    HuntgroupFactory(customer=easycall, number="88")
    pickup = settings_of(easycall, pickup_enabled=True, pickup_prefix="*60")
    hiding = settings_of(easycall, hide_cli="automatic", hide_cli_prefix="*60")
    results = parallel(
        [
            lambda: save_incoming(user=alice, settings=pickup, version=1),
            lambda: save_identity(user=alice, settings=hiding, version=1),
        ]
    )
    assert sum(isinstance(each, Refused) for each in results) == 1
    assert codes(easycall) in ({"88", "*60"}, {"88", "*60", "*82"})


def test_the_codes_of_recordings_are_claimed_and_changed(alice, easycall):
    incoming(alice, record_codes_enabled=True)
    assert codes(easycall) == {"*44", "*45"}
    incoming(alice, record_start_code="#1", record_stop_code="#2")
    assert codes(easycall) == {"#1", "#2"}
    clash = refused(incoming, user=alice, pickup_enabled=True, pickup_prefix="#12")
    assert (clash.field, "begins a recording" in str(clash.message)) == ("pickup_prefix", True)
    incoming(alice, record_codes_enabled=False)
    assert codes(easycall) == set()
