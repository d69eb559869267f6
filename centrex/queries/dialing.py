"""A customer's dialing rules and his office's number space, as values for `centrex.routing.dialing`."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from centrex.models import AbbreviatedNumber, DialCode, DialingRules, FeatureSetting
from centrex.routing.dialing import rules as routing
from centrex.routing.dialing.emergency import emergency_numbers
from centrex.routing.features import Dialing
from selfcare.models import Customer


def row_of(customer: Customer) -> DialingRules:
    """The customer's dialing rules; a blank record, not saved, where he has none yet: they are off."""
    row: DialingRules | None = DialingRules.for_customer(customer).select_related("customer").first()
    return row or DialingRules(customer=customer)


def as_rules(row: DialingRules) -> routing.DialingRules:
    """A record, saved or not, as values; the emergency numbers of its customer's country are always exceptions."""
    return as_feature(row).rules(enabled=row.enabled, emergency=emergency_numbers(str(row.customer.country)))


def as_feature(row: DialingRules) -> Dialing:
    """A record, saved or not, as the values that a line keeps of its own."""
    return Dialing(
        kind=row.kind,
        country_code=row.country_code,
        international_prefixes=listed(row.international_prefix),
        area_codes=listed(row.area_codes),
        long_distance_prefix=row.long_distance_prefix,
        always_area=row.always_area,
        outside_prefix=row.outside_prefix,
        local_lengths=tuple(int(length) for length in listed(row.local_lengths)),
        national_lengths=tuple(int(length) for length in listed(row.national_lengths)),
        carrier_codes=listed(row.carrier_codes),
        nationwide=listed(row.nationwide),
        exceptions=listed(row.exceptions),
        custom=row.custom_rule,
        translate_cli_out=row.translate_cli_out,
        translate_cli_in=row.translate_cli_in,
        translate_cld_in=row.translate_cld_in,
    )


def as_row(customer: Customer, values: Dialing, *, enabled: bool) -> DialingRules:
    """What a line keeps as a record that is never saved: for its form, and for the checks of the office's rules."""
    return DialingRules(
        customer=customer,
        enabled=enabled,
        kind=values.kind,
        country_code=values.country_code,
        international_prefix=", ".join(values.international_prefixes),
        area_codes=", ".join(values.area_codes),
        long_distance_prefix=values.long_distance_prefix,
        always_area=values.always_area,
        outside_prefix=values.outside_prefix,
        local_lengths=", ".join(map(str, values.local_lengths)),
        national_lengths=", ".join(map(str, values.national_lengths)),
        carrier_codes=", ".join(values.carrier_codes),
        nationwide=", ".join(values.nationwide),
        exceptions=", ".join(values.exceptions),
        custom_rule=values.custom,
        translate_cli_out=values.translate_cli_out,
        translate_cli_in=values.translate_cli_in,
        translate_cld_in=values.translate_cld_in,
    )


def listed(text: str) -> tuple[str, ...]:
    """What a text with commas lists, each once, in its order; a space inside a number does not count."""
    parts = (part.replace(" ", "").lower() for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def internal_of(customer: Customer, *, outside: Collection[str] | None = None) -> dict[str, str]:
    """Every code that the customer's office can dial inside, with its target; the empty text: dialled as it is.

    The prefixes to the outside stand in the number space as well, but lead out of it; who knows them gives `outside`.
    """
    prefixes = outside_prefixes(customer.office) if outside is None else outside
    same = AbbreviatedNumber.objects.filter(customer=OuterRef("customer"), number=OuterRef("code"))
    codes = DialCode.for_customer(customer.office).annotate(target=Subquery(same.values("target")))
    return {code: target or "" for code, target in codes.values_list("code", "target") if code not in prefixes}


def outside_prefixes(office: Customer, *, besides: Customer | None = None) -> set[str]:
    """The prefixes to the outside that people dial at a main office and its branches, by an office's or a line's rules.

    The rules of the office `besides` are left out, those of its lines are not.
    """
    offices = Customer.objects.office_of(office)
    of_offices = DialingRules.objects.filter(customer__in=offices, enabled=True, kind=DialingRules.Kind.PBX)
    of_places = FeatureSetting.objects.filter(
        customer__in=offices, name=Dialing.NAME, enabled=True, values__kind=DialingRules.Kind.PBX.value
    )
    found = set(of_offices.exclude(customer=besides).values_list("outside_prefix", flat=True))
    return (found | set(of_places.values_list("values__outside_prefix", flat=True))) - {"", None}
