"""How long billing periods are, and since when."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("selfcare", "0012_papers"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="customer",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="customer",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="customer",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="customer",
            name="billing_before",
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name="former billing periods"),
        ),
        migrations.AddField(
            model_name="customer",
            name="billing_period",
            field=models.CharField(
                choices=[
                    ("daily", "Daily"),
                    ("weekly", "Weekly, Monday to Sunday"),
                    ("semimonthly", "Twice a month, from the 1st and the 16th"),
                    ("monthly", "Monthly, from the billing day"),
                    ("anniversary", "Monthly, from the day on which the customer began"),
                    ("30_days", "Every 30 days"),
                ],
                default="monthly",
                help_text="For each period there is one invoice, such as from Monday to Sunday.",
                max_length=12,
                verbose_name="billing period",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="billing_since",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="billing period counts from"),
        ),
        migrations.AddField(
            model_name="customerevent",
            name="billing_before",
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name="former billing periods"),
        ),
        migrations.AddField(
            model_name="customerevent",
            name="billing_period",
            field=models.CharField(
                choices=[
                    ("daily", "Daily"),
                    ("weekly", "Weekly, Monday to Sunday"),
                    ("semimonthly", "Twice a month, from the 1st and the 16th"),
                    ("monthly", "Monthly, from the billing day"),
                    ("anniversary", "Monthly, from the day on which the customer began"),
                    ("30_days", "Every 30 days"),
                ],
                default="monthly",
                help_text="For each period there is one invoice, such as from Monday to Sunday.",
                max_length=12,
                verbose_name="billing period",
            ),
        ),
        migrations.AddField(
            model_name="customerevent",
            name="billing_since",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="billing period counts from"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "selfcare_customerevent" ("address_line_1", "address_line_2", "alt_phone", "bcc", "billing", "billing_before", "billing_day", "billing_period", "billing_since", "city", "company_name", "contact_person", "country", "created_at", "credit_limit", "currency", "customer_class_id", "email", "extension_length", "fax", "first_name", "id", "last_name", "main_office_id", "middle_initial", "no_tax", "payment_terms_days", "pending_email", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "province", "send_statistic", "status", "tax_id", "tax_rate", "time_zone", "title", "version") VALUES (NEW."address_line_1", NEW."address_line_2", NEW."alt_phone", NEW."bcc", NEW."billing", NEW."billing_before", NEW."billing_day", NEW."billing_period", NEW."billing_since", NEW."city", NEW."company_name", NEW."contact_person", NEW."country", NEW."created_at", NEW."credit_limit", NEW."currency", NEW."customer_class_id", NEW."email", NEW."extension_length", NEW."fax", NEW."first_name", NEW."id", NEW."last_name", NEW."main_office_id", NEW."middle_initial", NEW."no_tax", NEW."payment_terms_days", NEW."pending_email", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."phone", NEW."postal_code", NEW."province", NEW."send_statistic", NEW."status", NEW."tax_id", NEW."tax_rate", NEW."time_zone", NEW."title", NEW."version"); RETURN NULL;',
                    hash="b27403d9ba0bceafb7e754f2d9accd294b8d177f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c6de4",
                    table="selfcare_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "selfcare_customerevent" ("address_line_1", "address_line_2", "alt_phone", "bcc", "billing", "billing_before", "billing_day", "billing_period", "billing_since", "city", "company_name", "contact_person", "country", "created_at", "credit_limit", "currency", "customer_class_id", "email", "extension_length", "fax", "first_name", "id", "last_name", "main_office_id", "middle_initial", "no_tax", "payment_terms_days", "pending_email", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "province", "send_statistic", "status", "tax_id", "tax_rate", "time_zone", "title", "version") VALUES (NEW."address_line_1", NEW."address_line_2", NEW."alt_phone", NEW."bcc", NEW."billing", NEW."billing_before", NEW."billing_day", NEW."billing_period", NEW."billing_since", NEW."city", NEW."company_name", NEW."contact_person", NEW."country", NEW."created_at", NEW."credit_limit", NEW."currency", NEW."customer_class_id", NEW."email", NEW."extension_length", NEW."fax", NEW."first_name", NEW."id", NEW."last_name", NEW."main_office_id", NEW."middle_initial", NEW."no_tax", NEW."payment_terms_days", NEW."pending_email", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."phone", NEW."postal_code", NEW."province", NEW."send_statistic", NEW."status", NEW."tax_id", NEW."tax_rate", NEW."time_zone", NEW."title", NEW."version"); RETURN NULL;',
                    hash="a6b6bddea13c20fac50dd6d0b2d9405904bcd6a0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1dbdd",
                    table="selfcare_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "selfcare_customerevent" ("address_line_1", "address_line_2", "alt_phone", "bcc", "billing", "billing_before", "billing_day", "billing_period", "billing_since", "city", "company_name", "contact_person", "country", "created_at", "credit_limit", "currency", "customer_class_id", "email", "extension_length", "fax", "first_name", "id", "last_name", "main_office_id", "middle_initial", "no_tax", "payment_terms_days", "pending_email", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "province", "send_statistic", "status", "tax_id", "tax_rate", "time_zone", "title", "version") VALUES (OLD."address_line_1", OLD."address_line_2", OLD."alt_phone", OLD."bcc", OLD."billing", OLD."billing_before", OLD."billing_day", OLD."billing_period", OLD."billing_since", OLD."city", OLD."company_name", OLD."contact_person", OLD."country", OLD."created_at", OLD."credit_limit", OLD."currency", OLD."customer_class_id", OLD."email", OLD."extension_length", OLD."fax", OLD."first_name", OLD."id", OLD."last_name", OLD."main_office_id", OLD."middle_initial", OLD."no_tax", OLD."payment_terms_days", OLD."pending_email", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."phone", OLD."postal_code", OLD."province", OLD."send_statistic", OLD."status", OLD."tax_id", OLD."tax_rate", OLD."time_zone", OLD."title", OLD."version"); RETURN NULL;',
                    hash="766278f2761ef486e6625715392db271988e44b5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b3c96",
                    table="selfcare_customer",
                    when="AFTER",
                ),
            ),
        ),
    ]
