"""The table of transactions, by keyset."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.models import Xdr
from selfcare import formats
from selfcare.crud.tables import (
    EMPTY,
    ActionsColumn,
    ChargeColumn,
    Column,
    KeysetTable,
    PhoneColumn,
    SecondsColumn,
    as_html,
)
from selfcare.navigation import address_of_row


def address(row: Xdr) -> str:
    """Where the row is looked at."""
    return address_of_row("billing:transaction", row.pk, row.utc_day)


class QuantityColumn(Column):
    """The charged quantity in the unit of the row's service."""

    css = "num"

    def draw(self, value: Any, record: Xdr) -> SafeString:
        return as_html(record.service.counted(value)) or EMPTY


class PlaceColumn(Column):
    """Where a call went, with the country; other transactions say what they are."""

    def plain(self, value: Any, record: Xdr) -> str:
        return f"{value} ({record.country})" if value and record.country else value or record.description


class ResultColumn(Column):
    """Success or failure, with the cause of a failure."""

    def draw(self, value: Any, record: Xdr) -> SafeString:
        if not record.failed:
            return good(str(_("OK")))
        return format_html('<span class="badge bad">{}</span> {}', _("Failed"), value)


@lru_cache(maxsize=100)
def good(words: str) -> SafeString:
    """The badge of what went well, which nearly all rows have."""
    return format_html('<span class="badge good">{}</span>', words)


class TransactionsTable(KeysetTable):
    """One page of transactions; every head sorts while there are not too many rows."""

    css = "listing stacked labelled"

    started_at = SecondsColumn(verbose_name=_("Date/Time"))
    line = Column(verbose_name=_("Account ID"), accessor="account_id")
    cli = PhoneColumn(verbose_name=_("From"))
    cld = PhoneColumn(verbose_name=_("To"))
    destination = PlaceColumn(verbose_name=_("Destination"))
    description = Column(verbose_name=_("Description"), hidden=True)
    charged_quantity = QuantityColumn(verbose_name=_("Quantity"))
    amount = ChargeColumn(verbose_name=_("Amount"), currency="customer__currency")
    cause = ResultColumn(verbose_name=_("Result"))
    actions = ActionsColumn(
        lambda row: [(address(row), "eye", _("Details"))],
        named=lambda row: formats.moment(row.started_at, seconds=True),
    )

    class Meta(KeysetTable.Meta):
        model = Xdr
        fields = (
            "started_at", "line", "cli", "cld", "destination", "description", "charged_quantity", "amount", "cause",
        )  # fmt: skip
