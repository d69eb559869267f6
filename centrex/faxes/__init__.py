"""Faxes: TIFF pages as fax machines send them, made into clean PDF and TIFF; no Django, no clock."""

from centrex.faxes.convert import Pages, convert, is_tiff

__all__ = ["Pages", "convert", "is_tiff"]
