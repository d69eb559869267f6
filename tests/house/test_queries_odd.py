"""Whatever stands in an address: no list breaks, nobody is led away, and a missing record looks like a foreign one."""

from uuid import uuid4

import pytest
from django.urls import reverse

from selfcare.crud.views import ListPage
from tests.factories import ExtensionFactory, LineFactory, PaymentFactory, TicketFactory, XdrFactory
from tests.house.samples import next_invoice
from tests.house.test_security import no_provider, view_class  # noqa: F401 - a fixture
from tests.house.test_urls import ADDRESSES, PLAIN, without_secrets
from tests.rows import contents, read

LISTS = sorted(
    {name for name in PLAIN if view_class(name) and issubclass(view_class(name), ListPage)}
    | {"billing:transactions", "billing:transactions-of", "centrex:calls"}
)
NAMES = ["sort", "page", "per_page", "columns", "cursor", "from_date", "till_date", "first", "last", "service", "show",
         "line", "failed", "number", "recorded", "missed", "hidden",
         "recording", "text", "status", "number", "void", "format", "left", "about", "next"]  # fmt: skip
ODD = ["\0", "a\0", "-1", "0", "1" * 3000, "9" * 19, "1e9", "٣", "²", "①", "' OR '1'='1", "1;DROP TABLE billing_xdr--",
       "number,-name", "-", "--number", "customer__company_name", "customer__users__password", "pk", "id)--", "?",
       "started_at", "-amount", "2026-02-30", "0001-01-01", "9999-12-31",
       "2026-13-01T25:61", "2026-01-01T00:00:00+99:00",
       "WyJhZnRlciJd", "WyJhZnRlciIsMSwiTmFOIiwiMjAyNi0wMS0wMVQwMDowMDowMCswMDowMCIsMV0", "null", "[]", "{}", "\ud7ff",
       "%", "%s", "_", "\\", "\u202e", "xlsx ", "pdf", "../../etc/passwd", "x" * 3000]  # fmt: skip
EVIL = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://testserver@evil.example",
    " //evil.example",
    "\t//evil.example",
    "/%09/evil.example",
    "//evil%E3%80%82example",
    "/\n/evil.example",
    "evil.example",
    "?next=//evil.example",
    "\x00//evil.example",
    "https://testserver.evil.example/",
    "/[//evil.example",
    "//[",
    ".//evil.example",
    "foo",
]


@pytest.fixture
def rows(easycall, alice):
    """Something on each list."""
    ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall))
    next_invoice(easycall)
    TicketFactory(customer=easycall, requestor=alice)
    XdrFactory(customer=easycall)


def list_address(name: str) -> str:
    return reverse(name, args=[3] if name == "billing:transactions-of" else [])


@pytest.mark.parametrize("name", LISTS)
def test_no_query_breaks_a_list(name, rows, as_alice):
    before = contents()
    for odd in ODD[::2]:
        answers = [as_alice.get(list_address(name), dict.fromkeys(NAMES, odd))]
        answers += [as_alice.get(list_address(name), {key: [odd, odd], "format": "csv"}) for key in ("sort", "text")]
        assert {answer.status_code for answer in answers} <= {200, 302, 400, 404}, odd
        assert all(b"Traceback" not in read(answer) for answer in answers)
    assert contents() == before


@pytest.mark.parametrize("name", LISTS)
def test_no_single_parameter_breaks_a_list(name, rows, as_alice):
    """One after the other, so that a wrong date does not hide what a wrong order would do."""
    for index, key in enumerate(NAMES):
        for step in range(3):
            odd = ODD[(index * 7 + step * 11) % len(ODD)]
            assert as_alice.get(list_address(name), {key: odd}).status_code in {200, 302, 400, 404}, f"{key}={odd}"


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_nobody_is_led_away(evil, alice, as_alice, client):
    posts = {
        "preference": [],
        "table-preference": ["lines"],
        "dashboard-windows": [],
        "view-as-end": [],
        "account_logout": [],
    }
    for name, args in posts.items():
        for address in (reverse(name, args=args), f"{reverse(name, args=args)}?next=x"):
            assert_stays(as_alice.post(address, {"next": evil, "act": "default", "per_page": "25"}))
        as_alice.force_login(alice, backend="selfcare.backends.WithCustomer")
    for address in ("/", "/tickets/add/", "/accounts/login/", "/accounts/password/reset/", "/centrex/lines/"):
        assert_stays(client.get(address, {"next": evil, "return_url": evil, "about": evil}))
    assert_stays(as_alice.get("/accounts/login/", {"next": evil}))


def assert_stays(answer) -> None:
    """The browser is sent to a path of this host, or nowhere."""
    if answer.status_code == 302:
        where = answer["Location"]
        assert where.startswith("/"), where
        assert where[1:2] not in {"/", "\\", "\t"}, where
        assert not {"\r", "\n"} & set(where)
    else:
        assert answer.status_code in {200, 400, 404}


def test_a_foreign_payment_looks_like_a_missing_one(easycall, alice, as_charlie):
    foreign = as_charlie.get(reverse("billing:payment", args=[PaymentFactory(customer=easycall, user=alice).pk]))
    missing = as_charlie.get(reverse("billing:payment", args=[uuid4()]))
    assert foreign.status_code == missing.status_code == 404
    assert without_secrets(foreign.content) == without_secrets(missing.content)


def test_other_forms_of_an_id_are_not_there(as_charlie):
    for odd in ("0", str(2**31), str(2**63), "9" * 40, "-1", "1.5", "x", "%00", "1%27"):
        for path in ("/tickets/{}/", "/billing/invoices/{}/", "/billing/payments/{}/", "/centrex/extensions/{}/edit/",
                     "/billing/transactions/{}/2026-01-01/", "/billing/transactions/1/{}/"):  # fmt: skip
            assert as_charlie.get(path.format(odd)).status_code in {400, 404}, path.format(odd)


def test_the_lists_are_found():
    assert set(LISTS) <= set(ADDRESSES)
    assert {"centrex:lines", "tickets:list", "billing:invoices", "centrex:extensions"} <= set(LISTS)
