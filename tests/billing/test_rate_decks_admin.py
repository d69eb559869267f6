"""Staff import a price list: nothing changes before it was seen, and then all of it or nothing."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from billing.models import Rate, RateDeck
from selfcare.models import AuditEvent
from tests.factories import RateFactory, TariffFactory, UserFactory
from tests.people import signed_in

DAY = datetime(2030, 3, 1, tzinfo=UTC)
LIST = "prefix,destination,price\n49,Germany,0.06\n33,France,0.03\n7,Russia,0.20\n"
pytestmark = pytest.mark.django_db


@pytest.fixture
def tariff():
    tariff = TariffFactory(name="Standard", currency="EUR")
    prices = {"49": ("Germany", "0.05"), "33": ("France", "0.06"), "1": ("USA", "0.01")}
    for prefix, (destination, price) in prices.items():
        RateFactory(
            tariff=tariff,
            prefix=prefix,
            destination=destination,
            price_first=Decimal(price),
            price_next=Decimal(price),
            country={"49": "DE", "33": "FR", "1": ""}[prefix],
        )
    return tariff


def upload_page(tariff) -> str:
    return reverse("admin:billing_tariff_deck", args=[tariff.pk])


def check_page(deck) -> str:
    return reverse("admin:billing_ratedeck_apply", args=[deck.pk])


def upload(client, tariff, content=LIST, *, name="march.csv", day="2030-03-01"):
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    return client.post(upload_page(tariff), {"file": file, "effective": day}, follow=True)


def apply(client, page, **said):
    return client.post(check_page(RateDeck.objects.get()), {"seen": page.context["changes"].digest} | said, follow=True)


def spans(tariff):
    return set(tariff.rates.values_list("prefix", "price_next", "effective_from", "effective_to"))


def test_the_difference_is_seen_first_and_then_applied(as_dora, dora, tariff):
    before = spans(tariff)
    page = upload(as_dora, tariff)
    words = page.content.decode()
    for part in ("Raised: 1", "Lowered: 1", "New: 1", "Ended: 1", "+20.0", "-50.0", "No price has changed yet"):
        assert part in words
    assert spans(tariff) == before
    done = apply(as_dora, page)
    assert "1 prices are new, 2 changed, 1 ended" in done.content.decode()
    old = next(iter(before))[2]
    assert spans(tariff) == {
        ("49", Decimal("0.05"), old, DAY), ("49", Decimal("0.06"), DAY, None),
        ("33", Decimal("0.06"), old, DAY), ("33", Decimal("0.03"), DAY, None),
        ("7", Decimal("0.20"), DAY, None), ("1", Decimal("0.01"), old, DAY),
    }  # fmt: skip
    event = AuditEvent.objects.get(action="import rates")
    assert (event.user, event.record_name) == (dora, "Standard")
    assert event.changes["File"] == ["", "march.csv"]
    assert not RateDeck.objects.exists()


def test_rejected_rows_are_listed_and_must_be_left_out_knowingly(as_dora, tariff):
    page = upload(as_dora, tariff, LIST + "44x,England,0.02\n")
    words = page.content.decode()
    assert "is no prefix" in words
    assert "Rejected: 1" in words
    refused = apply(as_dora, page)
    assert "Some rows were rejected" in refused.content.decode()
    assert not tariff.rates.filter(prefix="7").exists()
    apply(as_dora, refused, without_rejected="on")
    assert tariff.rates.filter(prefix="7").exists()
    assert tariff.rates.get(prefix="1").effective_to is None, "what the list does not name is kept"


def test_a_difference_that_has_moved_on_is_shown_again(as_dora, tariff):
    page = upload(as_dora, tariff)
    Rate.objects.filter(prefix="33").update(price_next=Decimal("0.01"), price_first=Decimal("0.01"))
    again = apply(as_dora, page)
    assert "have changed meanwhile" in again.content.decode()
    assert "Raised: 2" in again.content.decode()
    assert not tariff.rates.filter(prefix="7").exists()
    apply(as_dora, again)
    assert tariff.rates.filter(prefix="7").exists()


def test_the_whole_difference_is_a_csv(as_dora, tariff):
    upload(as_dora, tariff, LIST + "44x,=HYPERLINK(1),0.02\n")
    answer = as_dora.get(check_page(RateDeck.objects.get()), {"format": "csv"})
    rows = list(csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert {(row["change"], row["prefix"], row["percent"]) for row in rows} == {
        ("raised", "49", "20.0"), ("lowered", "33", "-50.0"), ("new", "7", ""), ("rejected", "", ""),
    }  # fmt: skip
    (rejected,) = [row for row in rows if row["change"] == "rejected"]
    assert (rejected["line"], rejected["destination"][:1]) == ("5", "4")


def test_the_days_of_a_list_are_of_the_tariffs_clock(as_dora, tariff):
    tariff.time_zone = "Europe/Berlin"
    tariff.save()
    book = Workbook()
    for row in (("Prefix", "Price", "Effective from"), ("49", 0.07, "2030-05-01"), ("33", 0.07, None)):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    apply(as_dora, upload(as_dora, tariff, content.getvalue(), name="list.xlsx", day="2030-06-01"))
    starts = dict(tariff.rates.filter(price_next=Decimal("0.07")).values_list("prefix", "effective_from"))
    assert starts == {"49": datetime(2030, 4, 30, 22, tzinfo=UTC), "33": datetime(2030, 5, 31, 22, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0 an old workbook", "old Excel"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"a\0b", "neither CSV"),
        (b"name\nGermany\n", "No header row"),
        (b"prefix,price\n49,free\n", "No price was found"),
        (b"", "file"),
    ],
)
def test_what_is_no_price_list_is_refused_at_its_field(as_dora, tariff, content, words):
    page = upload(as_dora, tariff, content)
    assert words in str(page.context["form"].errors["file"])
    assert not RateDeck.objects.exists()


@pytest.mark.parametrize("day", ["", "1999-12-31", "2100-01-01", "x"])
def test_an_odd_day_is_refused(as_dora, tariff, day):
    assert upload(as_dora, tariff, day=day).context["form"].errors["effective"]


def test_a_deck_is_its_uploaders_own_and_goes_after_a_day(as_dora, dora, tariff):
    other = UserFactory(customer=None, is_staff=True, is_superuser=True)
    upload(signed_in(other), tariff)
    foreign = RateDeck.objects.get()
    for method in ("get", "post"):
        assert getattr(as_dora, method)(check_page(foreign)).status_code == 404
    RateDeck.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    upload(as_dora, tariff)
    upload(as_dora, tariff)
    assert RateDeck.objects.get().user == dora


def test_it_needs_the_right_to_change_rates(as_alice, client, tariff, as_dora):
    clerk = UserFactory(customer=None, is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename="view_rate"))
    upload(signed_in(clerk), tariff)
    assert not RateDeck.objects.exists()
    assert signed_in(clerk).get(upload_page(tariff)).status_code == 403
    assert client.get(upload_page(tariff)).status_code == 302
    assert as_alice.get(upload_page(tariff), follow=True).status_code == 403
    page = as_dora.get(reverse("admin:billing_tariff_change", args=[tariff.pk])).content.decode()
    assert upload_page(tariff) in page
    assert reverse("admin:billing_tariff_try", args=[tariff.pk]) in page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_fifty_thousand_prefixes_take_seconds(as_dora, tariff):
    rows = "".join(f"{prefix},Place {prefix},0.0{prefix % 9 + 1}\n" for prefix in range(200_000, 250_000))
    begun = timezone.now()
    page = upload(as_dora, tariff, f"prefix,destination,price\n{rows}")
    assert "New: 50,000" in page.content.decode()
    apply(as_dora, page)
    assert tariff.rates.filter(effective_to=None).count() == 50_000
    assert timezone.now() - begun < timedelta(seconds=60)
