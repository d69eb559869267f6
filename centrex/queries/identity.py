"""What a line may show of itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from centrex.models import CompanySettings, Did, Line
from centrex.queries.codes import codes_of
from centrex.routing.codes import Service
from selfcare import formats


def numbers_to_show(line: Line) -> list[tuple[str, str]]:
    """The numbers under which the line may call, with words: its own (empty), then its customer's external numbers."""
    own = _("The line's own: %(number)s") % {"number": formats.phone(line.account_id)}
    numbers = Did.for_customer(line.customer).order_by("number")
    return [("", own), *((did.number, str(did)) for did in numbers if did.number != line.account_id)]


def codes_for_one_call(line: Line) -> tuple[str, str] | None:
    """The office's codes that hide and show the number for one call; None where they are off."""
    codes = codes_of(CompanySettings.for_customer(line.customer.office).get())
    if Service.HIDE_CLI not in codes or Service.SHOW_CLI not in codes:
        return None
    return codes[Service.HIDE_CLI], codes[Service.SHOW_CLI]
