"""Subscriptions: the customer looks up what he pays for by the day or the month, since when and for what."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.models import Subscription
from billing.models.subscription import CYCLES
from billing.money import round_money
from billing.queries.subscriptions import ENDED, PENDING, subscriptions_of
from billing.rating.subscription import Cycle
from selfcare import formats
from selfcare.crud.forms import FilterForm
from selfcare.crud.tables import EMPTY, BaseTable, ChoiceColumn, Column, DayColumn, MoneyColumn
from selfcare.crud.views import ListPage

STATES = {PENDING: _("Pending"), ENDED: _("Ended")}


def greyed(cell: SafeString, record: Subscription) -> SafeString:
    """The cell as it is for what is charged now; grey for what has not begun yet."""
    return format_html('<span class="text-quiet">{}</span>', cell) if record.state == PENDING else cell


def percent(discount: Any) -> str:
    """A discount without needless zeros."""
    return formats.number(discount.normalize())


def fee_words(subscription: Subscription) -> str:
    """What one period costs: "9.90 EUR a month"."""
    words = _("%(fee)s a day") if subscription.cycle == Cycle.DAILY else _("%(fee)s a month")
    return str(words % {"fee": formats.money(subscription.fee, subscription.customer.currency)})


def own_day(moment: datetime, subscription: Subscription) -> date:
    """The day on the customer's own calendar, by which he is charged."""
    return moment.astimezone(subscription.customer.zone).date()


def applied_to(subscription: Subscription) -> str:
    """The line or the external number that it is for, else the customer."""
    if subscription.line:
        return str(_("Line %(line)s") % {"line": subscription.line})
    if subscription.did:
        return str(_("Number %(number)s") % {"number": subscription.did})
    return str(subscription.customer)


class NameColumn(Column):
    """What it is, and that it has not begun or is over."""

    def draw(self, value: Any, record: Subscription) -> SafeString:
        state = STATES.get(record.state)
        badge = format_html(' <span class="badge none">{}</span>', state) if state else ""
        return greyed(format_html("{}{}", value, badge), record)


class FeeColumn(MoneyColumn):
    """What one period costs; below it the default fee and the discount, where there is one."""

    def plain(self, value: Decimal, record: Subscription) -> Decimal:
        return round_money(value, record.customer.currency)

    def draw(self, value: Any, record: Subscription) -> SafeString:
        fee = fee_words(record)
        if not record.discount:
            return greyed(conditional_escape(fee), record)
        note = _("Default %(fee)s, %(discount)s %% discount") % {
            "fee": formats.money(record.default_fee, record.customer.currency),
            "discount": percent(record.discount),
        }
        return greyed(format_html('{}<br><small class="text-quiet">{}</small>', fee, note), record)


class OwnDayColumn(DayColumn):
    """A day on the customer's own calendar, by which he is charged."""

    def plain(self, value: datetime | None, record: Subscription) -> date | None:
        return own_day(value, record) if value else None

    def draw(self, value: datetime | None, record: Subscription) -> SafeString:
        shown = self.plain(value, record)
        return EMPTY if shown is None else greyed(conditional_escape(formats.day(shown)), record)


class AppliedToColumn(Column):
    """The line or the external number that it is for, else the customer."""

    css = "text-nowrap"

    def plain(self, value: Any, record: Subscription) -> str:
        return applied_to(record)

    def draw(self, value: Any, record: Subscription) -> SafeString:
        return greyed(super().draw(value, record), record)


class ChargedColumn(ChoiceColumn):
    """How often it is charged, and when."""

    def plain(self, value: Any, record: Subscription) -> str:
        when = _("at the end") if record.in_arrears else _("in advance")
        return f"{super().plain(value, record)}, {when}"

    def draw(self, value: Any, record: Subscription) -> SafeString:
        return greyed(conditional_escape(self.plain(value, record)), record)


class SubscriptionsTable(BaseTable):
    css = "listing stacked labelled"
    name = NameColumn(verbose_name=_("Subscription"))
    fee = FeeColumn(verbose_name=_("Periodic Fee"), currency="customer__currency", order_by="default_fee")
    discount = Column(verbose_name=_("Discount, %"), hidden=True)
    started_at = OwnDayColumn(verbose_name=_("Start Date"))
    ended_at = OwnDayColumn(verbose_name=_("Finish Date"), accessor="finishes_at", order_by="ended_at")
    applied_to = AppliedToColumn(verbose_name=_("Applied To"), accessor="pk", orderable=False)
    cycle = ChargedColumn(verbose_name=_("Charged"), choices=CYCLES.items(), hidden=True)

    class Meta(BaseTable.Meta):
        model = Subscription
        fields = ("name", "fee", "discount", "started_at", "ended_at", "applied_to", "cycle")


class SubscriptionsFilter(FilterForm):
    ended = forms.BooleanField(label=_("Show those that have ended"))

    def filter(self, subscriptions: QuerySet[Subscription]) -> QuerySet[Subscription]:
        """Whether those that are over are shown, the list asks for itself."""
        return subscriptions


class List(ListPage):
    page = "billing:subscriptions"
    title = _("Subscriptions")
    intro = _("What you pay for by the day or the month, without tax.")
    model = Subscription
    table_class = SubscriptionsTable
    filter_class = SubscriptionsFilter
    empty = _("You pay for nothing by the month. An external number that you buy appears here.")

    def get_queryset(self) -> QuerySet[Subscription]:
        ended = bool(self.request.GET.get("ended"))
        return subscriptions_of(self.request.customer, now=timezone.now(), ended=ended)
