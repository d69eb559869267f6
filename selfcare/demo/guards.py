"""The demo's countries, emergency addresses and DISA."""

from __future__ import annotations

from datetime import datetime

from centrex.operations.countries import save_countries
from centrex.operations.disa import failed, save_disa
from centrex.operations.emergency.addresses import Place, accept, save_address
from centrex.queries.sites import default_site
from centrex.routing.features import Disa
from selfcare.demo.people import People
from selfcare.demo.safety import LABELS, line_of

COUNTRIES = ("CA", "CH", "DE", "ES", "FR", "GB", "IT", "MX", "NL", "US")
NEW_YORK = {
    "caller_name": "EasyCall Ltd", "country": "US", "province": "NY", "city": "New York", "postal_code": "10007",
    "street": "Broadway", "house_number": "218", "extra": "Floor 4", "notify": "reception@easycall.example",
}  # fmt: skip
AT_HOME = NEW_YORK | {
    "caller_name": "Carla Mendez", "city": "Brooklyn", "postal_code": "11201", "street": "Henry Street",
    "house_number": "88", "extra": "", "notify": "",
}  # fmt: skip


def choose_countries(people: People) -> None:
    """EasyCall and Lotus call these; before anything else, as numbers abroad are refused otherwise."""
    for user, customer in ((people.alice, people.easycall), (people.charlie, people.lotus)):
        save_countries(
            user=user, customer=customer, everywhere=False, countries=COUNTRIES, version=None, confirmed=True
        )


def make_guards(people: People, *, now: datetime) -> None:
    """One address for the company in force, Carla's at home being checked, and DISA at Dan's line."""
    carla, dan = line_of(people.easycall, "203"), line_of(people.easycall, "204")
    office = save_address(
        user=people.alice, line=carla, version=None, place=Place(people.easycall), values=NEW_YORK, now=now
    )
    accept(user=people.dora, address=office, now=now)
    carla.refresh_from_db()
    save_address(
        user=people.alice, line=carla, version=None, place=Place(people.easycall, line=carla), values=AT_HOME, now=now
    )
    values = Disa(callers=("19175550310",), fallback="210", daily_cap="15.00")
    save_disa(
        user=people.alice, line=dan, version=None, values=values, pin="740961", enabled=True, labels=LABELS,
        confirmed=True,
    )  # fmt: skip
    failed(line=dan, caller="19175550310", now=now)
    berlin = line_of(people.easycall, "301")
    berlin_address = {
        "caller_name": "EasyCall Berlin", "country": "DE", "province": "", "city": "Berlin", "postal_code": "10117",
        "street": "Friedrichstraße", "house_number": "90", "extra": "", "notify": "",
    }  # fmt: skip
    place = Place(people.berlin, site=default_site(people.berlin))
    save_address(user=people.berta, line=berlin, version=None, place=place, values=berlin_address, now=now)
