"""Who may do what: roles and areas as one table, and the ITSP's switches by customer class.

An area is the first part of a page's name: `centrex:extensions` belongs to `centrex`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from selfcare.models import Role

if TYPE_CHECKING:
    from selfcare.tenancy import PortalRequest

VIEW, CHANGE = "view", "change"
READ, WRITE = frozenset({VIEW}), frozenset({VIEW, CHANGE})

RIGHTS: dict[str, dict[str, frozenset[str]]] = {
    Role.OWNER: dict.fromkeys(["dashboard", "profile", "centrex", "billing", "tickets"], WRITE),
    Role.CENTREX_MANAGER: {"dashboard": READ, "profile": READ, "centrex": WRITE, "tickets": WRITE},
    Role.BILLING_MANAGER: {"dashboard": READ, "profile": READ, "billing": WRITE, "tickets": WRITE},
    Role.READ_ONLY: dict.fromkeys(["dashboard", "profile", "centrex", "billing", "tickets"], READ),
    Role.LINE_USER: {"dashboard": READ, "tickets": WRITE},
}

# What has a place in the number space of all offices: a branch office sees it, only its main office changes it.
KEPT_BY_MAIN_OFFICE = {
    "centrex:abbreviated",
    "centrex:countries",
    "centrex:extensions",
    "centrex:huntgroups",
    "centrex:identity",
    "centrex:incoming",
    "centrex:queues",
}


def is_hidden(request: PortalRequest, page: str) -> bool:
    """Whether the ITSP has switched `page` off for this customer's class."""
    group = request.customer.customer_class if request.customer else None
    return group is not None and page in group.hidden_pages


def is_kept_elsewhere(request: PortalRequest, page: str) -> bool:
    """Whether this customer is a branch office and `page` is its main office's to change."""
    return page in KEPT_BY_MAIN_OFFICE and request.customer is not None and request.customer.is_branch


def read_only_fields(request: PortalRequest, page: str) -> set[str]:
    """The fields of `page` that this customer's class may not change."""
    group = request.customer.customer_class if request.customer else None
    names = group.read_only_fields if group else []
    return {name.removeprefix(f"{page}.") for name in names if name.startswith(f"{page}.")}


def may(request: PortalRequest, act: str, page: str) -> bool:
    """Whether this request's user may view or change `page`; staff viewing as a customer may only look."""
    if request.viewing_as:
        return act == VIEW
    if act == CHANGE and is_kept_elsewhere(request, page):
        return False
    area = page.partition(":")[0]
    return act in RIGHTS.get(request.user.role, {}).get(area, frozenset())


def sees(request: PortalRequest, page: str) -> bool:
    """Whether this request's user would get to see `page`."""
    return may(request, VIEW, page) and not is_hidden(request, page)


def require(request: PortalRequest, act: str, page: str) -> None:
    """404 for a page that is switched off, 403 for what the role may not do."""
    if is_hidden(request, page):
        raise Http404
    if not may(request, act, page):
        if may(request, VIEW, page) and is_kept_elsewhere(request, page):
            raise PermissionDenied(_("Your main office keeps this; you can look at it here."))
        raise PermissionDenied(
            _("Your login may look at this, but not change it.")
            if may(request, VIEW, page)
            else _("Your login has no access to this page.")
        )
