"""Spreadsheets that people change: reading them, and what differs from what is kept. Values in, values out."""
