"""What every page with a download of the ledger shares: how large a workbook may be, what is said instead."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selfcare import formats

MOST_IN_XLSX = 50_000


def too_many() -> str:
    """Why there is no workbook."""
    words = _("A spreadsheet file (XLSX) has room for %(most)s rows here. The CSV file has them all.")
    return words % {"most": formats.number(MOST_IN_XLSX)}


def instead_of_file(request: HttpRequest, words: str | Promise) -> HttpResponse:
    """The page itself with the reason why there is no file; a link to a download must not be marked as one for this."""
    messages.error(request, words)
    query = request.GET.copy()
    query.pop("format", None)
    return redirect(f"{request.path}?{query.urlencode()}")
