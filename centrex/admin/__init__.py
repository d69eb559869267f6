"""The telephone systems of the customers, as the ITSP's staff see them."""

from centrex.admin import companies, emergency, features, lines, numbers, rules

__all__ = ["companies", "emergency", "features", "lines", "numbers", "rules"]
