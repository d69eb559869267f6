"""Trying a form out: its act is carried out for real, looked at, and turned back before anybody else can see it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def nothing_kept(request: Any) -> Iterator[None]:
    """What is written inside is turned back at its end, whatever happens: rows, history, mails, and what would follow
    the commit.

    Files on disk are not turned back, so a try-out is given none. Meanwhile `given_again` asks for no password: the
    count of wrong ones is a row as well, and turning it back would let anybody guess for ever.
    """
    request.tries_only = True
    try:
        with transaction.atomic():
            try:
                yield
            finally:
                transaction.set_rollback(True)
    finally:
        request.tries_only = False
