"""Destination groups of their own, money and peak levels, combination, roll-over and notices of volume discounts."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

import billing.models.discount
import selfcare.models.customer


def share_groups(apps, schema_editor):
    """What plans said themselves becomes groups; the same name for other prefixes gets the plan's name added."""
    # The rows are changed here and their tables right after: no check may be left for the end.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    groups = apps.get_model("billing", "DestinationGroup").objects
    for plan in apps.get_model("billing", "DiscountPlan").objects.exclude(prefixes=[]).order_by("pk"):
        prefixes = sorted(set(plan.prefixes))
        group = groups.filter(name=plan.group_name).first()
        if group is None:
            group = groups.create(name=plan.group_name, prefixes=prefixes)
        elif group.prefixes != prefixes:
            group = groups.create(name=f"{plan.group_name[:40]} {plan.pk}", prefixes=prefixes)
        plan.destination_group = group
        plan.save()


def write_groups_into_plans(apps, schema_editor):
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for plan in apps.get_model("billing", "DiscountPlan").objects.select_related("destination_group"):
        group = plan.destination_group
        plan.group_name, plan.prefixes = (group.name, group.prefixes) if group else ("All", [])
        plan.save()


def drop_what_never_applied(apps, schema_editor):
    """A step without volume gives nothing, and a discount that ends before it starts is never in force."""
    apps.get_model("billing", "DiscountStep").objects.filter(upto=0).delete()
    apps.get_model("billing", "CustomerDiscount").objects.filter(ends_at__lte=F("starts_at")).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0009_rating"),
        ("selfcare", "0008_text_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="DestinationGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                (
                    "prefixes",
                    models.JSONField(validators=[billing.models.discount.validate_prefixes], verbose_name="prefixes"),
                ),
            ],
            options={
                "verbose_name": "destination group",
                "verbose_name_plural": "destination groups",
                "ordering": ["name"],
            },
        ),
        migrations.RenameField(model_name="discountplan", old_name="destination_group", new_name="group_name"),
        migrations.AlterField(
            model_name="discountplan", name="group_name", field=models.CharField(max_length=60, default="")
        ),
        migrations.AddField(
            model_name="discountplan",
            name="destination_group",
            field=models.ForeignKey(
                blank=True,
                help_text="Which called numbers it is for; empty means every number.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="billing.destinationgroup",
                verbose_name="destination group",
            ),
        ),
        migrations.RunPython(share_groups, write_groups_into_plans),
        migrations.RunPython(drop_what_never_applied, migrations.RunPython.noop),
        migrations.RemoveField(model_name="discountplan", name="prefixes"),
        migrations.RemoveField(model_name="discountplan", name="group_name"),
        migrations.AddField(
            model_name="customerdiscount",
            name="is_direct",
            field=models.BooleanField(
                default=True,
                help_text="Off: part of a package that others have as well. What a customer has himself is used last.",
                verbose_name="given to the customer himself",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="combination",
            field=models.CharField(
                choices=[
                    ("exclusive", "On its own"),
                    ("cumulative", "Added to the others"),
                    ("sequential", "Taken off what the others leave"),
                ],
                default="exclusive",
                help_text="With other discounts on the same call: 20 % and 50 % are 70 % when added, else 60 %.",
                max_length=10,
                verbose_name="combination",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="currency",
            field=models.CharField(
                blank=True,
                help_text="Only where thresholds count money, such as EUR.",
                max_length=3,
                validators=[selfcare.models.customer.validate_currency],
                verbose_name="currency",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="measure",
            field=models.CharField(
                choices=[("volume", "Volume: minutes, messages or MB"), ("money", "Money: prices before the discount")],
                default="volume",
                max_length=6,
                verbose_name="thresholds count",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="notify_percent",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Mail to the customer when so much of a step is used, such as 80; empty: no mail.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
                verbose_name="notify at, %",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="notify_reached",
            field=models.BooleanField(
                default=False,
                help_text="Mail to the customer when a step is used up.",
                verbose_name="notify when used up",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="peak_level",
            field=models.CharField(
                choices=[("any", "Any"), ("peak", "Peak"), ("off_peak", "Off-peak"), ("off_peak_2", "2nd off-peak")],
                default="any",
                help_text="For calls that begin in this time of the customer's tariff only.",
                max_length=10,
                verbose_name="peak level",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="prorate_first",
            field=models.BooleanField(
                default=False,
                help_text="Who gets the plan in the middle of a period has only that part of its volume.",
                verbose_name="prorate the first period",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="roll_over",
            field=models.BooleanField(
                default=False,
                help_text="What is left of the first step may be used in the next period as well, but not after that.",
                verbose_name="roll over",
            ),
        ),
        migrations.AddField(
            model_name="discountplan",
            name="split_at_edge",
            field=models.BooleanField(
                default=True,
                help_text="Off: the whole call has one average discount, such as 25 % where 2 of 8 minutes are free.",
                verbose_name="split a call at an edge",
            ),
        ),
        migrations.AddField(
            model_name="discountusage",
            name="rolled_over",
            field=models.DecimalField(
                decimal_places=5, default=Decimal("0"), max_digits=18, verbose_name="rolled over"
            ),
        ),
        migrations.AlterField(
            model_name="discountplan",
            name="precedence",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="Higher is used first. What is given to a customer himself comes after what his package has.",
                verbose_name="precedence",
            ),
        ),
        migrations.AlterField(
            model_name="discountplan",
            name="reset",
            field=models.CharField(
                choices=[
                    ("daily", "Daily"),
                    ("weekly", "Weekly"),
                    ("monthly", "Monthly"),
                    ("billing_period", "Billing period"),
                    ("never", "Never (one time)"),
                ],
                default="monthly",
                help_text="When the volume begins anew, at midnight of the customer's time zone.",
                max_length=15,
                verbose_name="reset",
            ),
        ),
        migrations.AlterField(
            model_name="discountstep",
            name="upto",
            field=models.DecimalField(blank=True, decimal_places=5, max_digits=18, null=True, verbose_name="up to"),
        ),
        migrations.AlterField(
            model_name="discountusage",
            name="used",
            field=models.DecimalField(decimal_places=5, default=Decimal("0"), max_digits=18, verbose_name="used"),
        ),
        migrations.RemoveConstraint(model_name="discountstep", name="one_step_an_edge"),
        migrations.AddConstraint(
            model_name="discountstep",
            constraint=models.UniqueConstraint(
                deferrable=models.Deferrable["DEFERRED"],
                fields=("plan", "upto"),
                name="one_step_an_edge",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="customerdiscount",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                name="discount_ends_after_it_starts",
                violation_error_message="The discount must end after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="discountstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("upto", None), ("upto__gt", 0), _connector="OR"), name="step_has_volume"
            ),
        ),
        migrations.AddConstraint(
            model_name="discountstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__range", (0, 100))), name="step_percent_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="discountusage",
            constraint=models.CheckConstraint(
                condition=models.Q(("used__gte", 0), ("rolled_over__gte", 0)), name="usage_is_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="discountplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("currency", ""), ("measure", "volume")),
                    models.Q(("measure", "money"), models.Q(("currency", ""), _negated=True)),
                    _connector="OR",
                ),
                name="discount_in_money_has_a_currency",
                violation_error_message="Thresholds in money need a currency; others have none.",
            ),
        ),
        migrations.AddConstraint(
            model_name="discountplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("notify_percent", None), ("notify_percent__range", (1, 99)), _connector="OR"),
                name="discount_notice_is_a_percentage",
            ),
        ),
        migrations.AddConstraint(
            model_name="discountplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reset", "never"), _negated=True),
                    models.Q(("prorate_first", False), ("roll_over", False)),
                    _connector="OR",
                ),
                name="one_time_discount_has_no_periods",
                violation_error_message="A one-time volume has no periods: nothing rolls over or is prorated.",
            ),
        ),
    ]
