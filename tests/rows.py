"""What the database holds, as something to compare before and after."""

from typing import Any

from django.db import connection

# What may change by being looked at: who is here, who tried to come in, and what is remembered for a while.
VOLATILE = {"django_session", "usersessions_usersession", "selfcare_cache", "axes_accessattempt", "axes_accesslog"}
TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'public' AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname
"""


def contents(*, but: frozenset[str] = frozenset()) -> dict[str, tuple[int, str]]:
    """Each table with the number of its rows and a hash of them all; VOLATILE tables and `but` are left out."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall() if name not in VOLATILE | but]
        parts = [
            f"SELECT '{name}', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t"  # noqa: S608  # names from the catalogue
            for name in names
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def read(answer: Any) -> bytes:
    """The whole body; a file that was being sent is closed by it."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
