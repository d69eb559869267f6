"""Spending limits: the company's, today's, those of single lines, and who is told."""

from billing.pages.alerts.lines import AddLine, EditLine, RemoveLine
from billing.pages.alerts.settings import Alerts, Raise

__all__ = ["AddLine", "Alerts", "EditLine", "Raise", "RemoveLine"]
