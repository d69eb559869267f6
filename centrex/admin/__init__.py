"""The telephone systems of the customers, as the ITSP's staff see them."""

from centrex.admin import companies, features, lines, numbers, rules

__all__ = ["companies", "features", "lines", "numbers", "rules"]
