from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

import selfcare.models.customer

CYCLES = [
    ("monthly", "Every billing period"),
    ("anniversary", "Every month, from the day on which it began"),
    ("daily", "Every day"),
]


def charged_by():
    return [
        ("cycle", models.CharField(choices=CYCLES, default="monthly", max_length=12, verbose_name="charged")),
        (
            "in_arrears",
            models.BooleanField(
                default=False,
                help_text="Ticked: each period is charged at its end; else at its beginning.",
                verbose_name="charged in arrears",
            ),
        ),
        (
            "prorated",
            models.BooleanField(
                default=True,
                help_text="Ticked: a part of a period costs a part of the fee, by days; else the whole fee.",
                verbose_name="pro rata",
            ),
        ),
    ]


def plan_next_charges(apps, schema_editor):
    """What was there is charged in advance: next when what is charged is over; nothing after its end."""
    subscriptions = apps.get_model("billing", "Subscription").objects
    subscriptions.filter(ended_at=None).update(next_charge_at=F("charged_until"))


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0010_discounts"),
        ("centrex", "0017_attendant"),
        ("selfcare", "0009_subs"),
    ]

    operations = [
        migrations.CreateModel(
            name="SubscriptionPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                *charged_by(),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[selfcare.models.customer.validate_currency],
                        verbose_name="currency",
                    ),
                ),
                (
                    "fee",
                    models.DecimalField(
                        decimal_places=3,
                        help_text="For one period, without tax.",
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="periodic fee",
                    ),
                ),
                (
                    "activation_fee",
                    models.DecimalField(
                        decimal_places=3,
                        default=Decimal(0),
                        help_text="Charged once, when the subscription begins.",
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="activation fee",
                    ),
                ),
                (
                    "is_offered",
                    models.BooleanField(
                        default=True,
                        help_text="Not ticked: it is given to nobody any more; who has it keeps it.",
                        verbose_name="offered",
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription plan",
                "verbose_name_plural": "subscription plans",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("activation_fee__gte", 0), ("fee__gte", 0)), name="plan_fees_not_negative"
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="subscription", name="subscription_fee_not_negative"),
        migrations.RemoveIndex(model_name="subscription", name="subscriptions_to_charge"),
        migrations.RenameField(model_name="subscription", old_name="monthly_fee", new_name="default_fee"),
        migrations.AlterField(
            model_name="subscription",
            name="default_fee",
            field=models.DecimalField(decimal_places=3, max_digits=14, verbose_name="default fee"),
        ),
        *(
            migrations.AddField(model_name="subscription", name=name, field=field)
            for name, field in [
                *charged_by(),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="billing.subscriptionplan",
                        verbose_name="subscription plan",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="centrex.line",
                        verbose_name="line",
                    ),
                ),
                (
                    "discount",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=5,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="discount, %",
                    ),
                ),
                (
                    "activation_fee",
                    models.DecimalField(
                        decimal_places=3, default=Decimal(0), max_digits=14, verbose_name="activation fee"
                    ),
                ),
                (
                    "next_charge_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="next charge"),
                ),
                ("given_as", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
            ]
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("activation_fee__gte", 0), ("default_fee__gte", 0)),
                name="subscription_fee_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("discount__gte", 0), ("discount__lte", 100)),
                name="subscription_discount_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("did", None), ("line", None), _connector="OR"),
                name="subscription_of_number_or_line",
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("next_charge_at__isnull", False)),
                fields=["next_charge_at"],
                name="subscriptions_to_charge",
            ),
        ),
        migrations.CreateModel(
            name="StatisticSent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period_start", models.DateTimeField(verbose_name="period starts")),
                ("period_end", models.DateTimeField(verbose_name="period ends")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("full", "Full Statistics"),
                            ("summary", "Summary Only"),
                            ("nothing", "Do Not Send"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "by_link",
                    models.BooleanField(
                        default=False,
                        help_text="The file was too large for a mail; it had a link.",
                        verbose_name="by link",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="selfcare.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "statistic sent",
                "verbose_name_plural": "statistics sent",
                "ordering": ["-period_end", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "period_end"), name="one_statistic_a_period")
                ],
            },
        ),
        # Last: PostgreSQL does not alter a table whose rows the same transaction has changed.
        migrations.RunPython(plan_next_charges, migrations.RunPython.noop),
    ]
