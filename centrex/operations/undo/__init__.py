"""Undo: an act on the telephone system is turned back by the acts of its pages, with all their checks."""

from centrex.operations.undo.acts import undo
from centrex.operations.undo.plans import plan_undo

__all__ = ["plan_undo", "undo"]
