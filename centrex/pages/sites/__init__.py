"""Sites: the places of a company, what each allows at a time, and which lines are there."""

from centrex.pages.sites.form import Add, Edit
from centrex.pages.sites.lines import Lines
from centrex.pages.sites.list import Delete, List

__all__ = ["Add", "Delete", "Edit", "Lines", "List"]
