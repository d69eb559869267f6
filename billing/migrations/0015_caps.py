"""Spending limits, who is told, and the notices that were sent."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Who spends today is asked for all customers at once.
TODAY = "CREATE INDEX billing_xdrday_day ON billing_xdrday (day)"


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0014_ingest"),
        ("centrex", "0017_attendant"),
        ("selfcare", "0010_caps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LineLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "daily_limit",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Calls may cost in a day",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="selfcare.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="centrex.line",
                        verbose_name="phone line",
                    ),
                ),
            ],
            options={
                "verbose_name": "spending limit of a line",
                "verbose_name_plural": "spending limits of lines",
                "ordering": ["line__account_id"],
            },
        ),
        migrations.CreateModel(
            name="LineLimitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "daily_limit",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Calls may cost in a day",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="selfcare.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="centrex.line",
                        verbose_name="phone line",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="states",
                        to="billing.linelimit",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SpendLimits",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "daily_limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Calls may cost in a day",
                    ),
                ),
                (
                    "period_limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Calls may cost in a billing period",
                    ),
                ),
                ("raised_on", models.DateField(blank=True, null=True, verbose_name="raised on")),
                (
                    "raised_to",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="raised to",
                    ),
                ),
                (
                    "low_funds",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Tell us when less than this is available",
                    ),
                ),
                (
                    "day_over",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Tell us when a day costs more than",
                    ),
                ),
                (
                    "call_over",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Tell us when one call costs more than",
                    ),
                ),
                (
                    "night_abroad",
                    models.BooleanField(default=False, verbose_name="Tell us when somebody calls abroad at night"),
                ),
                (
                    "automatic",
                    models.BooleanField(
                        default=True,
                        help_text="Without a limit of his own the customer is limited by the policy of his class.",
                        verbose_name="limit by usual use",
                    ),
                ),
                (
                    "most_a_day",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: by the policy of the class.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="highest limit for a day",
                    ),
                ),
                (
                    "most_a_period",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: none.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="highest limit for a billing period",
                    ),
                ),
                ("low_since", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="low since")),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spend_limits",
                        to="selfcare.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "spending limits",
                "verbose_name_plural": "spending limits",
                "ordering": ["customer__company_name"],
            },
        ),
        migrations.CreateModel(
            name="SpendLimitsEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "daily_limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Calls may cost in a day",
                    ),
                ),
                (
                    "period_limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Calls may cost in a billing period",
                    ),
                ),
                ("raised_on", models.DateField(blank=True, null=True, verbose_name="raised on")),
                (
                    "raised_to",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="raised to",
                    ),
                ),
                (
                    "low_funds",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Tell us when less than this is available",
                    ),
                ),
                (
                    "day_over",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Tell us when a day costs more than",
                    ),
                ),
                (
                    "call_over",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="Tell us when one call costs more than",
                    ),
                ),
                (
                    "night_abroad",
                    models.BooleanField(default=False, verbose_name="Tell us when somebody calls abroad at night"),
                ),
                (
                    "automatic",
                    models.BooleanField(
                        default=True,
                        help_text="Without a limit of his own the customer is limited by the policy of his class.",
                        verbose_name="limit by usual use",
                    ),
                ),
                (
                    "most_a_day",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: by the policy of the class.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="highest limit for a day",
                    ),
                ),
                (
                    "most_a_period",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Empty: none.",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="highest limit for a billing period",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="selfcare.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="states",
                        to="billing.spendlimits",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SpendNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=120, unique=True, verbose_name="key")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("day_limit", "Limit for a day"),
                            ("period_limit", "Limit for a billing period"),
                            ("line_limit", "Limit of a phone line"),
                            ("low_funds", "Little money left"),
                            ("day_over", "Expensive day"),
                            ("call_over", "Expensive call"),
                            ("night_abroad", "Call abroad at night"),
                        ],
                        max_length=12,
                        verbose_name="About",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="Sent")),
                ("percent", models.PositiveSmallIntegerField(null=True, verbose_name="percent")),
                ("amount", models.DecimalField(decimal_places=5, max_digits=18, verbose_name="Amount")),
                ("threshold", models.DecimalField(decimal_places=5, max_digits=18, null=True, verbose_name="Of")),
                ("number", models.TextField(blank=True, default="", verbose_name="called number")),
                ("readers", models.TextField(blank=True, default="", verbose_name="To")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="selfcare.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="centrex.line",
                        verbose_name="phone line",
                    ),
                ),
            ],
            options={
                "verbose_name": "spending notice",
                "verbose_name_plural": "spending notices",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SpendPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_limited",
                    models.BooleanField(
                        default=True,
                        help_text="Off: only limits that somebody has set count.",
                        verbose_name="limit them",
                    ),
                ),
                (
                    "least",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("20"),
                        help_text="In the customer's currency, such as 20; a hundred times that in currencies without decimals.",
                        max_digits=12,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="at least, a day",
                    ),
                ),
                (
                    "times",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("3"),
                        help_text="A usual day is the mean of the last 30 days. 3 is a good start.",
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(Decimal("1"))],
                        verbose_name="times a usual day",
                    ),
                ),
                (
                    "most_times",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("3"),
                        help_text="How far the owner may raise the limit himself, such as to 3 times.",
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(Decimal("1"))],
                        verbose_name="highest choice, times that limit",
                    ),
                ),
                (
                    "customer_class",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: for all customers whose class has no row of its own.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="selfcare.customerclass",
                        verbose_name="customer class",
                    ),
                ),
            ],
            options={
                "verbose_name": "spending policy",
                "verbose_name_plural": "spending policies",
                "ordering": ["customer_class__name"],
            },
        ),
        migrations.CreateModel(
            name="SpendReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_mail", models.BooleanField(default=True, verbose_name="by e-mail")),
                ("by_sms", models.BooleanField(default=False, verbose_name="by text message")),
                (
                    "limits",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readers", to="billing.spendlimits"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "reader of spending notices",
                "verbose_name_plural": "readers of spending notices",
                "ordering": ["user__username"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="linelimit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "billing_linelimitevent" ("customer_id", "daily_limit", "id", "line_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."customer_id", NEW."daily_limit", NEW."id", NEW."line_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."version"); RETURN NULL;',
                    hash="9a13c6614ff16c35dedafcde818174cfd4f9b44c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a958c",
                    table="billing_linelimit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="linelimit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "billing_linelimitevent" ("customer_id", "daily_limit", "id", "line_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (NEW."customer_id", NEW."daily_limit", NEW."id", NEW."line_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."version"); RETURN NULL;',
                    hash="e3de232f826c2a27af0ecef7579d3e88a58293e2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_771f3",
                    table="billing_linelimit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="linelimit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "billing_linelimitevent" ("customer_id", "daily_limit", "id", "line_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "version") VALUES (OLD."customer_id", OLD."daily_limit", OLD."id", OLD."line_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."version"); RETURN NULL;',
                    hash="81d8b5c0ce2af85bcc39efcd3c227d273a953491",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_df561",
                    table="billing_linelimit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="spendlimits",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "billing_spendlimitsevent" ("automatic", "call_over", "customer_id", "daily_limit", "day_over", "id", "low_funds", "most_a_day", "most_a_period", "night_abroad", "period_limit", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "raised_to", "version") VALUES (NEW."automatic", NEW."call_over", NEW."customer_id", NEW."daily_limit", NEW."day_over", NEW."id", NEW."low_funds", NEW."most_a_day", NEW."most_a_period", NEW."night_abroad", NEW."period_limit", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."raised_on", NEW."raised_to", NEW."version"); RETURN NULL;',
                    hash="d99dfd7a9cd1f72112912cbb2d9940be5a183c29",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4df2b",
                    table="billing_spendlimits",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="spendlimits",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."automatic" IS DISTINCT FROM (NEW."automatic") OR OLD."call_over" IS DISTINCT FROM (NEW."call_over") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."daily_limit" IS DISTINCT FROM (NEW."daily_limit") OR OLD."day_over" IS DISTINCT FROM (NEW."day_over") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."low_funds" IS DISTINCT FROM (NEW."low_funds") OR OLD."most_a_day" IS DISTINCT FROM (NEW."most_a_day") OR OLD."most_a_period" IS DISTINCT FROM (NEW."most_a_period") OR OLD."night_abroad" IS DISTINCT FROM (NEW."night_abroad") OR OLD."period_limit" IS DISTINCT FROM (NEW."period_limit") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."raised_to" IS DISTINCT FROM (NEW."raised_to") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "billing_spendlimitsevent" ("automatic", "call_over", "customer_id", "daily_limit", "day_over", "id", "low_funds", "most_a_day", "most_a_period", "night_abroad", "period_limit", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "raised_to", "version") VALUES (NEW."automatic", NEW."call_over", NEW."customer_id", NEW."daily_limit", NEW."day_over", NEW."id", NEW."low_funds", NEW."most_a_day", NEW."most_a_period", NEW."night_abroad", NEW."period_limit", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."raised_on", NEW."raised_to", NEW."version"); RETURN NULL;',
                    hash="7784bbbff4729ca3f2be4603a3c9b3107381b0b9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1d031",
                    table="billing_spendlimits",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="spendlimits",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "billing_spendlimitsevent" ("automatic", "call_over", "customer_id", "daily_limit", "day_over", "id", "low_funds", "most_a_day", "most_a_period", "night_abroad", "period_limit", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "raised_to", "version") VALUES (OLD."automatic", OLD."call_over", OLD."customer_id", OLD."daily_limit", OLD."day_over", OLD."id", OLD."low_funds", OLD."most_a_day", OLD."most_a_period", OLD."night_abroad", OLD."period_limit", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."raised_on", OLD."raised_to", OLD."version"); RETURN NULL;',
                    hash="4092c4a73fa482174b826aaef552818a6d2121c0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ccb07",
                    table="billing_spendlimits",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="spendnotice",
            index=models.Index(fields=["customer", "-at"], name="spend_notices_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="spendpolicy",
            constraint=models.UniqueConstraint(
                fields=("customer_class",), name="one_spending_policy_a_class", nulls_distinct=False
            ),
        ),
        migrations.RunSQL(TODAY, "DROP INDEX billing_xdrday_day"),
    ]
