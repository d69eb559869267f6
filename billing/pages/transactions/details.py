"""The rows of one service, by keyset, and the jump to a date among them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from billing.pages.transactions.page import FilteredPage
from billing.pages.transactions.table import TransactionsTable
from billing.queries.xdrs import Wanted, cursor_at, may_sort, service_of, transactions_page
from selfcare import formats
from selfcare.crud.days import SECOND, MomentField
from selfcare.crud.forms import FilterForm
from selfcare.crud.tables import TableState

JUMP, PLACE = "at", "cursor"
BY_DATE = ("started_at", "-started_at")


class JumpForm(FilterForm):
    """A moment within what is shown; a day alone is its end where the newest comes first, else its beginning."""

    at = MomentField(label=_("Go to date"))

    def __init__(self, data: Any, *, wanted: Wanted, newest_first: bool) -> None:
        self.wanted, self.newest_first = wanted, newest_first
        super().__init__(data)
        self.fields[JUMP].end = newest_first
        self.fields[JUMP].required = True

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data[JUMP]
        start, end = self.wanted.start, self.wanted.end
        if not (start < at <= end if self.newest_first else start <= at < end):
            words = _("Choose a time from %(from)s to %(till)s, or change the filter.")
            bounds = {"from": formats.moment(start), "till": formats.moment(end - SECOND)}
            raise ValidationError(words % bounds)
        return at


class Details(FilteredPage):
    template_name = "billing/transactions/details.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.service_id = kwargs["service"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.service = service_of(kwargs["service"])
        if self.service is None:
            raise Http404
        self.title = self.service.name
        return super().get(request, *args, **kwargs)

    def show(self) -> HttpResponse:
        if self.jump.is_bound and self.jump.is_valid():
            return self.go(self.jump.cleaned_data[JUMP])
        return super().show()

    @cached_property
    def state(self) -> TableState:
        return TableState.of(self.request, TransactionsTable)

    @cached_property
    def sort(self) -> str:
        """The order of the rows: any column's, if there are not too many; else the date's."""
        asked = self.state.sort or TransactionsTable.first_sort
        return asked if asked in BY_DATE or may_sort(self.count, self.wanted) else TransactionsTable.first_sort

    @cached_property
    def by_date(self) -> str:
        """The order in which one goes to a date."""
        return self.sort if self.sort in BY_DATE else TransactionsTable.first_sort

    @cached_property
    def jump(self) -> JumpForm:
        asked = self.request.GET if JUMP in self.request.GET else None
        return JumpForm(asked, wanted=self.wanted, newest_first=self.by_date.startswith("-"))

    def go(self, at: datetime) -> HttpResponse:
        """The page of the rows that begins there, in order of date."""
        query = self.request.GET.copy()
        del query[JUMP]
        query["sort"] = self.by_date
        query[PLACE] = cursor_at(
            self.request.customer, self.wanted, at, newest_first=self.by_date.startswith("-"), total=self.count
        )
        return redirect(f"{self.request.path}?{query.urlencode()}")

    def words(self) -> dict[str, Any]:
        keyset = transactions_page(
            self.request.customer,
            self.wanted,
            sort=self.sort,
            cursor=self.request.GET.get(PLACE, ""),
            size=self.state.per_page,
            total=self.count,
        )
        for row in keyset.rows:
            row.customer, row.service = self.request.customer, self.service  # known; saves two look-ups a row
        sortable = may_sort(self.count, self.wanted)
        return {
            "table": TransactionsTable(keyset, request=self.request, state=self.state, sortable=sortable),
            "sortable": sortable,
            "jump": self.jump,
            "kept": [(k, v) for k, v in self.request.GET.items() if k not in (JUMP, PLACE)],
            "amount": sum((total.amount for total in self.totals), Decimal(0)),
            "back": f"{reverse('billing:transactions')}?{self.query}",
        }
