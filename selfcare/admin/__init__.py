"""The administration, where staff of the telephone company work."""

from selfcare.admin import customers, records, users

__all__ = ["customers", "records", "users"]
