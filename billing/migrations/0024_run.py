"""Credit notes, mails of invoices, dunning, and what kept customers from their invoices."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0023_cash"),
        ("selfcare", "0013_run"),
    ]

    operations = [
        migrations.CreateModel(
            name="BillingTrouble",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="selfcare.customer",
                        verbose_name="customer",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
                ("tried_at", models.DateTimeField(verbose_name="last try")),
                ("tries", models.PositiveIntegerField(default=1, verbose_name="tries")),
                ("error", models.CharField(max_length=300, verbose_name="reason")),
            ],
            options={
                "verbose_name": "customer who could not be invoiced",
                "verbose_name_plural": "customers who could not be invoiced",
                "ordering": ["since"],
            },
        ),
        migrations.CreateModel(
            name="DunningStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        help_text="In the customer's time zone, such as 7. A step is never nearer to the one before than set here.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="days after the due date",
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("remind", "Remind by mail"),
                            ("restrict", "Bar calls to the outside"),
                            ("suspend", "Suspend the service"),
                        ],
                        help_text="Each also sends a mail. Barred: calls to the outside are refused. Suspended: all calls are refused. Calls for help always work.",
                        max_length=10,
                        verbose_name="what happens",
                    ),
                ),
                (
                    "least",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="An invoice on which less is open is left alone. In the customer's currency, such as 5.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="least amount",
                    ),
                ),
                (
                    "fee",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        help_text="Charged once, without tax, and on the next invoice; 0 for none. In the customer's currency.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="fee",
                    ),
                ),
            ],
            options={
                "verbose_name": "dunning step",
                "verbose_name_plural": "dunning steps",
                "ordering": ["customer_class__name", "days"],
            },
        ),
        migrations.CreateModel(
            name="DunningTaken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.PositiveSmallIntegerField(verbose_name="days after the due date")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("remind", "Remind by mail"),
                            ("restrict", "Bar calls to the outside"),
                            ("suspend", "Suspend the service"),
                        ],
                        max_length=10,
                        verbose_name="what happened",
                    ),
                ),
                ("least", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="least amount")),
                ("fee", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="fee")),
                ("amount", models.DecimalField(decimal_places=3, max_digits=14, verbose_name="open then")),
                ("taken_at", models.DateTimeField(verbose_name="taken")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "dunning step taken",
                "verbose_name_plural": "dunning steps taken",
                "ordering": ["-taken_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="invoice",
            name="one_invoice_a_period",
        ),
        migrations.AddField(
            model_name="account",
            name="dunning_exempt",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="No step of dunning is taken, and none that was taken counts, however long an invoice is open.",
                verbose_name="never remind or block",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="billing.invoice",
                verbose_name="corrects the invoice",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="kind",
            field=models.CharField(
                choices=[("invoice", "Invoice"), ("credit_note", "Credit note")],
                default="invoice",
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="made_as",
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="mailed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="mailed"),
        ),
        # Customers have the invoices that there are; nobody is to get years of them by mail at once.
        migrations.RunSQL("UPDATE billing_invoice SET mailed_at = issued_at", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="invoice",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="billing.invoiceline",
                verbose_name="corrects the line",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(condition=models.Q(("mailed_at", None)), fields=["issued_at"], name="invoices_to_mail"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "invoice"), ("voided_at", None)),
                fields=("customer", "period_start"),
                name="one_invoice_a_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects", None), ("kind", "invoice")),
                    models.Q(("corrects__isnull", False), ("kind", "credit_note"), ("total__lte", 0)),
                    _connector="OR",
                ),
                name="credit_note_corrects_an_invoice",
            ),
        ),
        migrations.AddField(
            model_name="dunningstep",
            name="customer_class",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: for all customers whose class has no step of its own.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="selfcare.customerclass",
                verbose_name="customer class",
            ),
        ),
        migrations.AddField(
            model_name="dunningtaken",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="selfcare.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="dunningtaken",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dunning",
                to="billing.invoice",
                verbose_name="invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="dunningstep",
            constraint=models.UniqueConstraint(
                fields=("customer_class", "days"), name="one_dunning_step_a_day", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="dunningtaken",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["customer"], name="dunning_that_lasts"),
        ),
        migrations.AddConstraint(
            model_name="dunningtaken",
            constraint=models.UniqueConstraint(fields=("invoice", "days"), name="dunning_step_once_an_invoice"),
        ),
    ]
