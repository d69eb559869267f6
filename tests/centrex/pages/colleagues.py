"""People of an office, each with an extension and a phone that is connected."""

from datetime import UTC, datetime

from centrex.models import Line
from tests.factories import ExtensionFactory, LineFactory


def colleague(customer, number: str, name: str, **line) -> Line:
    row = LineFactory(customer=customer, **({"registered_until": datetime(2099, 1, 1, tzinfo=UTC)} | line))
    ExtensionFactory(customer=customer.office, number=number, name=name, line=row)
    return row
