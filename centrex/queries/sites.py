"""Sites: which lines are in one, and what it allows, as values and in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centrex.models import Line, Site
from centrex.models.site import BANDWIDTHS, CALL_LIMITS
from centrex.routing.bandwidth import Codec, Limits, calls_that_fit
from selfcare import formats
from selfcare.models import Customer

NAMED = 20  # lines that a sentence names before it says "and 5 more"


def default_site(customer: Customer) -> Site:
    """The site that is always there; lines without a site share its limits."""
    site: Site = Site.for_customer(customer).get(is_default=True)
    return site


def site_of(line: Line) -> Site:
    """The site whose limits hold for `line`."""
    return line.site or default_site(line.customer)


def in_site(site: Site) -> Q:
    """Which of the customer's lines share the site's limits."""
    return Q(site=site) | Q(site=None) if site.is_default else Q(site=site)


def lines_of_site(site: Site) -> QuerySet[Line]:
    """The lines that share the site's limits, in order of their IDs."""
    lines: QuerySet[Line] = Line.for_customer(site.customer).filter(in_site(site))
    return lines.order_by("account_id")


def with_line_counts(sites: QuerySet[Site]) -> QuerySet[Site]:
    """The sites, each with `line_count`, in one query."""
    here = Q(site=OuterRef("pk"))
    count = Case(When(is_default=True, then=counted_of(here | Q(site=None))), default=counted_of(here))
    return sites.annotate(line_count=count)


def counted_of(which: Q) -> Coalesce:
    """The number of the customer's lines `which` hold, as a subquery of a query of sites."""
    lines = Line.objects.filter(which, customer=OuterRef("customer")).order_by()
    number = lines.values("customer").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def limits_of(site: Site) -> Limits:
    """What the site allows, for the routing engine; call limits that are switched off are None."""
    calls = {name: getattr(site, name) if site.limit_calls else None for name in CALL_LIMITS}
    bandwidth = {name: getattr(site, name) for name in BANDWIDTHS}
    return Limits(codec=Codec(site.codecs), count_internal=site.count_internal, **calls, **bandwidth)


def limits_in_words(site: Site) -> str:
    """What the site allows at a time, in a line such as "10 calls (6 incoming), 1,000 kbit/s"."""
    return "; ".join(part for part in (calls_in_words(site), bandwidth_in_words(site)) if part) or _("No limits")


def calls_in_words(site: Site) -> str:
    limits = limits_of(site)
    parts = [
        text % {"number": formats.number(number)}
        for text, number in (
            (_("%(number)s incoming"), limits.max_calls_in),
            (_("%(number)s outgoing"), limits.max_calls_out),
            (_("%(number)s forwarded"), limits.max_calls_forwarded),
        )
        if number is not None
    ]
    if limits.max_calls is None:
        return _("Calls: %(parts)s") % {"parts": ", ".join(parts)} if parts else ""
    whole = ngettext("%(number)s call", "%(number)s calls", limits.max_calls)
    return with_parts(whole % {"number": formats.number(limits.max_calls)}, parts)


def bandwidth_in_words(site: Site) -> str:
    parts = [
        text % {"number": formats.number(number)}
        for text, number in (
            (_("%(number)s kbit/s incoming"), site.max_bandwidth_in),
            (_("%(number)s kbit/s outgoing"), site.max_bandwidth_out),
        )
        if number is not None
    ]
    if site.max_bandwidth is None:
        return ", ".join(parts)
    fit = calls_that_fit(Codec(site.codecs), site.max_bandwidth)
    said = ngettext("%(kbits)s kbit/s (%(fit)s call)", "%(kbits)s kbit/s (%(fit)s calls)", fit)
    return with_parts(said % {"kbits": formats.number(site.max_bandwidth), "fit": formats.number(fit)}, parts)


def with_parts(whole: str, parts: Sequence[str]) -> str:
    return f"{whole}: {', '.join(parts)}" if parts else whole


def named(lines: Iterable[Line]) -> str:
    """The lines by name, a long list cut short."""
    names = [str(line) for line in lines]
    listed, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return _("%(list)s and %(number)s more") % {"list": listed, "number": more} if more > 0 else listed


def consequences_of_deleting_site(site: Site) -> list[str]:
    """What else changes when `site` is deleted."""
    lines = list(lines_of_site(site))
    if not lines:
        return [_("No phone line is in this site.")]
    said = ngettext(
        "%(number)s phone line moves to the site %(default)s and then shares its limits: %(list)s.",
        "%(number)s phone lines move to the site %(default)s and then share its limits: %(list)s.",
        len(lines),
    )
    default = default_site(site.customer)
    return [said % {"number": formats.number(len(lines)), "default": default, "list": named(lines)}]
