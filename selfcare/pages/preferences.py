"""What a user sets in passing: table columns and page size, theme, language. Each is a small POST form."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.views.decorators.http import require_POST

from selfcare.crud.tables import DENSITIES, PAGE_SIZES, one_of
from selfcare.models import Preference, User
from selfcare.pages.signing_in import is_own_address


def back_to(request: HttpRequest, *, query: dict[str, str | None] | None = None) -> HttpResponse:
    """To where the form was, on this host only, with `query` changed in the address (None removes)."""
    here = request.POST.get("next", "")
    if not is_own_address(here):
        here = "/"
    path, _, asked = here.partition("?")
    kept = [part for part in asked.split("&") if part and part.partition("=")[0] not in (query or {})]
    kept += [f"{name}={value}" for name, value in (query or {}).items() if value is not None]
    return HttpResponseRedirect(path + ("?" + "&".join(kept) if kept else ""))


def is_name(text: str) -> bool:
    """Whether `text` may be the name of a table or a column."""
    return text.isidentifier() and len(text) <= 40


@require_POST
def keep_table(request: HttpRequest, name: str) -> HttpResponse:
    """Keeps how this user wants to see a table: columns, page size, order, height of the rows."""
    if not is_name(name):
        return HttpResponseBadRequest()
    columns = [column for column in request.POST.getlist("column") if is_name(column)][:40]
    sort = request.POST.get("sort", "")
    chosen: dict[str, Any] = {}
    if columns:
        chosen["columns"] = columns
    if is_name(sort.removeprefix("-")):
        chosen["sort"] = sort
    if per_page := one_of(PAGE_SIZES, request.POST.get("per_page")):
        chosen["per_page"] = per_page
    if request.POST.get("density") in DENSITIES:
        chosen["density"] = request.POST["density"]
    Preference.remember(request.user, f"table:{name}", Preference.recall(request.user, f"table:{name}") | chosen)
    address = {key: ",".join(value) if key == "columns" else str(value) for key, value in chosen.items()}
    return back_to(request, query={**address, "page": None, "cursor": None})


@require_POST
def keep_preference(request: HttpRequest) -> HttpResponse:
    """Keeps theme and language of this user."""
    user, theme, language = request.user, request.POST.get("theme"), request.POST.get("language")
    if theme in User.Theme.values:
        user.theme = theme
    if language in dict(settings.LANGUAGES):
        user.language = language
    user.save(update_fields=["theme", "language"])
    return back_to(request)
