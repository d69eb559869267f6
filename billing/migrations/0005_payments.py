"""Payments: what was taken back, when it was paid, credits as sources, and room for three decimals."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_make_month_once"),
        ("selfcare", "0002_cache_table"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="allocation",
            name="credit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credits_given",
                to="billing.invoice",
                verbose_name="credit",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="paid_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="paid"),
        ),
        migrations.AddField(
            model_name="payment",
            name="reversals",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="reversals"),
        ),
        migrations.AddField(
            model_name="payment",
            name="reversed",
            field=models.DecimalField(
                decimal_places=3,
                default=Decimal("0"),
                help_text="The part of the amount that was refunded or disputed, as the ledger has it.",
                max_digits=14,
                verbose_name="taken back",
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="amount",
            field=models.DecimalField(decimal_places=3, max_digits=14, verbose_name="amount"),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="payment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="billing.payment"
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="net",
            field=models.DecimalField(decimal_places=3, max_digits=14, verbose_name="net"),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="previous_unpaid",
            field=models.DecimalField(
                decimal_places=3, default=Decimal("0"), max_digits=14, verbose_name="unpaid before"
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="tax",
            field=models.DecimalField(decimal_places=3, max_digits=14, verbose_name="tax"),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="total",
            field=models.DecimalField(decimal_places=3, max_digits=14, verbose_name="amount"),
        ),
        migrations.AlterField(
            model_name="invoiceline",
            name="net",
            field=models.DecimalField(decimal_places=3, max_digits=14, verbose_name="net"),
        ),
        migrations.AlterField(
            model_name="payment",
            name="session_url",
            field=models.URLField(blank=True, max_length=2000, verbose_name="provider's page"),
        ),
        migrations.AlterField(
            model_name="payment",
            name="amount",
            field=models.DecimalField(decimal_places=3, max_digits=14, verbose_name="amount"),
        ),
        migrations.AlterField(
            model_name="payment",
            name="tax",
            field=models.DecimalField(decimal_places=3, default=Decimal("0"), max_digits=14, verbose_name="tax"),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("credit__isnull", False), ("payment", None)),
                    models.Q(("credit", None), ("payment__isnull", False)),
                    _connector="OR",
                ),
                name="allocation_from_one_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="allocation",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount", 0), _negated=True), name="allocation_moves_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("reversed__gte", 0), ("reversed__lte", models.F("amount"))),
                name="payment_taken_back_at_most_once",
            ),
        ),
    ]
