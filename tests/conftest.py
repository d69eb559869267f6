"""What every test may use; the servers and the browser come from the plugins, the persons from `tests.people`."""

pytest_plugins = ["tests.ledger", "tests.people", "tests.plugins.servers", "tests.plugins.browser"]
