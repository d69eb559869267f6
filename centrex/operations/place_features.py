"""What is set for all lines of a company or of one of its sites: by the ITSP, who may lock it, or by the company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from centrex.models import BarringClass, CompanySettings, Did, FeatureSetting, Site
from centrex.operations import barring, numbers
from centrex.operations.dialing import mistakes_in as mistakes_in_rules
from centrex.operations.dialing import take_outside_prefixes
from centrex.operations.features import SECRET, Describe
from centrex.operations.features import differences as differences_of
from centrex.operations.line_recording import refuse_recording
from centrex.queries.barring import opened
from centrex.queries.dialing import as_row, outside_prefixes
from centrex.queries.features import customer_of, effective_of, own_row
from centrex.queries.sounds import music_ready
from centrex.routing.dialing.rules import Kind
from centrex.routing.feature_values import mistakes_in
from centrex.routing.features import (
    FEATURES,
    Answering,
    Barring,
    Dialing,
    Fax,
    Feature,
    Identity,
    Limits,
    Music,
    Recording,
    Voicemail,
    of_mapping,
)
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences
from selfcare.models.versioned import what_changed

# What a customer sets for all his lines himself; what else lines inherit has a page of the company's own.
DEFAULTS: dict[str, type[Feature]] = {feature.NAME: feature for feature in (Answering, Limits, Recording, Barring)}
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


@transaction.atomic
def set_default(
    *,
    user: User,
    place: Site | Customer,
    version: int | None,
    feature: type[Feature],
    values: Feature | None,
    enabled: bool,
    labels: Mapping[str, str],
    confirmed: bool = False,
    again: FeatureSetting | None = None,
    describe: Describe | None = None,
) -> FeatureSetting | None:
    """Make `values` what the lines of a site or a company inherit; None: the place says nothing of the feature.

    `version` is that of the place's row, 0 without one; `again` is a deleted row that comes back where there is none.
    Returns the row, also one that was deleted. Outdated when it was saved since; Refused for what the ITSP keeps, as
    for `refuse_values` and `refuse_recording`, and at `password` where a dangerous class is opened and the user has
    not `confirmed`.
    """
    customer = customer_of(place)
    numbers.locked_office(customer.office)  # two who save the first one take turns
    row = own_row(place, feature.NAME)
    if version is not None and version != (row.version if row else 0):
        raise Outdated(what_changed(row, version) if row else gone())
    before = effective_of(place, feature)
    if before.locked_by is not None:
        raise Refused(_("Your telephone company keeps this setting."))
    if feature is Recording:
        refuse_recording(user, place, values if isinstance(values, Recording) else None)
    action = "edit" if row else "add"
    if values is not None:
        site = place if isinstance(place, Site) else None
        row = row or again or FeatureSetting(customer=customer, site=site, name=feature.NAME, version=0)
        row.enabled, row.values, row.version = enabled, asdict(values), row.version + 1
        refuse_values(row)
        row.save()
    elif row is not None:
        action = "delete"
        FeatureSetting.objects.filter(pk=row.pk).delete()
    after = effective_of(place, feature)
    describe = describe or (barring.barring_differences if feature is Barring else differences_of)
    changes = describe(before, after, labels)
    if row is not None and changes:
        AuditEvent.write(user=user, action=action, record=row, changes=changes)
    classes = opened(before, after) if feature is Barring else []
    if row is not None:
        key = f"{row.pk}:{row.version}:{action}"
        barring.tell_of_opened(user, customer, place, classes, confirmed=confirmed, key=key)
    return row


def gone() -> str:
    """What a second editor is told when the first took the setting away."""
    return _("Somebody took this setting away meanwhile. Look again before you save.")


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
