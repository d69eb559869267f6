"""Which countries a company calls: kept by the main office for all, with the password for each that is new."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import CalledCountries
from centrex.operations import numbers
from centrex.operations.notices import tell_owners
from centrex.queries.countries import name_of, row_of
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.versioned import what_changed


@transaction.atomic
def save_countries(
    *, user: User, customer: Customer, everywhere: bool, countries: Sequence[str], version: int | None, confirmed: bool
) -> CalledCountries:
    """Let the office and its branches call these countries beside their own.

    Outdated when somebody saved them since `version` (None: there were none yet). Refused for a country of high risk
    that the ITSP has not added, and at "password" for more countries unless the user has `confirmed` who he is.
    """
    office = numbers.locked_office(customer)
    current = row_of(office)
    if current.pk is not None and version is not None and current.version != version:
        raise Outdated(what_changed(current, version))
    wanted, before = sorted(set(countries)), in_words(current)
    new = set(wanted) - set(current.countries)
    risky = sorted(new & set(settings.HIGH_RISK_COUNTRIES))
    if risky:
        names = ", ".join(map(name_of, risky))
        words = _("Only your telephone company can add these, as frauds often lead there: %(names)s.")
        raise Refused(words % {"names": names}, field="countries")
    opens = (everywhere and not current.everywhere) or (bool(new) and not current.everywhere)
    if opens and not confirmed:
        raise Refused(_("Type your password to allow calls to more countries."), field="password")
    is_new = current.pk is None
    current.everywhere, current.countries = everywhere, wanted
    changes = {label: [before[label], after] for label, after in in_words(current).items() if before[label] != after}
    if not changes and not is_new:
        return current
    current.version += 0 if is_new else 1
    current.save()
    AuditEvent.write(user=user, action="edit", record=current, changes=changes)
    if opens:
        facts = {"who": user, "everywhere": everywhere, "names": ", ".join(map(name_of, sorted(new)))}
        key = f"countries:{office.pk}:{current.version}"
        tell_owners(customer=office, template="countries_added", context=facts, key=key)
    return current


def in_words(row: CalledCountries) -> dict[str, str]:
    """What the row says, for its history."""
    return {
        _("Every country, but those of high risk"): _("Yes") if row.everywhere else _("No"),
        _("Countries"): ", ".join(map(name_of, row.countries)),
    }
