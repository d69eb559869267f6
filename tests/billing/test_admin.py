"""The ledger in the administration: bounded, and never changed."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.admin.ledger import XdrAdmin
from selfcare.admin.parts import CappedPaginator
from tests.factories import RateFactory, TariffFactory, XdrFactory

LEDGER = reverse("admin:billing_xdr_changelist")


def ids(response) -> list[str]:
    return [row.external_id for row in response.context["cl"].result_list]


@pytest.fixture
def rows(easycall, lotus):
    old = timezone.now() - timedelta(days=60)
    XdrFactory(customer=easycall, external_id="new")
    XdrFactory(customer=easycall, external_id="old", started_at=old)
    XdrFactory(customer=lotus, external_id="foreign")


def test_the_ledger_is_empty_until_a_customer_is_named(as_dora, rows, easycall):
    assert ids(as_dora.get(LEDGER)) == []
    assert ids(as_dora.get(LEDGER, {"customer__id__exact": easycall.pk})) == ["new"]
    assert ids(as_dora.get(LEDGER, {"q": "easycall"})) == ["new"]
    assert ids(as_dora.get(LEDGER, {"q": str(easycall.pk)})) == ["new"]
    assert ids(as_dora.get(LEDGER, {"q": "easycall", "days": "92"})) == ["new", "old"]
    assert ids(as_dora.get(LEDGER, {"q": "easycall", "days": "1000000"})) == ["new"]


def test_the_ledger_is_neither_counted_nor_walked_through(as_dora, rows, easycall):
    with CaptureQueriesContext(connection) as captured:
        as_dora.get(LEDGER, {"customer__id__exact": easycall.pk, "o": "2.3"})
    asked = [query["sql"] for query in captured if 'FROM "billing_xdr"' in query["sql"]]
    assert asked
    for sql in asked:
        assert '"started_at" >=' in sql
        assert '"started_at" <' in sql
        assert '"customer_id" =' in sql
        assert "COUNT(" not in sql or f"LIMIT {CappedPaginator.CAP}" in sql
        assert not re.search(r"OFFSET [1-9]", sql)
    assert 'ORDER BY "billing_xdr"."started_at" DESC, "billing_xdr"."id" DESC' in asked[-1]


def test_the_pages_end_at_the_cap(as_dora, easycall, monkeypatch):
    monkeypatch.setattr(CappedPaginator, "CAP", 3)
    monkeypatch.setattr(XdrAdmin, "list_per_page", 2)
    for _ in range(5):
        XdrFactory(customer=easycall)
    changes = as_dora.get(LEDGER, {"customer__id__exact": easycall.pk}).context["cl"]
    assert changes.result_count == 3
    assert as_dora.get(LEDGER, {"customer__id__exact": easycall.pk, "p": "99"}).status_code == 302


def test_a_tariff_leads_to_its_rates_without_listing_them(as_dora):
    tariff = TariffFactory()
    rates = [RateFactory(tariff=tariff) for _ in range(3)]
    RateFactory()
    with CaptureQueriesContext(connection) as captured:
        page = as_dora.get(reverse("admin:billing_tariff_change", args=[tariff.pk])).content.decode()
    assert not [query for query in captured if '"billing_rate"' in query["sql"]]
    address = f"{reverse('admin:billing_rate_changelist')}?tariff__id__exact={tariff.pk}"
    assert address in page
    assert set(as_dora.get(address).context["cl"].result_list) == set(rates)
    assert as_dora.post(reverse("admin:billing_tariff_delete", args=[tariff.pk]), {"post": "yes"}).status_code == 403
