"""The outbox, the trail and the brand in the administration."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from selfcare import mail
from selfcare.models import Brand, OutgoingMail
from tests.factories import UserFactory

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MAILS = reverse("admin:selfcare_outgoingmail_changelist")


def put(key: str, **changes: object) -> OutgoingMail:
    mail.put(to=["alice@example.com"], subject=f"Subject {key}", body=f"Body of {key}", key=key)
    OutgoingMail.objects.filter(key=key).update(**changes)
    return OutgoingMail.objects.get(key=key)


def test_a_mail_that_was_given_up_is_sent_again_a_sent_one_is_not(as_dora, mailoutbox):
    lost, sent = put("lost", tries=mail.MAX_TRIES, next_try_at=NOW), put("sent", sent_at=NOW, tries=1)
    assert mail.send_due(now=NOW, limit=10) == 0
    chosen = {"action": "send_again", "_selected_action": [lost.pk, sent.pk]}
    assert "1 mail will be sent again" in as_dora.post(MAILS, chosen, follow=True).content.decode()
    assert mail.send_due(now=NOW, limit=10) == 1
    assert [message.subject for message in mailoutbox] == ["Subject lost"]


@pytest.mark.parametrize(
    ("state", "shown"),
    [("waiting", {"new"}), ("given_up", {"lost"}), ("sent", {"done"}), ("odd", {"new", "lost", "done"})],
)
def test_mails_by_state(as_dora, state, shown):
    put("new")
    put("lost", tries=mail.MAX_TRIES)
    put("done", sent_at=NOW)
    assert {row.key for row in as_dora.get(MAILS, {"state": state}).context["cl"].result_list} == shown


def test_staff_cannot_read_links_that_set_a_password(as_dora):
    secret, plain = put("account:1"), put("invoice:1")
    for row, readable in ((secret, False), (plain, True)):
        page = as_dora.get(reverse("admin:selfcare_outgoingmail_change", args=[row.pk])).content.decode()
        assert ("Body of" in page) is readable


def test_there_is_one_brand(as_dora):
    add = reverse("admin:selfcare_brand_add")
    picture = BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    logo = SimpleUploadedFile("logo.png", picture.getvalue())
    form = {"name": "Northwind Telecom", "colour": "#0b5cad", "logo": logo}
    assert as_dora.post(add, form).status_code == 302
    assert as_dora.get(add).status_code == 403
    brand = Brand.objects.get()
    change = reverse("admin:selfcare_brand_change", args=[brand.pk])
    assert f'href="{reverse("brand-logo")}"' in as_dora.get(change).content.decode()
    assert as_dora.post(reverse("admin:selfcare_brand_delete", args=[brand.pk]), {"post": "yes"}).status_code == 403
    assert "Northwind Telecom administration" in as_dora.get("/admin/").content.decode()


def test_the_administration_says_what_is_written_as_text(as_dora):
    UserFactory(username="eve", first_name="<script>alert(1)</script>")
    assert "<script>alert(1)" not in as_dora.get(reverse("admin:selfcare_user_changelist")).content.decode()
