"""Fixtures that every test may use."""

pytest_plugins = ["tests.ledger", "tests.people"]
