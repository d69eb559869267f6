"""A new costly number may be a huntgroup's or an abbreviated one's too; one that never waits has no time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("centrex", "0018_undo"),
        ("selfcare", "0009_subs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="newdestination",
            name="abbreviated",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="centrex.abbreviatednumber",
                verbose_name="abbreviated number",
            ),
        ),
        migrations.AddField(
            model_name="newdestination",
            name="huntgroup",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="centrex.huntgroup",
                verbose_name="huntgroup",
            ),
        ),
        migrations.AlterField(
            model_name="newdestination",
            name="counts_from",
            field=models.DateTimeField(blank=True, null=True, verbose_name="in use from"),
        ),
        migrations.AlterField(
            model_name="newdestination",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="centrex.line",
                verbose_name="phone line",
            ),
        ),
        migrations.AlterField(
            model_name="newdestination",
            name="place",
            field=models.CharField(
                choices=[
                    ("forwarding", "Forwarding"),
                    ("screening", "Call Screening"),
                    ("huntgroup", "Opening hours of a huntgroup"),
                    ("abbreviated", "Abbreviated Dialing"),
                ],
                max_length=12,
                verbose_name="where",
            ),
        ),
        migrations.AddConstraint(
            model_name="newdestination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("abbreviated__isnull", True),
                        ("huntgroup__isnull", False),
                        ("line__isnull", False),
                        ("place", "huntgroup"),
                    ),
                    models.Q(
                        ("abbreviated__isnull", False),
                        ("huntgroup__isnull", True),
                        ("line__isnull", True),
                        ("place", "abbreviated"),
                    ),
                    models.Q(
                        ("abbreviated__isnull", True),
                        ("huntgroup__isnull", True),
                        ("line__isnull", False),
                        ("place__in", ["forwarding", "screening"]),
                    ),
                    _connector="OR",
                ),
                name="destination_has_its_place",
            ),
        ),
        # A number that never waited had the time at which it was saved.
        migrations.RunSQL(
            "UPDATE centrex_newdestination SET counts_from = NULL WHERE counts_from = made_at",
            "UPDATE centrex_newdestination SET counts_from = made_at WHERE counts_from IS NULL",
        ),
    ]
