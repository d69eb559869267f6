"""A line of EasyCall's for the tests of its pages."""

import pytest

from tests.factories import LineFactory


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, account_id="12125550101", name="Desk 1")
