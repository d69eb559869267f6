"""A customer with a tariff, and call files for him."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from billing.models import Account, Rate, Tariff
from tests.factories import CustomerFactory

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
HEADER = "external_id,account,started_at,seconds,cli,cld,cause,service,amount,currency\n"


def give_tariff(customer, *, prices: dict[str, str], name: str = "Standard", on_net: str = "0") -> Tariff:
    """A tariff in the customer's currency, per minute begun, with a price for each prefix."""
    tariff = Tariff.objects.create(name=name, currency=customer.currency, on_net_price=Decimal(on_net))
    Rate.objects.bulk_create(
        Rate(
            tariff=tariff,
            prefix=prefix,
            destination=f"To {prefix}",
            price_first=Decimal(price),
            price_next=Decimal(price),
        )
        for prefix, price in prices.items()
    )
    Account.objects.update_or_create(customer=customer, defaults={"tariff": tariff})
    return tariff


def german_customer(**prices: str):
    """A customer in Berlin with a tariff; without `prices` landlines of Berlin cost 6 cents a minute."""
    customer = CustomerFactory(country="DE", time_zone="Europe/Berlin", currency="EUR")
    give_tariff(
        customer,
        name=f"Tariff of {customer.company_name}",
        prices={key.strip("p"): price for key, price in prices.items()} or {"4930": "0.06"},
    )
    return customer


def portal_file(path, count: int, *, start: datetime = NOW - timedelta(days=50), seconds: int = 61):
    """A file in the portal's format: `count` calls to Berlin, one a minute."""
    lines = (
        f"c-{n},101,{(start + timedelta(minutes=n)).isoformat()},{seconds},,+49304004{n % 1000:03},NORMAL_CLEARING,,,\n"
        for n in range(count)
    )
    path.write_text(HEADER + "".join(lines))
    return path
