"""The type of every column whose number can start a leg of a call."""

from __future__ import annotations

from typing import Any

from django.db import models


class DialTarget(models.CharField):
    """A number that a call may be sent to: E.164 without the plus, a number of the office, or empty.

    The type says that each value went through the destination policy when it was saved, and that the engine asks it
    again. `tests/house/test_dial_targets.py` looks for columns that should be of it. In the database it is a CharField.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """For migrations it is what it is in the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
