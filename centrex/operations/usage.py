"""What the calls of a line leave behind on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

# The rows are locked in order of their keys, so that two imports cannot deadlock.
MARK = """
UPDATE centrex_line AS line SET last_used_at = used.at
FROM (SELECT id, at FROM unnest(%s::bigint[], %s::timestamptz[]) AS call (line_id, at)
      JOIN centrex_line ON id = line_id ORDER BY id FOR UPDATE OF centrex_line) AS used
WHERE line.id = used.id AND (line.last_used_at IS NULL OR line.last_used_at < used.at)
"""


def mark_lines_used(last_calls: Mapping[int, datetime]) -> None:
    """Set when each line (by its key) was last used, if that is later than what is known."""
    if not last_calls:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MARK, [list(last_calls), list(last_calls.values())])
