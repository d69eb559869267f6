"""What stands above pages about lines that have no emergency address."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from centrex.models import Line
from centrex.queries.emergency import without_address


def banner_of(lines: QuerySet[Line]) -> dict[str, Any]:
    """What stands above a page about these lines while some have no emergency address: its template and the number."""
    missing = without_address(lines).count()
    return {"banner": "centrex/line/no_address.html" if missing else "", "no_address": missing}
