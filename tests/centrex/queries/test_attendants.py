"""Who can be found by name in an auto attendant."""

from centrex.queries.attendants import people_in
from tests.centrex.routing.engine.changes import extension
from tests.centrex.routing.engine.office import office
from tests.centrex.routing.engine.table import shows


@shows("Published", "Extension.published", page="centrex:extensions")
def test_only_published_extensions_that_ring_a_line_are_found_by_name():
    assert [person.number for person in people_in(office())] == ["201", "202"]
    assert [person.number for person in people_in(extension(1, published=False)(office()))] == ["202"]
