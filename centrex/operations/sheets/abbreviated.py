"""Abbreviated numbers as a sheet."""

from __future__ import annotations
