"""Every part of the administration opens, searches, and asks the database no more for three rows than for one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import BillingTrouble, DunningStep, DunningTaken, InvoiceCounter, Service, SpendPolicy, XdrKey
from centrex.models import BarringClass, CalledCountries, FeatureSetting, ForwardNumber, Menu
from selfcare.models import AuditEvent, Brand, CustomerClass, OutgoingMail, Preference
from tests import factories
from tests.factories import (
    AccountFactory,
    CategoryFactory,
    CustomerFactory,
    MessageFactory,
    UserFactory,
)

OURS = ("selfcare", "centrex", "billing", "tickets")
MODELS = sorted(
    model._meta.label_lower for model in admin.site._registry if model._meta.app_label in OURS
)  # the registry is filled when Django starts
# Seen on the page of what they belong to; daily totals have a key of four columns, which the admin cannot open.
ELSEWHERE = {
    "billing.callplace",
    "billing.allocation",
    "billing.discountstep",
    "billing.discountusage",
    "billing.invoicecover",
    "billing.invoiceline",
    "billing.ratedeck",
    "billing.rateterms",
    "billing.spendreader",
    "billing.xdrday",
    "centrex.huntgroupmember",
    "centrex.includedhuntgroup",
    "centrex.menuchoice",
    "centrex.scheduleday",
    "centrex.sheetupload",
    "selfcare.mailattachment",
    "tickets.attachment",
    "tickets.message",
}


def customer(number: int) -> Any:
    main = CustomerFactory()
    return CustomerFactory(main_office=main, customer_class=CustomerClass.objects.create(name=f"Class {number}"))


def mail(number: int) -> Any:
    return OutgoingMail.objects.create(
        key=str(number), to=["a@example.com"], subject="Hello", body="Text", customer=CustomerFactory()
    )


def menu(number: int) -> Any:
    line = factories.LineFactory()
    return Menu.objects.create(customer=line.customer, line=line, name=f"Menu {number}")


def dunning_taken() -> DunningTaken:
    invoice = factories.InvoiceFactory()
    return DunningTaken.objects.create(
        customer=invoice.customer,
        invoice=invoice,
        days=3,
        act="remind",
        least=1,
        fee=0,
        amount=5,
        taken_at=timezone.now(),
    )


MAKE: dict[str, Callable[[int], Any]] = {
    "billing.account": lambda n: AccountFactory(tariff=factories.TariffFactory()),
    "billing.autocharge": lambda n: factories.AutoChargeFactory(),
    "billing.autopay": lambda n: factories.AutoPayFactory(),
    "billing.customerdiscount": lambda n: factories.CustomerDiscountFactory(),
    "billing.destinationgroup": lambda n: factories.DestinationGroupFactory(),
    "billing.difference": lambda n: factories.DifferenceFactory(),
    "billing.discountplan": lambda n: factories.DiscountPlanFactory(),
    "billing.billingtrouble": lambda n: BillingTrouble.objects.create(
        customer=CustomerFactory(), since=timezone.now(), tried_at=timezone.now(), error="x"
    ),
    "billing.dunningstep": lambda n: DunningStep.objects.create(days=n, act="remind"),
    "billing.dunningtaken": lambda n: dunning_taken(),
    "billing.invoice": lambda n: factories.InvoiceFactory(),
    "billing.invoicecounter": lambda n: InvoiceCounter.objects.create(name=f"counter {n}"),
    "billing.offeredmethod": lambda n: factories.OfferedMethodFactory(
        customer_class=CustomerClass.objects.create(name=f"Class {n}")
    ),
    "billing.methodsetup": lambda n: factories.MethodSetupFactory(),
    "billing.payment": lambda n: factories.PaymentFactory(),
    "billing.providercustomer": lambda n: factories.ProviderCustomerFactory(),
    "billing.rate": lambda n: factories.RateFactory(),
    "billing.refund": lambda n: factories.RefundFactory(),
    "billing.service": lambda n: factories.ServiceFactory(id=100 + n),
    "billing.linelimit": lambda n: factories.LineLimitFactory(),
    "billing.spendlimits": lambda n: factories.SpendLimitsFactory(),
    "billing.spendnotice": lambda n: factories.SpendNoticeFactory(line=factories.LineFactory()),
    "billing.spendpolicy": lambda n: SpendPolicy.objects.create(
        customer_class=CustomerClass.objects.create(name=f"Class {n}")
    ),
    "billing.storedmethod": lambda n: factories.StoredMethodFactory(),
    "billing.statisticsent": lambda n: factories.StatisticSentFactory(),
    "billing.subscriptionplan": lambda n: factories.SubscriptionPlanFactory(),
    "billing.subscription": lambda n: factories.SubscriptionFactory(),
    "billing.tariff": lambda n: factories.TariffFactory(),
    "billing.webhookevent": lambda n: factories.WebhookEventFactory(),
    "billing.xdr": lambda n: factories.XdrFactory(customer=factories.CustomerFactory(company_name=f"Ledger {n}")),
    "billing.xdrkey": lambda n: XdrKey.objects.create(external_id=f"key {n}"),
    "centrex.abbreviatednumber": lambda n: factories.AbbreviatedNumberFactory(),
    "centrex.calledcountries": lambda n: CalledCountries.objects.create(customer=CustomerFactory()),
    "centrex.disaguard": lambda n: factories.DisaGuardFactory(),
    "centrex.emergencyaddress": lambda n: factories.EmergencyAddressFactory(),
    "centrex.newdestination": lambda n: factories.NewDestinationFactory(made_by=UserFactory()),
    "centrex.barringclass": lambda n: BarringClass.objects.create(name=f"Class {n}", patterns="1900%"),
    "centrex.batch": lambda n: factories.BatchFactory(),
    "centrex.blockedcaller": lambda n: factories.BlockedCallerFactory(),
    "centrex.healthdismissal": lambda n: factories.HealthDismissalFactory(),
    "centrex.boxmessage": lambda n: factories.BoxMessageFactory(),
    "centrex.callqueue": lambda n: factories.CallQueueFactory(),
    "centrex.callrecording": lambda n: factories.CallRecordingFactory(),
    "centrex.companysettings": lambda n: factories.CustomerFactory().company_settings,
    "centrex.dialingrules": lambda n: factories.DialingRulesFactory(),
    "centrex.dialcode": lambda n: factories.DialCodeFactory(),
    "centrex.did": lambda n: factories.DidFactory(),
    "centrex.extension": lambda n: factories.ExtensionFactory(line=factories.LineFactory()),
    "centrex.featuresetting": lambda n: FeatureSetting.objects.create(customer=CustomerFactory(), name="answering"),
    "centrex.huntgroup": lambda n: factories.HuntgroupMemberFactory().huntgroup,
    "centrex.line": lambda n: factories.LineFactory(batch=factories.BatchFactory()),
    "centrex.linelogin": lambda n: factories.LineLoginFactory(),
    "centrex.sipcredential": lambda n: factories.SipCredentialFactory(),
    "centrex.phonemodel": lambda n: factories.PhoneModelFactory(),
    "billing.xdrreport": lambda n: factories.XdrReportFactory(),
    "centrex.sipproxy": lambda n: factories.SipProxyFactory(),
    "centrex.site": lambda n: factories.SiteFactory(),
    "centrex.sound": lambda n: factories.SoundFactory(),
    "centrex.numberfilter": lambda n: factories.NumberFilterFactory(),
    "centrex.schedule": lambda n: factories.ScheduleFactory(),
    "centrex.screeningrule": lambda n: factories.ScreeningRuleFactory(),
    "centrex.forwardnumber": lambda n: ForwardNumber.objects.create(
        line=factories.LineFactory(), position=n, number="19175550123"
    ),
    "centrex.plannedchange": lambda n: factories.PlannedChangeFactory(planned_by=UserFactory()),
    "centrex.menu": lambda n: menu(n),
    "selfcare.auditevent": lambda n: AuditEvent.write(user=UserFactory(), action="edit", record=CustomerFactory()),
    "selfcare.brand": lambda n: Brand.objects.get_or_create(defaults={"name": "Northwind Telecom"})[0],
    "selfcare.customer": customer,
    "selfcare.customerclass": lambda n: CustomerClass.objects.create(name=f"Class {n}"),
    "selfcare.outgoingmail": mail,
    "selfcare.outgoingsms": lambda n: factories.OutgoingSmsFactory(customer=CustomerFactory()),
    "selfcare.preference": lambda n: Preference.objects.create(user=UserFactory(), name="table:lines"),
    "selfcare.user": lambda n: UserFactory(),
    "tickets.category": lambda n: CategoryFactory(),
    "tickets.ticket": lambda n: MessageFactory().ticket,
}
# The ledger shows nothing until a customer is named.
QUERY = {"billing.xdr": "?q=Ledger"}


def list_of(model: str) -> str:
    return reverse(f"admin:{model.replace('.', '_')}_changelist") + QUERY.get(model, "")


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_every_model_is_in_the_administration_or_named_as_elsewhere():
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    # What rows were is seen in the history of the row.
    all_models = {model._meta.label_lower for model in models if not hasattr(model, "pgh_tracked_model")}
    assert set(MODELS) | ELSEWHERE == all_models
    assert set(MODELS) == set(MAKE)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_a_list_asks_as_often_for_three_rows_as_for_one(as_dora, model):
    MAKE[model](1)
    as_dora.get(list_of(model))
    one = queries(as_dora, list_of(model))
    MAKE[model](2)
    MAKE[model](3)
    assert queries(as_dora, list_of(model)) == one


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_every_row_opens_and_every_list_searches(as_dora, model):
    row = MAKE[model](1)
    name = model.replace(".", "_")
    assert as_dora.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200
    for text in ("x", "17", "+1 212", "%", "“"):
        assert as_dora.get(reverse(f"admin:{name}_changelist"), {"q": text}).status_code == 200
    assert as_dora.get(reverse(f"admin:{name}_add")).status_code in {200, 403}


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_customers_are_kept_out(as_alice, client, model):
    for address in (list_of(model), reverse(f"admin:{model.replace('.', '_')}_add")):
        assert as_alice.get(address).status_code in {302, 403}
        assert as_alice.get(address, follow=True).status_code == 403
        assert client.get(address).status_code == 302


KEPT_AS_THEY_ARE = [
    "billing.invoice",
    "billing.invoicecounter",
    "billing.payment",
    "billing.spendnotice",
    "billing.statisticsent",
    "billing.subscription",
    "billing.webhookevent",
    "billing.xdr",
    "billing.xdrkey",
    "centrex.boxmessage",
    "centrex.callrecording",
    "centrex.dialcode",
    "selfcare.auditevent",
    "selfcare.outgoingmail",
]


@pytest.mark.django_db
@pytest.mark.parametrize("model", KEPT_AS_THEY_ARE)
def test_nobody_adds_changes_or_deletes_a_record_of_fact(as_dora, model):
    row = MAKE[model](1)
    name = model.replace(".", "_")
    assert as_dora.post(reverse(f"admin:{name}_add"), {}).status_code == 403
    assert as_dora.post(reverse(f"admin:{name}_change", args=[row.pk]), {}).status_code == 403
    assert as_dora.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    as_dora.post(list_of(model), chosen)
    assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.django_db
def test_services_keep_their_numbers(as_dora):
    service = factories.ServiceFactory(id=Service.CALLS)
    as_dora.post(
        reverse("admin:billing_service_change", args=[service.pk]), {"name": "Calls", "id": 77, "unit": "none"}
    )
    service.refresh_from_db()
    assert (service.pk, service.name, service.unit) == (Service.CALLS, "Calls", Service.Unit.SECONDS)
