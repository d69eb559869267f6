"""The menu as data: tabs, and the pages of each; url names only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@cache
def address_of(name: str) -> str:
    """Each page shows the whole menu twice; Django takes longer to find an address than to write it."""
    return reverse(name)


def address_of_row(name: str, *numbers: object) -> str:
    """The address of a row, for a list of many; `numbers` are ids or ISO days, which need no quoting."""
    first, *rest = _around(name, len(numbers))
    return first + "".join(f"{number}{part}" for number, part in zip(numbers, rest, strict=True))


@cache
def _around(name: str, count: int) -> list[str]:
    """The address of the page cut at its numbers."""
    stand_ins = [f"{10**15 + place}" for place in range(count)]
    return re.split("|".join(stand_ins), reverse(name, args=stand_ins))


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the side menu; `name` is its url name, `icon` a Bootstrap icon; `record` an id in its address."""

    name: str
    label: Promise
    icon: str
    record: int | None = None

    @property
    def address(self) -> str:
        return reverse(self.name, args=[self.record]) if self.record is not None else address_of(self.name)


@dataclass(frozen=True, slots=True)
class Tab:
    """A main tab and its pages; the first page that a user may see is where the tab leads."""

    label: Promise
    icon: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where records of one kind are kept: `page` in the menu, whose rights hold; `address` of one of them.

    Where several pages share one record, both are empty: the page of each act counts, and `pages` are those on which
    an act can be undone.
    `undo` is the url name of the page that turns one of the acts in `undoable` back.
    """

    page: str = ""
    address: str = ""
    undo: str = ""
    undoable: frozenset[str] = frozenset({"add", "edit", "delete"})
    pages: frozenset[str] = frozenset()


# By the label of the model, as the history of changes names it.
RECORDS = {
    "selfcare.customer": RecordPlace("profile:general", "profile:general", "profile:undo", frozenset({"edit"})),
    "centrex.extension": RecordPlace("centrex:extensions", "centrex:extension-edit", "centrex:undo"),
    "centrex.huntgroup": RecordPlace("centrex:huntgroups", "centrex:huntgroup-members", "centrex:undo"),
    "centrex.abbreviatednumber": RecordPlace("centrex:abbreviated", "centrex:abbreviated-edit", "centrex:undo"),
    "centrex.site": RecordPlace("centrex:sites", "centrex:site-edit", "centrex:undo"),
    "centrex.callqueue": RecordPlace("centrex:queues", "centrex:queue-edit", "centrex:undo"),
    "centrex.companysettings": RecordPlace(
        undo="centrex:undo",
        undoable=frozenset({"edit"}),
        pages=frozenset({"centrex:incoming", "centrex:identity", "centrex:abbreviated"}),
    ),
    "centrex.menu": RecordPlace("centrex:lines", "centrex:menu-edit", "centrex:undo"),
    "centrex.dialingrules": RecordPlace(
        "centrex:dialing", "centrex:dialing", "centrex:undo", frozenset({"add", "edit"})
    ),
    "centrex.calledcountries": RecordPlace(
        "centrex:countries", "centrex:countries", "centrex:undo", frozenset({"edit"})
    ),
    "centrex.featuresetting": RecordPlace(undo="centrex:undo", pages=frozenset({"centrex:defaults", "centrex:sites"})),
    "centrex.plannedchange": RecordPlace("centrex:planned", "centrex:planned-change", "centrex:undo"),
    "centrex.line": RecordPlace("centrex:lines", "centrex:line", "centrex:undo", frozenset({"edit"})),
    "centrex.numberfilter": RecordPlace("centrex:filters", "centrex:filter-edit", "centrex:undo"),
    "centrex.schedule": RecordPlace("centrex:filters", "centrex:schedule", "centrex:undo"),
    "centrex.blockedcaller": RecordPlace("centrex:calls", "", "centrex:undo", frozenset({"add", "delete"})),
    "billing.invoice": RecordPlace("billing:invoices", "billing:invoice"),
    "billing.subscription": RecordPlace("billing:subscriptions", ""),
    "billing.spendlimits": RecordPlace("billing:alerts", "billing:alerts"),
    "billing.linelimit": RecordPlace("billing:alerts", "billing:line-limit"),
    "billing.xdrreport": RecordPlace("billing:reports"),
    "billing.storedmethod": RecordPlace("billing:payment-info", ""),
    "billing.autopay": RecordPlace("billing:payment-info", "billing:payment-info"),
    "billing.payment": RecordPlace("billing:pay", "billing:payment"),
    "tickets.ticket": RecordPlace("tickets:list", "tickets:ticket"),
}

TABS = (
    Tab(_("Dashboard"), "speedometer2", (Item("dashboard", _("Dashboard"), "speedometer2"),)),
    Tab(
        _("My Profile"),
        "person",
        (
            Item("profile:general", _("General"), "building"),
            Item("profile:activity", _("Activity"), "clock-history"),
        ),
    ),
    Tab(
        _("IP Centrex"),
        "telephone",
        (
            Item("centrex:general", _("General"), "building-gear"),
            Item("centrex:extensions", _("Extensions"), "diagram-3"),
            Item("centrex:sites", _("Sites"), "geo-alt"),
            Item("centrex:lines", _("Phone Lines"), "telephone"),
            Item("centrex:defaults", _("Defaults for Lines"), "sliders"),
            Item("centrex:dids", _("DIDs (External Numbers)"), "telephone-plus"),
            Item("centrex:abbreviated", _("Abbreviated Dialing"), "lightning"),
            Item("centrex:dialing", _("Dialing Rules"), "signpost-split"),
            Item("centrex:incoming", _("Incoming Calls"), "telephone-inbound"),
            Item("centrex:filters", _("Filters and Hours"), "funnel"),
            Item("centrex:outgoing", _("Outgoing Calls"), "telephone-outbound"),
            Item("centrex:countries", _("Countries Called"), "globe"),
            Item("centrex:calls", _("Call Logs"), "clock-history"),
            Item("centrex:huntgroups", _("Huntgroups"), "people"),
            Item("centrex:queues", _("Call Queue"), "hourglass-split"),
            Item("centrex:identity", _("Identity"), "person-badge"),
            Item("centrex:music", _("Music On Hold"), "music-note-beamed"),
            Item("centrex:planned", _("Planned Changes"), "calendar-event"),
            Item("centrex:what-if", _("What happens if"), "signpost-2"),
            Item("centrex:health", _("Health Check"), "heart-pulse"),
        ),
    ),
    Tab(
        _("Billing Information"),
        "receipt",
        (
            Item("billing:summary", _("Billing Summary"), "pie-chart"),
            Item("billing:general", _("General"), "receipt-cutoff"),
            Item("billing:subscriptions", _("Subscriptions"), "arrow-repeat"),
            Item("billing:transactions", _("Transactions"), "list-columns-reverse"),
            Item("billing:reports", _("Reports"), "file-earmark-spreadsheet"),
            Item("billing:discounts", _("Volume Discounts"), "percent"),
            Item("billing:alerts", _("Spending limits"), "shield-exclamation"),
            Item("billing:invoices", _("Invoices"), "file-earmark-text"),
            Item("billing:pay", _("Make a Payment"), "credit-card"),
            Item("billing:payment-info", _("Payment Info"), "wallet2"),
        ),
    ),
    Tab(_("Trouble Tickets"), "life-preserver", (Item("tickets:list", _("Tickets"), "chat-left-text"),)),
)


def line_user_tabs(line: int) -> tuple[Tab, ...]:
    """What the user of one phone line sees: its pages (the sections stand under the first), and its calls."""
    items = (
        Item("centrex:line", _("My Phone"), "telephone", line),
        Item("centrex:calls", _("Call Logs"), "clock-history"),
    )
    return (Tab(_("My Phone"), "telephone", items),)
