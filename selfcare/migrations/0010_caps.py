"""The state of a text message: one that may have been sent is never sent again."""

from django.db import migrations, models
from django.db.models import Case, Q, Value, When

STATES = [
    ("waiting", "Waiting"),
    ("sending", "Being handed over"),
    ("sent", "Sent"),
    ("unsure", "Maybe sent; not sent again"),
    ("given_up", "Given up"),
    ("withheld", "Withheld: too many, or a country that is not allowed"),
]


def fill_in(apps, schema_editor):
    """What was tried before and has no answer may have been sent."""
    apps.get_model("selfcare", "OutgoingSms").objects.update(
        state=Case(
            When(sent_at__isnull=False, then=Value("sent")),
            When(tries=0, then=Value("waiting")),
            default=Value("unsure"),
        )
    )


class Migration(migrations.Migration):
    dependencies = [("selfcare", "0009_subs")]
    operations = [
        migrations.AddField(
            model_name="outgoingsms",
            name="state",
            field=models.CharField(choices=STATES, default="waiting", max_length=10, verbose_name="state"),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(model_name="outgoingsms", index=models.Index(fields=["created_at"], name="sms_of_an_hour")),
        migrations.AddIndex(
            model_name="outgoingsms",
            index=models.Index(condition=Q(("state", "waiting")), fields=["id"], name="sms_waiting"),
        ),
    ]
