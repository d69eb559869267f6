"""Sites: add, change, delete, and move lines between them. Each office, also a branch, keeps its own."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from centrex.models import DialCode, Line, Site
from centrex.operations.numbers import why_no_emergency
from centrex.queries.dialing import outside_prefixes
from centrex.queries.sites import default_site, lines_of_site
from centrex.routing.dialing.emergency import emergency_numbers
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User
from selfcare.models.audit import differences
from selfcare.models.history import one_act

FIELDS = (
    "name", "limit_calls", "max_calls", "max_calls_in", "max_calls_out", "max_calls_forwarded", "count_internal",
    "codecs", "max_bandwidth", "max_bandwidth_in", "max_bandwidth_out", "country", "mobility",
)  # fmt: skip


@transaction.atomic
def add_site(*, user: User, site: Site) -> Site:
    """Save a new site, still without lines; Refused at the field that is in the way."""
    locked_owner(site.customer)
    refuse_unfit(site)
    site.save()
    changes = differences(Site(customer=site.customer), site, FIELDS)
    AuditEvent.write(user=user, action="add", record=site, changes=changes)
    return site


@transaction.atomic
def edit_site(*, user: User, site: Site, version: int | None) -> Site:
    """Save a changed site; Outdated when somebody saved it since `version`, Refused as for adding."""
    locked_owner(site.customer)
    old = Site.locked(site.pk, site.version if version is None else version)
    changes = differences(old, site, FIELDS)
    if not changes:
        return site
    refuse_unfit(site)
    site.version = old.version + 1
    site.save()
    AuditEvent.write(user=user, action="edit", record=site, changes=changes)
    return site


@transaction.atomic
@one_act
def delete_site(*, user: User, site: Site) -> list[Line]:
    """Delete a site; its lines, which are given back, move to the Default site. Refused for the Default site."""
    locked_owner(site.customer)
    current = Site.locked(site.pk, None)
    if current.is_default:
        raise Refused(_("The Default site cannot be deleted: lines without a site share its limits."))
    lines = list(lines_of_site(current).values_list("pk", flat=True))
    moved = rewrite(user=user, customer=current.customer, lines=lines, to=default_site(current.customer))
    AuditEvent.write(user=user, action="delete", record=current)
    current.delete()
    return moved


@transaction.atomic
def move_lines(*, user: User, site: Site, lines: Collection[int], version: int | None = None) -> list[Line]:
    """Put the lines with these ids into `site`; gives those that were elsewhere before.

    Outdated when the site was saved since `version`, Refused when a line is not of the site's office.
    """
    locked_owner(site.customer)
    current = Site.locked(site.pk, version)
    return rewrite(user=user, customer=current.customer, lines=lines, to=current)


@transaction.atomic
def move_line(*, user: User, line: Line, site: Site | None, version: int | None) -> Line:
    """Put one line into `site`, None for the Default one; Outdated when somebody saved the line since `version`."""
    locked_owner(line.customer)
    current = Line.locked(line.pk, line.version if version is None else version)
    to = site or default_site(current.customer)
    if to.customer_id != current.customer_id:
        raise Refused(_("This site is not one of yours."), field="site")
    rewrite(user=user, customer=current.customer, lines=[current.pk], to=Site.locked(to.pk, None))
    current.refresh_from_db()
    return current


def locked_owner(customer: Customer) -> Customer:
    """The office's row, locked until the transaction ends; every act on its sites begins here."""
    # "no key": calls and invoices that point at the customer are still written meanwhile.
    owner: Customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    return owner


def refuse_unfit(site: Site) -> None:
    """Refused for a name that is empty or taken, and for limits that contradict each other."""
    site.name = site.name.strip()
    if not site.name:
        raise Refused(_("A site needs a name."), field="name")
    others = Site.for_customer(site.customer).filter(name__iexact=site.name).exclude(pk=site.pk)
    if others.exists():
        raise Refused(_("There is a site of this name already."), field="name")
    refuse_location(site)
    try:
        site.clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=field) from error


def refuse_location(site: Site) -> None:
    """Refused for a country whose emergency numbers the number space of the office would hide."""
    office = site.customer.office
    outside = outside_prefixes(office)
    emergency = emergency_numbers(str(site.country)) if site.country else ()
    for code in DialCode.for_customer(office).order_by("code").values_list("code", flat=True):
        why = why_no_emergency(code, emergency, leads_outside=code in outside)
        if why is not None:
            raise Refused(_("This country has other emergency numbers. %(why)s") % {"why": why}, field="country")


def rewrite(*, user: User, customer: Customer, lines: Collection[int], to: Site) -> list[Line]:
    """Point the lines at `to` (the Default site: at none), each change written down; gives those that moved."""
    # In order of their keys, as the import of calls locks them, so that the two cannot deadlock.
    rows = Line.objects.filter(customer=customer, pk__in=lines).select_related("site").order_by("pk")
    chosen = list(rows.select_for_update(of=("self",), no_key=True))
    if len(chosen) < len(set(lines)):
        raise Refused(_("A phone line in the list is no longer there. Load the page again."))
    default = default_site(customer)
    moved = [line for line in chosen if (line.site or default) != to]
    label = str(Line._meta.get_field("site").verbose_name)
    for line in moved:
        before = str(line.site or default)
        line.site, line.version = None if to.is_default else to, line.version + 1
        changes = {label: [before, str(to)]}
        AuditEvent.write(user=user, action="edit", record=line, customer=customer, changes=changes)
    Line.objects.filter(pk__in=[line.pk for line in moved]).update(
        site=None if to.is_default else to, version=F("version") + 1
    )
    return sorted(moved, key=lambda line: line.account_id)
