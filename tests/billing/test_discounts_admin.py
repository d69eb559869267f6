"""Staff's forms for discounts: minutes, and no nonsense."""

from decimal import Decimal

import pytest
from django.urls import reverse

from billing.models import CustomerDiscount, DestinationGroup, DiscountPlan, DiscountUsage, Service
from tests.billing.operations.test_rating import give_discount
from tests.billing.priced import NOW

pytestmark = pytest.mark.django_db


def errors(answer) -> str:
    assert answer.status_code == 200, "it was taken"
    return answer.content.decode()


def plan_form(*steps, plan=None, **said) -> dict[str, object]:
    """The plan's page filled in; the steps of a saved plan come first."""
    old = list(plan.steps.all()) if plan else []
    form = {
        "name": "Hundred", "service": Service.CALLS, "peak_level": "any", "measure": "volume", "currency": "",
        "reset": "monthly", "precedence": "10", "combination": "exclusive", "notify_percent": "",
        "steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": len(old), "steps-MIN_NUM_FORMS": 0,
        "steps-MAX_NUM_FORMS": 100,
    }  # fmt: skip
    for number, (upto, percent) in enumerate(steps):
        form |= {f"steps-{number}-upto": upto, f"steps-{number}-percent": percent}
        if plan:
            form |= {f"steps-{number}-plan": plan.pk}
        if number < len(old):
            form |= {f"steps-{number}-id": old[number].pk}
    return form | said


ADD_PLAN = "admin:billing_discountplan_add"


def edges(plan):
    return list(plan.steps.values_list("upto", "percent"))


def test_steps_are_entered_in_minutes_and_changed_all_at_once(as_dora):
    as_dora.post(reverse(ADD_PLAN), plan_form(("100", "100"), ("200", "50"), ("", "10")))
    plan = DiscountPlan.objects.get()
    assert edges(plan) == [(6000, 100), (12000, 50), (None, 10)]
    change = reverse("admin:billing_discountplan_change", args=[plan.pk])
    assert 'value="100"' in as_dora.get(change).content.decode()
    # Each step takes the place of the next.
    as_dora.post(change, plan_form(("200", "100"), ("300.5", "50"), ("", "10"), plan=plan))
    assert edges(plan) == [(12000, 100), (18030, 50), (None, 10)]


def test_steps_in_money_are_kept_as_they_are(as_dora):
    as_dora.post(reverse(ADD_PLAN), plan_form(("12.50", "100"), measure="money", currency="EUR"))
    assert edges(DiscountPlan.objects.get()) == [(Decimal("12.5"), 100)]


@pytest.mark.parametrize(
    ("steps", "said", "words"),
    [
        ([], {}, "A plan needs at least one step"),
        ([("100", "0")], {}, "No step has a discount"),
        ([("100", "50"), ("100", "20")], {}, "Two steps end at the same volume"),
        ([("", "50"), ("", "20")], {}, "Two steps end at the same volume"),
        ([("0", "50")], {}, "A step has more than 0"),
        ([("10", "101")], {}, "less than or equal to 100"),
        ([("10", "50")], {"measure": "money"}, "Thresholds in money need a currency"),
        ([("10", "50")], {"currency": "EUR"}, "the thresholds count volume, not money"),
        ([("10", "50")], {"reset": "never", "roll_over": "on"}, "nothing rolls over"),
        ([("10", "50")], {"service": Service.PAYMENTS}, "for calls, messages and data"),
        ([("10", "50")], {"notify_percent": "100"}, "less than or equal to 99"),
    ],
)
def test_nonsense_is_refused_in_words(as_dora, steps, said, words):
    assert words in errors(as_dora.post(reverse(ADD_PLAN), plan_form(*steps, **said)))
    assert not DiscountPlan.objects.exists()


def test_what_customers_counters_count_stays_the_same(as_dora, easycall):
    plan = give_discount(easycall, [(6000, 100)], name="Hundred").plan
    change = reverse("admin:billing_discountplan_change", args=[plan.pk])
    said = plan_form(("100", "100"), plan=plan, reset="daily")
    assert "Customers have this plan already" in errors(as_dora.post(change, said))
    assert as_dora.post(change, said | {"reset": "monthly", "precedence": "11"}).status_code == 302


def test_prefixes_are_read_as_people_write_them(as_dora):
    add = reverse("admin:billing_destinationgroup_add")
    as_dora.post(add, {"name": "Europe", "prefixes": "+49, 44;33\n49"})
    assert DestinationGroup.objects.get().prefixes == ["33", "44", "49"]
    assert "digits only" in errors(as_dora.post(add, {"name": "Mars", "prefixes": "49 x"}))
    assert "required" in errors(as_dora.post(add, {"name": "Mars", "prefixes": " , "}))


def give_form(customer, plan, **said) -> dict[str, object]:
    form = {
        "customer": customer.pk, "plan": plan.pk, "is_direct": "on",
        "starts_at_0": "2026-11-01", "starts_at_1": "00:00", "ends_at_0": "", "ends_at_1": "",
        "usage-TOTAL_FORMS": 0, "usage-INITIAL_FORMS": 0,
    }  # fmt: skip
    return form | said


def test_a_plan_is_given_once_at_a_time_and_in_the_customers_currency(as_dora, easycall, lotus):
    plan = give_discount(lotus, [(60, 100)]).plan
    add = reverse("admin:billing_customerdiscount_add")
    until = {"ends_at_0": "2026-12-01", "ends_at_1": "00:00"}
    assert as_dora.post(add, give_form(easycall, plan, **until)).status_code == 302
    inside = give_form(easycall, plan, starts_at_0="2026-11-15")
    assert "in that time already" in errors(as_dora.post(add, inside))
    assert as_dora.post(add, give_form(easycall, plan, starts_at_0="2026-12-01")).status_code == 302
    backwards = give_form(easycall, plan, starts_at_0="2025-11-15", ends_at_0="2025-11-14", ends_at_1="00:00")
    assert "must end after it starts" in errors(as_dora.post(add, backwards))
    plan.measure, plan.currency = "money", "CHF"
    plan.save()
    assert "The plan counts CHF" in errors(as_dora.post(add, give_form(easycall, plan, starts_at_0="2020-01-01")))
    assert CustomerDiscount.objects.filter(customer=easycall).count() == 2


def test_what_is_used_is_ended_not_deleted(as_dora, easycall):
    discount = give_discount(easycall, [(60, 100)])
    DiscountUsage.objects.create(discount=discount, period_start=NOW, used=5)
    delete = reverse("admin:billing_customerdiscount_delete", args=[discount.pk])
    assert as_dora.post(delete, {"post": "yes"}).status_code == 403
    many = {"action": "delete_selected", "_selected_action": [discount.pk], "post": "yes"}
    as_dora.post(reverse("admin:billing_customerdiscount_changelist"), many)
    assert CustomerDiscount.objects.filter(pk=discount.pk).exists()
