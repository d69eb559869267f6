"""Every list costs the same number of queries with one row and with three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from selfcare.crud.views import ListPage
from tests.house.samples import ROWS
from tests.house.test_urls import ADDRESSES

LISTS = {
    name for name, entry in ADDRESSES.items() if issubclass(getattr(entry.callback, "view_class", object), ListPage)
}


def test_every_list_has_a_row_to_be_counted_with():
    assert set(ROWS) >= LISTS, "tests/house/samples.py makes one row for each list"


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_number_of_queries_does_not_grow(name, easycall, alice, as_alice):
    address = reverse(name)
    add_row = ROWS[name]
    add_row(easycall, alice)
    as_alice.get(address)  # what is cached once for the process is cached now
    with CaptureQueriesContext(connection) as one:
        page = as_alice.get(address).content
    for _more in range(2):
        add_row(easycall, alice)
    with CaptureQueriesContext(connection) as three:
        more = as_alice.get(address).content
    assert len(more) > len(page), "the rows do not show"
    assert len(three) == len(one), "\n".join(query["sql"][:200] for query in three)
