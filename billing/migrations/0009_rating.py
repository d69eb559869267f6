"""Time slots and minimum charges; what a price was made from is kept beside the ledger."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import billing.models.tariff
import selfcare.models.customer

# Columns without a default are added to every partition at once, without rewriting a row. No foreign key: one in the
# database would halve the speed of booking.
FACTS = """
ALTER TABLE billing_xdr ADD COLUMN terms_id uuid, ADD COLUMN pieces jsonb;

CREATE TRIGGER billing_rateterms_append_only BEFORE UPDATE OR DELETE ON billing_rateterms
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change();
"""
UNDO = """
DROP TRIGGER billing_rateterms_append_only ON billing_rateterms;
ALTER TABLE billing_xdr DROP COLUMN terms_id, DROP COLUMN pieces;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0007_subscriptions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RateDeck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("content", models.BinaryField()),
                ("effective", models.DateTimeField(verbose_name="effective from")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded")),
            ],
            options={
                "verbose_name": "uploaded price list",
                "verbose_name_plural": "uploaded price lists",
            },
        ),
        migrations.CreateModel(
            name="RateTerms",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("tariff", models.CharField(max_length=60, verbose_name="tariff")),
                ("time_zone", models.CharField(max_length=50, verbose_name="time zone")),
                ("prefix", models.CharField(blank=True, max_length=15, verbose_name="prefix")),
                ("destination", models.CharField(max_length=100, verbose_name="destination")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "time_slot",
                    models.CharField(
                        choices=[
                            ("flat", "All day"),
                            ("peak", "Peak"),
                            ("off_peak", "Off-peak"),
                            ("off_peak_2", "2nd off-peak"),
                        ],
                        max_length=10,
                        verbose_name="time slot",
                    ),
                ),
                ("connect_fee", models.DecimalField(decimal_places=5, max_digits=12, verbose_name="connect fee")),
                ("free_seconds", models.PositiveIntegerField(verbose_name="free seconds")),
                ("first_interval", models.PositiveIntegerField(verbose_name="first interval, sec")),
                ("next_interval", models.PositiveIntegerField(verbose_name="next interval, sec")),
                (
                    "price_first",
                    models.DecimalField(decimal_places=6, max_digits=12, verbose_name="price a minute, first interval"),
                ),
                (
                    "price_next",
                    models.DecimalField(decimal_places=6, max_digits=12, verbose_name="price a minute, next intervals"),
                ),
                ("minimum_charge", models.DecimalField(decimal_places=5, max_digits=12, verbose_name="minimum charge")),
                ("effective_from", models.DateTimeField(null=True, verbose_name="effective from")),
            ],
            options={
                "verbose_name": "applied terms",
                "verbose_name_plural": "applied terms",
                "ordering": ["tariff", "prefix"],
            },
        ),
        migrations.AlterModelOptions(
            name="rate",
            options={
                "ordering": ["prefix", "time_slot", "effective_from"],
                "verbose_name": "rate",
                "verbose_name_plural": "rates",
            },
        ),
        migrations.RemoveConstraint(
            model_name="rate",
            name="one_rate_a_prefix_and_date",
        ),
        migrations.AddField(
            model_name="rate",
            name="minimum_charge",
            field=models.DecimalField(
                decimal_places=5,
                default=Decimal("0"),
                help_text="What an answered call costs at least, such as 0.10. Enter 0 for none.",
                max_digits=12,
                validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                verbose_name="minimum charge",
            ),
        ),
        migrations.AddField(
            model_name="rate",
            name="time_slot",
            field=models.CharField(
                choices=[
                    ("flat", "All day"),
                    ("peak", "Peak"),
                    ("off_peak", "Off-peak"),
                    ("off_peak_2", "2nd off-peak"),
                ],
                default="flat",
                help_text="Peak and off-peak follow the hours of the tariff.",
                max_length=10,
                verbose_name="time slot",
            ),
        ),
        migrations.AddField(
            model_name="tariff",
            name="off_peak_hours",
            field=models.CharField(
                blank=True,
                help_text="When off-peak prices hold; all other time is peak. For example evenings and weekends: wd{mo-fr} hr{18-23 0-7}, wd{sa su}. Empty: always peak.",
                max_length=500,
                validators=[billing.models.tariff.validate_hours],
                verbose_name="off-peak hours",
            ),
        ),
        migrations.AddField(
            model_name="tariff",
            name="second_off_peak_hours",
            field=models.CharField(
                blank=True,
                help_text="A second, usually cheaper time, such as nights: hr{0-5}. It goes before the off-peak hours.",
                max_length=500,
                validators=[billing.models.tariff.validate_hours],
                verbose_name="2nd off-peak hours",
            ),
        ),
        migrations.AddField(
            model_name="tariff",
            name="time_zone",
            field=models.CharField(
                default="UTC",
                help_text="The clock of peak and off-peak, such as Europe/Berlin.",
                max_length=50,
                validators=[selfcare.models.customer.validate_time_zone],
                verbose_name="time zone",
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.UniqueConstraint(
                fields=("tariff", "prefix", "time_slot", "effective_from"),
                name="one_rate_a_prefix_slot_and_date",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("time_slot__in", ["flat", "peak", "off_peak", "off_peak_2"])),
                name="rate_has_a_known_slot",
            ),
        ),
        migrations.AddConstraint(
            model_name="rate",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum_charge__gte", 0)), name="minimum_charge_not_negative"
            ),
        ),
        migrations.AddField(
            model_name="ratedeck",
            name="tariff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="billing.tariff",
                verbose_name="tariff",
            ),
        ),
        migrations.AddField(
            model_name="ratedeck",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.RunSQL(FACTS, UNDO),
    ]
