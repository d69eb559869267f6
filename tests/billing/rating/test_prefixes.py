import pytest

from billing.rating.numbering import region_of
from billing.rating.places import CITIES, COUNTRY_ALIASES, DESTINATIONS
from billing.rating.prefixes import Destination, Scope, Unresolved, normalise, read_name, resolve


@pytest.mark.parametrize(
    ("name", "region", "scope"),
    [
        ("Germany", "DE", Scope.COUNTRY),
        ("GERMANY, Mobile", "DE", Scope.MOBILE),
        ("Germany - Mobile", "DE", Scope.MOBILE),
        ("Germany Mobile", "DE", Scope.MOBILE),
        ("Germany, fixed", "DE", Scope.LANDLINE),
        ("Germany, mobile O2", "DE", Scope.OPERATOR),
        ("Afghanistan, AWCC mobile", "AF", Scope.OPERATOR),
        ("U.K., London", "GB", Scope.CITY),
        ("St. Kitts & Nevis, mobile", "KN", Scope.MOBILE),
        ("Fiji Islands", "FJ", Scope.COUNTRY),
        ("Reunion islands", "RE", Scope.COUNTRY),
        ("Korea, South", "KR", Scope.COUNTRY),
        ("Guinea-Bissau", "GW", Scope.COUNTRY),
        ("Alaska", "US", Scope.PLACE),
        ("Thuraya, Satellite", "", Scope.PLACE),
    ],
)
def test_names_are_understood(name: str, region: str, scope: Scope) -> None:
    meant = read_name(name)
    assert isinstance(meant, Destination)
    assert (meant.region, meant.scope) == (region, scope)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Atlantis", "no country"),
        ("", "no country"),
        ("Inmarsat-M Pacific Ocean region", "no country"),
        ("Germany, Special Services", "not which of its numbers"),
        ("South Africa, MTN", "not which of its numbers"),
    ],
)
def test_names_that_are_not_clear_are_refused(name: str, reason: str) -> None:
    meant = read_name(name)
    assert isinstance(meant, Unresolved)
    assert "No prefix known for this name" in meant.reason
    assert reason in meant.reason


def prefixes(name: str, *, mobiles_apart: bool = True) -> tuple[str, ...]:
    meant = read_name(name)
    assert isinstance(meant, Destination)
    found = resolve(meant, mobiles_apart=mobiles_apart)
    return () if isinstance(found, Unresolved) else found


def test_a_country_leaves_its_mobiles_out_only_if_they_have_a_price_of_their_own() -> None:
    assert not "4915123456789".startswith(prefixes("Germany"))
    assert "4915123456789".startswith(prefixes("Germany", mobiles_apart=False))
    assert not "49900312345".startswith(prefixes("Germany", mobiles_apart=False))


def test_a_city_has_its_landlines_only() -> None:
    paulo = prefixes("Brazil, San Paolo")
    assert "551131234567".startswith(paulo)
    assert not "5511961234567".startswith(paulo)
    assert prefixes("Austria, Vienna") == ("431",)


def test_operators_and_plans_without_own_ranges_do_not_resolve() -> None:
    assert prefixes("Germany, mobile O2") == ()
    assert prefixes("Mexico, mobile") == ()


@pytest.mark.parametrize(
    ("region", "area"),
    [(region, area) for region, cities in CITIES.items() for areas in cities.values() for area in areas],
)  # fmt: skip
def test_every_area_code_is_in_its_country(region: str, area: str) -> None:
    assert region_of(area) == region


def test_the_tables_are_written_as_names_are_normalised() -> None:
    names = [*COUNTRY_ALIASES, *DESTINATIONS, *(city for cities in CITIES.values() for city in cities)]
    assert [name for name in names if normalise(name) != name] == []
    assert all(prefix.isdigit() for _, codes in DESTINATIONS.values() for prefix in codes)
