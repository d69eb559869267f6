"""Undo of what keeps calls safe: DISA, emergency addresses, the countries called, and the defaults for lines."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from centrex.models import BarringClass, CalledCountries, EmergencyAddress, FeatureSetting, Line
from centrex.operations.countries import save_countries
from centrex.operations.disa import save_disa
from centrex.operations.emergency.addresses import FIELDS, Place, accept, choose, offer, save_address
from centrex.operations.place_features import set_default
from centrex.operations.undo import plan_undo, undo
from centrex.queries.countries import row_of
from centrex.queries.emergency import active_of
from centrex.queries.features import effective_of
from centrex.routing.features import Answering, Barring, Disa, Limits, Source
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, Customer, OutgoingMail
from selfcare.models.audit import acting
from tests.factories import LineFactory, SiteFactory

NOW = timezone.now()
State = EmergencyAddress.State


def newest(**which) -> AuditEvent:
    return AuditEvent.objects.filter(**which).latest("pk")


def back(user, event: AuditEvent | None = None, **how):
    """The last act, if no other is named, turned back."""
    return undo(user=user, event=event or newest(), now=NOW, **({"version": None} | how))


def words(event: AuditEvent | None = None) -> dict[str, tuple[str, str]]:
    """What the page would show: label -> (now, then)."""
    return {step.label: (step.now, step.then) for step in plan_undo(event or newest()).steps}


@pytest.fixture
def line(easycall) -> Line:
    Customer.objects.filter(pk=easycall.pk).update(country="US")
    easycall.refresh_from_db()
    return LineFactory(customer=easycall, account_id="12125550101", name="Desk 1")


# DISA


@pytest.fixture
def disa(alice, line) -> Callable[..., Line]:
    def saved(values: Disa | None, *, enabled: bool = True, pin: str = "") -> Line:
        labels = {"lock_after": "Locked after wrong PINs in a row", "enabled": "On", "pin_hash": "PIN"}
        act = {"user": alice, "line": Line.objects.get(pk=line.pk), "version": None, "labels": labels}
        return save_disa(**act, values=values, pin=pin, enabled=enabled, confirmed=True)

    return saved


def counts(line: Line) -> tuple[bool, Disa]:
    found = effective_of(line, Disa)
    return found.enabled, found.values


def test_disa_gets_its_former_settings_with_the_password_and_the_owner_hears(alice, line, disa):
    disa(Disa(lock_after=8), pin="306184")
    before = counts(line)
    disa(replace(before[1], lock_after=3))
    OutgoingMail.objects.all().delete()
    assert words() == {"Locked after wrong PINs in a row": ("3", "8")}
    with pytest.raises(Refused) as refused:
        back(alice)
    assert refused.value.field == "password"
    assert counts(line)[1].lock_after == 3
    back(alice, confirmed=True)
    assert counts(line) == before
    assert newest().changes == {"Locked after wrong PINs in a row": ["3", "8"]}
    assert newest().undoes is not None
    assert OutgoingMail.objects.get().to == [alice.email]


def test_disa_that_was_off_is_off_again_without_the_password(alice, line, disa):
    disa(Disa(), pin="306184")
    back(alice)
    assert not FeatureSetting.objects.filter(name="disa").exists()
    assert not counts(line)[0]


def test_disa_comes_back_on_with_its_pin_only_with_the_password(alice, line, disa):
    disa(Disa(), pin="306184")
    before = counts(line)
    disa(before[1], enabled=False)
    with pytest.raises(Refused, match="Whoever knows the PIN"):
        back(alice)
    assert not counts(line)[0]
    back(alice, confirmed=True)
    assert counts(line) == before


def test_a_former_pin_comes_back_as_a_hash_that_nobody_reads(alice, line, disa):
    disa(Disa(pin_hash=make_password("306184")))
    former = counts(line)[1].pin_hash
    disa(counts(line)[1], pin="917352")
    assert words() == {"PIN": ("••••", "••••")}
    back(alice, confirmed=True)
    assert counts(line)[1].pin_hash == former


def test_disa_changed_by_somebody_else_meanwhile(alice, line, disa):
    saved = disa(Disa(lock_after=8), pin="306184")
    disa(replace(counts(line)[1], lock_after=3))
    with pytest.raises(Outdated):
        back(alice, version=saved.version, confirmed=True)
    assert counts(line)[1].lock_after == 3


# Countries called


def allow(user, customer, *countries, everywhere=False):
    save_countries(
        user=user, customer=customer, everywhere=everywhere, countries=countries, version=None, confirmed=True
    )


@pytest.fixture(autouse=True)
def at_home(settings):
    settings.CALLS_ABROAD = "home"


def test_the_first_countries_go_again_as_the_itsp_began(alice, easycall):
    allow(alice, easycall, "CA", "GB")
    assert words() == {"Countries": ("Canada, United Kingdom", "")}
    back(alice)
    assert (row_of(easycall).countries, row_of(easycall).everywhere) == ([], False)
    assert newest().changes == {"Countries": ["Canada, United Kingdom", ""]}


def test_countries_come_back_with_the_password_and_later_ones_stay(alice, easycall):
    allow(alice, easycall, "CA", "GB")
    allow(alice, easycall, "GB")
    event = newest()
    allow(alice, easycall, "DE", "GB")
    assert words(event) == {"Countries": ("Germany, United Kingdom", "Canada, Germany, United Kingdom")}
    with pytest.raises(Refused) as refused:
        back(alice, event)
    assert refused.value.field == "password"
    back(alice, event, confirmed=True)
    assert row_of(easycall).countries == ["CA", "DE", "GB"]
    assert newest().undoes == event


def test_every_country_goes_without_the_password(alice, easycall):
    allow(alice, easycall, "CA")
    allow(alice, easycall, "CA", everywhere=True)
    back(alice)
    assert (row_of(easycall).everywhere, row_of(easycall).countries) == (False, ["CA"])


def test_a_country_of_high_risk_does_not_come_back(alice, easycall):
    CalledCountries.objects.create(customer=easycall, countries=["CA", "CU"])  # as the ITSP added it
    allow(alice, easycall, "CA")
    with pytest.raises(Refused, match="Only your telephone company can add these"):
        back(alice, confirmed=True)


def test_countries_that_somebody_saved_meanwhile(alice, easycall):
    allow(alice, easycall, "CA")
    allow(alice, easycall, "CA", "DE")
    with pytest.raises(Outdated):
        back(alice, version=1)


# Defaults for lines


@pytest.fixture
def default(alice, easycall):
    def saved(values, place=None, *, enabled=True, feature=None, labels=None):
        place = place or easycall
        with acting(page="centrex:defaults" if place == easycall else "centrex:sites"):
            return set_default(
                user=alice,
                place=place,
                version=None,
                feature=feature or type(values),
                values=values,
                enabled=enabled,
                labels=labels or {"ring_seconds": "Ring for, sec"},
                confirmed=True,
            )

    return saved


def of_lines(line: Line) -> tuple[int, Source]:
    found = effective_of(line, Answering)
    return found.values.ring_seconds, found.source


def test_a_default_goes_goes_back_and_comes_back_under_its_id(alice, line, default):
    row = default(Answering(ring_seconds=45))
    added = newest()
    default(Answering(ring_seconds=60))
    assert words() == {"Ring for, sec": ("60", "45")}
    back(alice)
    assert of_lines(line) == (45, Source.COMPANY)
    assert newest().changes == {"Ring for, sec": ["60", "45"]}
    default(None, feature=Answering)
    deleted = newest()
    assert of_lines(line) == (30, Source.DEFAULT)
    back(alice, deleted)
    assert of_lines(line) == (45, Source.COMPANY)
    assert FeatureSetting.objects.get().pk == row.pk
    back(alice, added)
    assert of_lines(line) == (30, Source.DEFAULT)
    assert newest().action == "delete"


def test_a_default_of_a_site(alice, easycall, default):
    site = SiteFactory(customer=easycall)
    line = LineFactory(customer=easycall, site=site)
    default(Answering(ring_seconds=45), site)
    event = newest()
    assert of_lines(line) == (45, Source.SITE)
    back(alice)
    assert of_lines(line) == (30, Source.DEFAULT)
    back(alice)
    assert of_lines(line) == (45, Source.SITE)
    site.delete()
    with pytest.raises(Refused, match="site no longer exists"):
        plan_undo(event)


def test_what_else_changed_in_a_default_stays(alice, line, default):
    default(Answering(ring_seconds=45))
    default(Answering(ring_seconds=60))
    event = newest()
    default(Answering(ring_seconds=60, voicemail=False))
    back(alice, event)
    assert effective_of(line, Answering).values == Answering(ring_seconds=45, voicemail=False)


def test_a_default_that_opens_a_dangerous_class_asks_for_the_password(alice, line, default):
    premium = BarringClass.objects.create(name="Premium", patterns="1900%", dangerous=True)
    default(Barring(barred=(premium.pk,)))
    with pytest.raises(Refused) as refused:
        back(alice)
    assert refused.value.field == "password"
    assert effective_of(line, Barring).values.barred == (premium.pk,)
    back(alice, confirmed=True)
    assert effective_of(line, Barring).values.barred == ()
    assert "Premium" in OutgoingMail.objects.latest("pk").body


def test_a_default_that_was_set_anew_or_saved_meanwhile(alice, line, default):
    default(Limits(max_calls=2))
    with pytest.raises(Outdated):
        back(alice, version=0)
    default(None, feature=Limits)
    event = newest()
    default(Limits(max_calls=5))
    with pytest.raises(Outdated):
        back(alice, event, version=0)
    assert effective_of(line, Limits).values.max_calls == 5


def test_a_default_that_the_itsp_keeps_by_now_or_that_the_class_may_not_change(alice, easycall, default):
    default(Answering(ring_seconds=45))
    with pytest.raises(Refused, match="telephone company keeps this"):
        back(alice, fixed={"ring_seconds"})
    FeatureSetting.objects.update(locked=True)
    with pytest.raises(Refused, match="telephone company keeps this"):
        back(alice)


# Emergency addresses

PINE = {
    "caller_name": "EasyCall Ltd", "country": "US", "street": "Pine Street", "house_number": "1520", "extra": "",
    "postal_code": "98101", "city": "Seattle", "province": "WA", "notify": "",
}  # fmt: skip
UNION = PINE | {"street": "Union Street", "house_number": "7"}


@pytest.fixture
def send(alice, line):
    """Submits an address for the line, or for its company."""

    def sent(values, *, company=False) -> EmergencyAddress:
        fresh = Line.objects.get(pk=line.pk)
        place = Place(fresh.customer, line=None if company else fresh)
        return save_address(user=alice, line=fresh, version=None, place=place, values=values, now=NOW)

    return sent


def typed(address: EmergencyAddress) -> dict[str, str]:
    return {name: str(getattr(address, name)) for name in FIELDS}


def test_an_address_on_its_way_is_taken_back_and_sent_again(alice, dora, line, send):
    accept(user=dora, address=send(PINE), now=NOW)
    send(UNION)
    event = newest(record_type="centrex.line")
    assert words(event)["Street"] == ("Union Street", "Pine Street")
    assert plan_undo(event).consequences == ["The address that is in force stays in force."]
    back(alice, event)
    assert typed(EmergencyAddress.objects.get()) == PINE
    assert active_of(line).state == State.ACTIVE
    withdrawn = newest(record_type="centrex.line")
    assert (withdrawn.undoes, withdrawn.changes["Street"]) == (event, ["Union Street", "Pine Street"])
    back(alice, withdrawn)
    assert typed(EmergencyAddress.objects.get(state=State.SUBMITTED)) == UNION


def test_the_first_address_on_its_way_is_taken_back(alice, send):
    send(PINE)
    [sentence] = plan_undo(newest()).consequences
    assert sentence.startswith("No address of its own remains here")
    back(alice)
    assert not EmergencyAddress.objects.exists()


def test_an_address_in_force_is_never_taken_away_without_another(alice, dora, line, send):
    accept(user=dora, address=send(PINE), now=NOW)
    event = newest(record_type="centrex.line")
    with pytest.raises(Refused, match="Without it nobody would know where to send help"):
        back(alice, event)
    assert typed(active_of(line)) == PINE


def test_a_former_address_is_checked_before_it_counts_again(alice, dora, line, send):
    accept(user=dora, address=send(PINE), now=NOW)
    accept(user=dora, address=send(UNION), now=NOW)
    event = newest(record_type="centrex.line")
    assert "checked again" in plan_undo(event).consequences[0]
    back(alice, event)
    assert typed(active_of(line)) == UNION
    waiting = EmergencyAddress.objects.get(state=State.SUBMITTED)
    assert typed(waiting) == PINE
    accept(user=dora, address=waiting, now=NOW)
    assert typed(active_of(line)) == PINE


def test_a_correction_of_what_is_on_its_way_goes_back_to_what_was_typed_first(alice, send):
    send(PINE)
    send(UNION)
    back(alice)
    assert typed(EmergencyAddress.objects.get()) == PINE
    assert EmergencyAddress.objects.get().state == State.SUBMITTED


def test_a_choice_among_those_found_goes_back_to_what_was_typed(alice, dora, line, send):
    address = send(PINE)
    offer(user=dora, address=address, candidates=[{"house_number": "1522"}], now=NOW)
    choose(user=alice, line=line, address=address, place=0, now=NOW)
    event = newest(record_type="centrex.line")
    assert words(event) == {"House number": ("1522", "1520")}
    back(alice, event)
    assert active_of(line).house_number == "1522"
    assert EmergencyAddress.objects.get(state=State.SUBMITTED).house_number == "1520"


def test_the_companys_address_is_not_the_lines(alice, dora, line, send):
    accept(user=dora, address=send(PINE, company=True), now=NOW)
    send(UNION)
    back(alice, newest(record_type="centrex.line"))
    assert typed(EmergencyAddress.objects.get()) == PINE
    assert EmergencyAddress.objects.get().line is None


def test_an_address_that_changed_again_says_so(alice, line, send):
    send(PINE)
    event = newest(record_type="centrex.line")
    version = Line.objects.get(pk=line.pk).version
    send(UNION)
    assert plan_undo(event).steps[0].changed_since
    with pytest.raises(Outdated):
        back(alice, event, version=version)


def test_undoing_an_address_twice_finds_nothing(alice, send):
    send(PINE)
    event = newest(record_type="centrex.line")
    back(alice, event)
    with pytest.raises(Refused, match="already as it was"):
        back(alice, event)
