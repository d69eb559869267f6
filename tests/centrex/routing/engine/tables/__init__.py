"""What each setting does to a call, in rows: one file an area, see `tests.centrex.routing.engine.table`."""
