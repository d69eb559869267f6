"""One record of EasyCall's for each address with an id: how to make it, and what a stranger gets.

A new page with an id in its address adds its line here; `tests/house/test_urls.py` fails until it does.
"""

from collections.abc import Callable
from typing import Any

from selfcare.models import Customer, User
from tests.factories import LineFactory

NOT_FOUND = (404,)
Sample = tuple[Callable[[Customer, User], list[Any]], tuple[int, ...]]


def line(easycall: Customer, alice: User) -> list[Any]:
    return [LineFactory(customer=easycall).pk]


SAMPLES: dict[str, Sample] = {
    "centrex:line": (line, NOT_FOUND),
    # Staff only.
    "view-as": (lambda easycall, alice: [easycall.pk], (404, 405)),
    # A name, not a record: it is kept for the user who asks.
    "table-preference": (lambda easycall, alice: ["lines"], (302, 405)),
}
