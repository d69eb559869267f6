"""The service codes of a company: which are in use, and what each is called."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from centrex.models import CompanySettings
from centrex.routing.codes import Service
from selfcare.models import Customer


@dataclass(frozen=True, slots=True)
class Code:
    """The column of CompanySettings that keeps a service's code, its words, and the page where it is seen."""

    field: str
    words: Promise
    page: str


CODES = {
    Service.PAGING: Code("paging_prefix", _("the code for Paging / Intercom"), "centrex:general"),
    Service.PICKUP: Code("pickup_prefix", _("the code for Group Pickup"), "centrex:incoming"),
    Service.PARK: Code("park_prefix", _("the code for parking a call"), "centrex:incoming"),
    Service.RELEASE: Code("release_prefix", _("the code for taking a parked call back"), "centrex:incoming"),
    Service.HIDE_CLI: Code("hide_cli_prefix", _("the code for hiding the caller's number"), "centrex:identity"),
    Service.SHOW_CLI: Code("show_cli_prefix", _("the code for showing the caller's number"), "centrex:identity"),
    Service.RECORD_START: Code("record_start_code", _("the code that begins a recording"), "centrex:incoming"),
    Service.RECORD_STOP: Code("record_stop_code", _("the code that ends a recording"), "centrex:incoming"),
}


def codes_of(settings: CompanySettings) -> dict[Service, str]:
    """The codes of the services that are switched on; those of a main office count for its branch offices, too."""
    for_one_call = settings.hide_cli == CompanySettings.HideCli.AUTOMATIC
    switches = {
        Service.PAGING: settings.paging_enabled,
        Service.PICKUP: settings.pickup_enabled,
        Service.PARK: settings.parking_enabled,
        Service.RELEASE: settings.parking_enabled,
        Service.HIDE_CLI: for_one_call,
        Service.SHOW_CLI: for_one_call,
        Service.RECORD_START: settings.record_codes_enabled,
        Service.RECORD_STOP: settings.record_codes_enabled,
    }
    return {service: getattr(settings, CODES[service].field) for service, is_on in switches.items() if is_on}


def record_codes(customer: Customer) -> tuple[str, str] | None:
    """What people of the customer's office dial to begin and to end a recording; None without such codes."""
    codes = codes_of(CompanySettings.for_customer(customer.office).get())
    return (codes[Service.RECORD_START], codes[Service.RECORD_STOP]) if Service.RECORD_START in codes else None
