"""Two colleagues of EasyCall's, who call each other."""

import pytest

from centrex.models import Line
from tests.centrex.pages.colleagues import colleague


@pytest.fixture
def desk(easycall) -> Line:
    return colleague(easycall, "201", "Alice", account_id="12125550101")


@pytest.fixture
def bobs(easycall) -> Line:
    return colleague(easycall, "202", "Bob", account_id="12125550102")
