"""Planned changes: written down as a difference, put in place and turned back by the clock."""
