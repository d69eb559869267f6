"""A line's auto attendant: switching it, and its menus with what each event leads to."""

from centrex.operations.attendant.choices import Wanted
from centrex.operations.attendant.feature import inherit_attendant, save_attendant
from centrex.operations.attendant.menus import FIELDS, PROMPTS, delete_menu, put_back_menu, save_menu

__all__ = [
    "FIELDS",
    "PROMPTS",
    "Wanted",
    "delete_menu",
    "inherit_attendant",
    "put_back_menu",
    "save_attendant",
    "save_menu",
]
