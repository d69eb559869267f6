"""docs/settings.md, written from the tests: each setting of the pages, and what shows its effect on a call."""
