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
}

# What the user of one phone line may, by the url name of each address, so that a new page is closed to him until it
# stands here. He sets what happens to his own calls; what costs the company money or opens its door stays with it.
LINE_USER_MAY: dict[str, frozenset[str]] = {
    "dashboard": READ,
    "preference": WRITE,
    "table-preference": WRITE,
    "account_change_password": WRITE,
    "account_logout": WRITE,
    "usersessions_list": WRITE,
    "centrex:line": READ,
    "centrex:line-numbers": READ,
    "centrex:line-dialing": READ,
    "centrex:line-incoming": WRITE,
    "centrex:line-forwarding": WRITE,
    "centrex:line-screening": WRITE,
    "centrex:rule-add": WRITE,
    "centrex:rule-edit": WRITE,
    "centrex:rule-delete": WRITE,
    "centrex:line-recording": READ,
    "centrex:line-voicemail": WRITE,
    "centrex:line-faxes": WRITE,
    "centrex:messages-mark": WRITE,
    "centrex:messages-delete": WRITE,
    "centrex:message": READ,
    "centrex:message-file": READ,
    "centrex:line-barring": READ,
    "centrex:line-emergency": READ,
    "centrex:line-identity": WRITE,
    "centrex:line-music": READ,
    "centrex:line-limits": READ,
    "centrex:sound": READ,
    "centrex:default-tune": READ,
    "centrex:calls": READ,
    "centrex:call": READ,
    "centrex:recording": READ,
}
# Fields on these pages that he may not change: whose number and name others see is the company's to say.
FIXED_FOR_LINE_USER = {"centrex:line-identity": frozenset({"number", "name"})}

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
    own = {name.removeprefix(f"{page}.") for name in names if name.startswith(f"{page}.")}
    return own | FIXED_FOR_LINE_USER.get(right_of(request, page), frozenset())


def right_of(request: PortalRequest, page: str) -> str:
    """What to ask for at the address of this request, which belongs to `page`: a line's user has parts of it."""
    return request.resolver_match.view_name if request.user.is_line_user and request.resolver_match else page


def may_here(request: PortalRequest, act: str, page: str) -> bool:
    """Whether this request's user may do so at the address of the request, which belongs to `page`."""
    return may(request, act, right_of(request, page))


def may(request: PortalRequest, act: str, page: str) -> bool:
    """Whether this request's user may view or change `page`; staff viewing as a customer may only look."""
    if request.viewing_as:
        return act == VIEW
    if request.user.is_line_user:
        return act in LINE_USER_MAY.get(page, frozenset())
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
    if not may_here(request, act, page):
        if may_here(request, VIEW, page) and is_kept_elsewhere(request, page):
            raise PermissionDenied(_("Your main office keeps this; you can look at it here."))
        raise PermissionDenied(
            _("Your login may look at this, but not change it.")
            if may_here(request, VIEW, page)
            else _("Your login has no access to this page.")
        )
