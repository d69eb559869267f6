"""What every test may use; the servers and the browser come from the plugins."""

pytest_plugins = ["tests.plugins.servers", "tests.plugins.browser"]
