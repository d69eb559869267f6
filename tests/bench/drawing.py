"""A table of 50 rows as the portal draws it, and as django-tables2 does by itself."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import django_tables2 as tables2
from django.template.loader import render_to_string
from django.test import RequestFactory

from billing.models import Service, Xdr
from billing.pages.transactions.table import TransactionsTable
from billing.queries.xdrs import transactions_page
from selfcare.crud.tables import TableState
from selfcare.models import Role
from tests.bench.data import World
from tests.bench.measure import Figure, at_least, in_turn
from tests.bench.pages import EVERYTHING, ROWS


def drawing(world: World) -> Iterator[Figure]:
    """The same rows and columns, both with the head's links."""
    services = Service.objects.in_bulk()
    keyset = transactions_page(world.whale, EVERYTHING, sort="", cursor="", size=ROWS, total=ROWS)
    for row in keyset.rows:
        row.customer, row.service = world.whale, services[row.service_id]
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(role=Role.OWNER, is_authenticated=True, is_line_user=False)
    request.customer, request.viewing_as, request.portal_page = world.whale, False, "billing:transactions"
    state = TableState(sort="", per_page=ROWS, page=1, columns=tuple(TransactionsTable.column_names()))

    def ours() -> None:
        table = TransactionsTable(keyset, request=request, state=state, sortable=True)
        render_to_string("tables/table.html", {"table": table, "title": "Calls"}, request)

    def usual() -> None:
        UsualTable(keyset.rows, template_name="django_tables2/bootstrap5.html").as_html(request)

    ratios = in_turn(ours, usual, rounds=15)
    yield at_least("", "Drawing a table of 50 rows, of django-tables2", ratios, "times the speed", 2)


class UsualTable(tables2.Table):
    """The same columns as django-tables2 makes them from the model."""

    class Meta:
        model = Xdr
        fields = TransactionsTable._meta.fields
