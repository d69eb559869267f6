"""The administration as a whole: what is in it, in which order, in whose colours."""

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from selfcare.models import Brand
from tests.factories import PASSWORD, UserFactory
from tests.people import signed_in

OURS = {"selfcare", "centrex", "billing", "tickets"}


def test_of_the_packages_models_staff_see_three(as_dora):
    foreign = {model._meta.label for model in admin.site._registry if model._meta.app_label not in OURS}
    assert foreign == {"auth.Group", "axes.AccessAttempt", "usersessions.UserSession"}
    for name in ("auth_group", "axes_accessattempt", "usersessions_usersession"):
        assert as_dora.get(reverse(f"admin:{name}_changelist")).status_code == 200


def test_the_parts_have_plain_names_in_the_order_of_use(as_dora):
    apps = as_dora.get("/admin/").context["app_list"]
    assert [str(app["name"]) for app in apps] == [
        "Customers",
        "Tickets",
        "Billing",
        "Telephone system",
        "Rights of staff",
        "Signed-in users",
        "Locked logins",
    ]


def test_staff_see_the_parts_that_they_have_rights_in(db):
    clerk = UserFactory(customer=None, is_staff=True)
    clerk.user_permissions.set([Permission.objects.get(codename="view_ticket")])
    page = signed_in(clerk).get("/admin/")
    assert [app["app_label"] for app in page.context["app_list"]] == ["tickets"]


def test_name_and_colour_are_the_brands(as_dora):
    Brand(name="Southwind", colour="#7a1fa2").save()
    page = as_dora.get("/admin/").content.decode()
    assert "Southwind administration" in page
    assert f'href="{reverse("brand-css")}"' in page
    css = as_dora.get(reverse("brand-css")).content.decode()
    assert "--brand-on-light:#7a1fa2" in css
    assert "--brand-on-dark:#" in css


def test_a_locked_login_is_unlocked_by_deleting_its_attempts(as_dora, client, dora):
    door = reverse("account_login")
    for _ in range(5):
        client.post(door, {"login": "dora", "password": "wrong"})
    attempt = AccessAttempt.objects.get(username="dora")
    assert attempt.attempt_time <= timezone.now()
    right = {"login": "dora", "password": PASSWORD}
    assert client.post(door, right).status_code != 302
    as_dora.post(reverse("admin:axes_accessattempt_delete", args=[attempt.pk]), {"post": "yes"})
    assert client.post(door, right).status_code == 302
