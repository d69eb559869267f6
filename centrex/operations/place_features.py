"""What the ITSP sets, and may lock, for all lines of a company or of one of its sites."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import BarringClass, CompanySettings, Did, FeatureSetting
from centrex.operations import numbers
from centrex.operations.dialing import mistakes_in as mistakes_in_rules
from centrex.operations.dialing import take_outside_prefixes
from centrex.operations.features import SECRET
from centrex.queries.dialing import as_row, outside_prefixes
from centrex.queries.sounds import music_ready
from centrex.routing.dialing.rules import Kind
from centrex.routing.features import (
    FEATURES,
    Barring,
    Dialing,
    Fax,
    Identity,
    Music,
    Voicemail,
    mistakes_in,
    of_mapping,
)
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences

MOST_MEGABYTES = 1000
# A whole company or site has no recordings of its own, so it greets in the standard way.
VOICEMAIL_CHOICES = {
    "greeting": ("standard",),
    "email_option": ("none", "notify", "copy", "forward"),
    "file_format": ("wav", "mp3"),
}
FAX_CHOICES = {"action": ("notify", "copy", "forward"), "file_format": ("pdf", "tiff")}
FIELDS = ("name", "site", "enabled", "values", "locked")


@transaction.atomic
def save_place_feature(*, user: User, row: FeatureSetting) -> FeatureSetting:
    """Save what a site or a company says of a feature; Refused at `values` as for `refuse_values`."""
    office = numbers.locked_office(row.customer.office)
    before = outside_prefixes(office)
    old = FeatureSetting.objects.filter(pk=row.pk).first()
    refuse_values(row)
    row.version += 1 if old else 0
    row.save()
    take_outside_prefixes(office, before)
    changes = differences(old or FeatureSetting(customer=row.customer), row, FIELDS)
    AuditEvent.write(user=user, action="edit" if old else "add", record=row, changes=changes)
    return row


@transaction.atomic
def remove_place_feature(*, user: User, row: FeatureSetting) -> None:
    """Let the next place count again."""
    office = numbers.locked_office(row.customer.office)
    before = outside_prefixes(office)
    AuditEvent.write(user=user, action="delete", record=row)
    row.delete()
    take_outside_prefixes(office, before)


def refuse_values(row: FeatureSetting) -> None:
    """Refused at `values` for what the feature does not have, or what is not the customer's."""
    feature = FEATURES[row.name]
    wrong = mistakes_in(feature, row.values) if isinstance(row.values, dict) else ["values"]
    if wrong:
        raise Refused(
            _("These are not values of the feature: %(names)s.") % {"names": ", ".join(wrong)}, field="values"
        )
    if any(row.values.get(name) for name in SECRET):
        raise Refused(_("A PIN is set for each line, never for all of them."), field="values")
    reason = wrong_choice(of_mapping(feature, row.values), row)
    if reason:
        raise Refused(reason, field="values")


def wrong_choice(values: object, row: FeatureSetting) -> str:
    """What is wrong with values whose types are right; empty when nothing is."""
    match values:
        case Identity(hide_cli=hide) if hide not in CompanySettings.HideCli.values:
            return _("hide_cli is one of: %(choices)s.") % {"choices": ", ".join(CompanySettings.HideCli.values)}
        case Identity(number=number) if number and not of_customer(number, row.customer):
            return _("%(number)s is not an external number of this customer.") % {"number": number}
        case Music(sound=sound) if sound is not None and not music_ready(row.customer).filter(pk=sound).exists():
            return _("The customer has no music with this id that is ready.")
        case Barring(barred=barred, allowed=allowed):
            wanted = {*barred, *allowed}
            missing = wanted - set(BarringClass.objects.filter(pk__in=wanted).values_list("pk", flat=True))
            return _("There is no barring class %(ids)s.") % {"ids": ", ".join(map(str, missing))} if missing else ""
        case Voicemail() if wrong := wrong_in(values, VOICEMAIL_CHOICES):
            return wrong
        case Voicemail(personal=None, name=None, absence=None, limit_mb=limit) if 1 <= limit <= MOST_MEGABYTES:
            return ""
        case Voicemail():
            return _("limit_mb is between 1 and %(most)s; greetings are recorded for each line.") % {
                "most": MOST_MEGABYTES
            }
        case Fax():
            return wrong_in(values, FAX_CHOICES)
        case Dialing():
            return wrong_rules(values, row)
    return ""


def wrong_in(values: object, choices: Mapping[str, tuple[str, ...]]) -> str:
    """The first value that is none of its choices, in words; empty when all are."""
    for name, allowed in choices.items():
        if getattr(values, name) not in allowed:
            return _("%(name)s is one of: %(choices)s.") % {"name": name, "choices": ", ".join(allowed)}
    return ""


def of_customer(number: str, customer: Customer) -> bool:
    """Whether an external number is the customer's."""
    return bool(Did.for_customer(customer).filter(number=number).exists())


def wrong_rules(values: Dialing, row: FeatureSetting) -> str:
    """What is wrong with dialing rules in themselves, or with their outside prefix beside the office's numbers."""
    if values.kind not in list(Kind):
        return _("kind is one of: %(choices)s.") % {"choices": ", ".join(Kind)}
    for field, message in mistakes_in_rules(as_row(row.customer, values, enabled=row.enabled)).items():
        return f"{field}: {message}"
    office, prefix = row.customer.office, values.outside_prefix if values.kind == Kind.PBX and row.enabled else ""
    if prefix and prefix not in outside_prefixes(office):
        try:
            numbers.refuse_clash(office=office, code=prefix, field="values", leads_outside=True)
        except Refused as refusal:
            return str(refusal.message)
    return ""
