"""Who is in the demo: the ITSP, its customers and their users."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from selfcare.models import Brand, Customer, CustomerClass, Role, User

PASSWORD = "selfcare-demo"  # noqa: S105  # printed by `make run`; the command refuses where real customers are


@dataclass(frozen=True, slots=True)
class People:
    """The demo's customers and users by name."""

    easycall: Customer
    berlin: Customer
    lotus: Customer
    alice: User
    bob: User
    berta: User
    lena: User
    charlie: User
    dora: User


def make_people() -> People:
    """Brand, customers and logins."""
    Brand(
        name="Northwind Telecom",
        colour="#0f6b6b",
        address="Northwind Telecom Inc.\n400 Harbor Avenue\nSeattle, WA 98101",
        country="US",
        tax_id="91-1234567",
        registration="Washington UBI 602 345 678",
        support_email="care@northwind.example",
        support_phone="+1 206 555 0100",
        bank_details="Harbor Bank, account 4410 2278, routing 125000024",
        iban="DE89370400440532013000",
        bic="COBADEFFXXX",
    ).save()
    business = CustomerClass.objects.create(name="Business")
    easycall = Customer.objects.create(
        company_name="EasyCall Ltd", customer_class=business, currency="USD", credit_limit=Decimal(5000),
        time_zone="America/New_York", tax_id="13-5550199", tax_rate=Decimal("8.875"), title="Ms", first_name="Alice",
        last_name="Morgan", address_line_1="218 Broadway", address_line_2="Floor 4", city="New York", province="NY",
        postal_code="10007", country="US", contact_person="Alice Morgan", phone="+12125550142", fax="+12125550143",
        alt_phone="+19175550144", email="office@easycall.example",
    )  # fmt: skip
    berlin = Customer.objects.create(
        company_name="EasyCall Berlin", customer_class=business, main_office=easycall, currency="EUR",
        credit_limit=Decimal(1500), time_zone="Europe/Berlin", tax_id="DE136695976", tax_rate=Decimal(19), title="Frau",
        first_name="Berta", last_name="Hoffmann", address_line_1="Torstraße 49", city="Berlin", postal_code="10119",
        country="DE", contact_person="Berta Hoffmann", phone="+493023125010", email="berlin@easycall.example",
    )  # fmt: skip
    lotus = Customer.objects.create(
        company_name="Lotus Clinic", currency="USD", billing=Customer.Billing.DEBIT, time_zone="America/Los_Angeles",
        billing_period=Customer.BillingPeriod.SEMIMONTHLY,
        tax_rate=Decimal("10.25"), first_name="Charlie", last_name="Nguyen", address_line_1="77 Pine Street",
        city="Seattle", province="WA", postal_code="98101", country="US", contact_person="Charlie Nguyen",
        phone="+12065550177", email="frontdesk@lotus.example",
    )  # fmt: skip
    return People(
        easycall=easycall,
        berlin=berlin,
        lotus=lotus,
        alice=login("alice", "Alice Morgan", easycall, Role.OWNER),
        bob=login("bob", "Bob Fields", easycall, Role.READ_ONLY),
        berta=login("berta", "Berta Hoffmann", berlin, Role.OWNER),
        lena=login("lena", "Lena Fischer", easycall, Role.LINE_USER),
        charlie=login("charlie", "Charlie Nguyen", lotus, Role.OWNER),
        dora=login("dora", "Dora Lindqvist", None, Role.READ_ONLY),
    )


def login(username: str, name: str, customer: Customer | None, role: Role) -> User:
    """A user; without a customer it is ITSP staff with all rights."""
    first, last = name.split()
    return User.objects.create_user(
        username,
        f"{username}@{'northwind' if customer is None else 'customers'}.example",
        PASSWORD,
        first_name=first,
        last_name=last,
        customer=customer,
        role=role,
        is_staff=customer is None,
        is_superuser=customer is None,
    )
