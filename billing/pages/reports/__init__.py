"""Reports: the files of each period, and those that somebody asks for."""

from billing.pages.reports.acts import Add, Cancel, Delete, Retry
from billing.pages.reports.list import Download, List, Standing

__all__ = ["Add", "Cancel", "Delete", "Download", "List", "Retry", "Standing"]
