"""A customer's dialing rules and his office's number space, as values for `centrex.routing.dialing`."""

from __future__ import annotations

from django.db.models import QuerySet

from centrex.models import AbbreviatedNumber, DialCode, DialingRules
from centrex.routing.dialing import rules as routing
from centrex.routing.dialing.emergency import emergency_numbers
from selfcare.models import Customer


def row_of(customer: Customer) -> DialingRules:
    """The customer's dialing rules; a blank record, not saved, where he has none yet: they are off."""
    row: DialingRules | None = DialingRules.for_customer(customer).select_related("customer").first()
    return row or DialingRules(customer=customer)


def rules_of(customer: Customer) -> routing.DialingRules:
    """The rules by which the customer's phones dial now."""
    return as_rules(row_of(customer))


def as_rules(row: DialingRules) -> routing.DialingRules:
    """A record, saved or not, as values; the emergency numbers of its customer's country are always exceptions."""
    return routing.DialingRules(
        enabled=row.enabled,
        kind=routing.Kind(row.kind),
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
        exceptions=(*emergency_numbers(str(row.customer.country)), *listed(row.exceptions)),
        custom=row.custom_rule,
        translate_cli_out=row.translate_cli_out,
        translate_cli_in=row.translate_cli_in,
        translate_cld_in=row.translate_cld_in,
    )


def listed(text: str) -> tuple[str, ...]:
    """What a text with commas lists, each once, in its order; a space inside a number does not count."""
    parts = (part.replace(" ", "").lower() for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def internal_of(customer: Customer) -> dict[str, str]:
    """Every code that the customer's office can dial inside, with its target; the empty text: dialled as it is.

    The prefixes to the outside stand in the number space as well, but lead out of it.
    """
    targets = dict(AbbreviatedNumber.for_customer(customer.office).values_list("number", "target"))
    codes = DialCode.for_customer(customer.office).values_list("code", flat=True)
    outside = set(with_outside_prefix(customer.office).values_list("outside_prefix", flat=True))
    return {code: targets.get(code, "") for code in codes if code not in outside}


def with_outside_prefix(office: Customer) -> QuerySet[DialingRules]:
    """The rules, among those of a main office and its branches, whose outside prefix counts."""
    offices = Customer.objects.office_of(office)
    rules: QuerySet[DialingRules] = DialingRules.objects.filter(
        customer__in=offices, enabled=True, kind=DialingRules.Kind.PBX
    )
    return rules.exclude(outside_prefix="")
