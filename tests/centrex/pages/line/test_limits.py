"""A line's call limits: they must fit each other, and General names them."""

import pytest
from django.urls import reverse

from centrex.queries.features import effective_of
from centrex.routing.features import Limits

OWN = {"own": "own", "enabled": "on", "version": 1}


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "max_calls"),
        ({"max_calls": "0"}, "max_calls"),
        ({"max_calls": "2", "max_calls_in": "3"}, "max_calls_in"),
        ({"max_calls": "2", "max_calls_out": "3"}, "max_calls_out"),
        ({"max_calls": "2", "max_calls_forwarded": "3"}, "max_calls_forwarded"),
        ({"max_calls_out": "-1"}, "max_calls_out"),
    ],
)
def test_limits_that_do_not_fit(as_alice, line, typed, field):
    answer = as_alice.post(reverse("centrex:line-limits", args=[line.pk]), OWN | typed)
    assert list(answer.context["form"].errors) == [field]
    assert not effective_of(line, Limits).enabled


def test_general_names_the_limits(as_alice, line):
    general = reverse("centrex:line", args=[line.pk])
    assert "None of its own" in as_alice.get(general).content.decode()
    as_alice.post(reverse("centrex:line-limits", args=[line.pk]), OWN | {"max_calls": "3", "max_calls_out": "0"})
    assert effective_of(line, Limits).values == Limits(max_calls=3, max_calls_out=0)
    assert "3 at the same time, 0 outgoing" in as_alice.get(general).content.decode()
