"""What a dialled code means inside an office."""

from __future__ import annotations

from django.utils.translation import gettext as _

from centrex.models import AbbreviatedNumber, CompanySettings, DialCode, Extension, Huntgroup, Site
from centrex.queries.codes import CODES, codes_of
from centrex.queries.dialing import outside_prefixes
from centrex.routing.dialing.emergency import emergency_numbers
from selfcare.errors import Link
from selfcare.models import Customer


def meaning_of(office: Customer, code: DialCode) -> str:
    """What `code` is, in words such as "huntgroup Sales"."""
    return link_to(office, code).words


def link_to(office: Customer, code: DialCode) -> Link:
    """What `code` is, and where whoever keeps the office's numbers can change it."""
    if code.kind == DialCode.Kind.EXTENSION:
        extension = Extension.for_customer(office).filter(number=code.code).first()
        name = extension.name if extension else ""
        words = _("extension %(name)s") % {"name": name} if name else _("an extension")
        return record_link(extension, words, "centrex:extension")
    if code.kind == DialCode.Kind.HUNTGROUP:
        group = Huntgroup.for_customer(office).filter(number=code.code).first()
        words = _("huntgroup %(name)s") % {"name": group.name} if group else _("a huntgroup")
        return record_link(group, words, "centrex:huntgroup")
    if code.kind == DialCode.Kind.ABBREVIATED:
        number = AbbreviatedNumber.for_customer(office).filter(number=code.code).first()
        name = number.description if number else ""
        words = _("the abbreviated number for %(name)s") % {"name": name} if name else _("an abbreviated number")
        return record_link(number, words, "centrex:abbreviated", "centrex:abbreviated")
    return service_link(office, code.code)


def record_link(
    record: Extension | Huntgroup | AbbreviatedNumber | None, words: str, name: str, page: str = ""
) -> Link:
    """To the record's own page; to the list when the number space knows a number that no record has."""
    page = page or f"{name}s"
    return Link(words, page, page) if record is None else Link(words, page, f"{name}-edit", (record.pk,))


def service_link(office: Customer, code: str) -> Link:
    """To the page where the service of the office that has `code` is seen."""
    for settings in CompanySettings.for_customer(office):
        for service, taken in codes_of(settings).items():
            if taken == code:
                return Link(str(CODES[service].words), CODES[service].page, CODES[service].page)
    if code in outside_prefixes(office):
        return Link(_("the prefix to reach the outside network"), "centrex:dialing", "centrex:dialing")
    return Link(_("a service code"), "centrex:general", "centrex:general")


def emergency_numbers_of(office: Customer) -> list[str]:
    """The emergency numbers of the countries in which the office, its branch offices, and their sites are."""
    offices = Customer.objects.office_of(office)
    homes = offices.order_by("country").values_list("country", flat=True)
    places = Site.objects.filter(customer__in=offices).exclude(country="").order_by("country")
    countries = homes.union(places.values_list("country", flat=True))
    return sorted({number for country in countries for number in emergency_numbers(str(country))})
