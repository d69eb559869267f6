"""What e-invoices need to know of the telephone company and of customers without tax."""

import django_countries.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("selfcare", "0010_caps"),
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
            model_name="brand",
            name="no_tax",
            field=models.CharField(
                blank=True,
                choices=[
                    ("E", "Exempt from tax"),
                    ("Z", "Taxed at 0 %"),
                    ("AE", "Reverse charge: the customer owes the tax"),
                    ("G", "Export: the customer is outside the European Union"),
                    ("O", "Not subject to VAT"),
                ],
                help_text="Why customers with a tax rate of 0 pay no tax, such as “Exempt from tax”. Without a reason they get no e-invoice. A customer can have a reason of his own.",
                max_length=2,
                verbose_name="invoices without tax",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="no_tax_words",
            field=models.CharField(
                blank=True,
                help_text="Printed on invoices that are exempt from tax, such as “VAT exempt, small business scheme”.",
                max_length=200,
                verbose_name="words for an exemption",
            ),
        ),
        migrations.AddField(
            model_name="brand",
            name="registration",
            field=models.CharField(
                blank=True,
                help_text="The number in the register of companies, such as HRB 12345. An e-invoice needs it or a VAT number.",
                max_length=60,
                verbose_name="company registration",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="no_tax",
            field=models.CharField(
                blank=True,
                choices=[
                    ("E", "Exempt from tax"),
                    ("Z", "Taxed at 0 %"),
                    ("AE", "Reverse charge: the customer owes the tax"),
                    ("G", "Export: the customer is outside the European Union"),
                    ("O", "Not subject to VAT"),
                ],
                help_text="Such as “Reverse charge” for a company in another country of the Union. Empty: as the brand has it.",
                max_length=2,
                verbose_name="if the rate is 0, why",
            ),
        ),
        migrations.AddField(
            model_name="customerevent",
            name="no_tax",
            field=models.CharField(
                blank=True,
                choices=[
                    ("E", "Exempt from tax"),
                    ("Z", "Taxed at 0 %"),
                    ("AE", "Reverse charge: the customer owes the tax"),
                    ("G", "Export: the customer is outside the European Union"),
                    ("O", "Not subject to VAT"),
                ],
                help_text="Such as “Reverse charge” for a company in another country of the Union. Empty: as the brand has it.",
                max_length=2,
                verbose_name="if the rate is 0, why",
            ),
        ),
        migrations.AlterField(
            model_name="brand",
            name="country",
            field=django_countries.fields.CountryField(
                blank=True, help_text="An e-invoice cannot be made without it.", max_length=2, verbose_name="country"
            ),
        ),
        migrations.AlterField(
            model_name="brand",
            name="tax_id",
            field=models.CharField(
                blank=True,
                help_text="In the European Union your VAT number with the letters of its country, such as DE136695976.",
                max_length=30,
                verbose_name="tax ID",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "selfcare_customerevent" ("address_line_1", "address_line_2", "alt_phone", "bcc", "billing", "billing_day", "city", "company_name", "contact_person", "country", "created_at", "credit_limit", "currency", "customer_class_id", "email", "extension_length", "fax", "first_name", "id", "last_name", "main_office_id", "middle_initial", "no_tax", "payment_terms_days", "pending_email", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "province", "send_statistic", "status", "tax_id", "tax_rate", "time_zone", "title", "version") VALUES (NEW."address_line_1", NEW."address_line_2", NEW."alt_phone", NEW."bcc", NEW."billing", NEW."billing_day", NEW."city", NEW."company_name", NEW."contact_person", NEW."country", NEW."created_at", NEW."credit_limit", NEW."currency", NEW."customer_class_id", NEW."email", NEW."extension_length", NEW."fax", NEW."first_name", NEW."id", NEW."last_name", NEW."main_office_id", NEW."middle_initial", NEW."no_tax", NEW."payment_terms_days", NEW."pending_email", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'insert\', NEW."id", NEW."phone", NEW."postal_code", NEW."province", NEW."send_statistic", NEW."status", NEW."tax_id", NEW."tax_rate", NEW."time_zone", NEW."title", NEW."version"); RETURN NULL;',
                    hash="fe6e6aabe85e5c6aa17ce3477724145e70752580",
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
                    func='INSERT INTO "selfcare_customerevent" ("address_line_1", "address_line_2", "alt_phone", "bcc", "billing", "billing_day", "city", "company_name", "contact_person", "country", "created_at", "credit_limit", "currency", "customer_class_id", "email", "extension_length", "fax", "first_name", "id", "last_name", "main_office_id", "middle_initial", "no_tax", "payment_terms_days", "pending_email", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "province", "send_statistic", "status", "tax_id", "tax_rate", "time_zone", "title", "version") VALUES (NEW."address_line_1", NEW."address_line_2", NEW."alt_phone", NEW."bcc", NEW."billing", NEW."billing_day", NEW."city", NEW."company_name", NEW."contact_person", NEW."country", NEW."created_at", NEW."credit_limit", NEW."currency", NEW."customer_class_id", NEW."email", NEW."extension_length", NEW."fax", NEW."first_name", NEW."id", NEW."last_name", NEW."main_office_id", NEW."middle_initial", NEW."no_tax", NEW."payment_terms_days", NEW."pending_email", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'update\', NEW."id", NEW."phone", NEW."postal_code", NEW."province", NEW."send_statistic", NEW."status", NEW."tax_id", NEW."tax_rate", NEW."time_zone", NEW."title", NEW."version"); RETURN NULL;',
                    hash="a523f9edcb1ac0d5d012a7b70ff2935b01af60b1",
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
                    func='INSERT INTO "selfcare_customerevent" ("address_line_1", "address_line_2", "alt_phone", "bcc", "billing", "billing_day", "city", "company_name", "contact_person", "country", "created_at", "credit_limit", "currency", "customer_class_id", "email", "extension_length", "fax", "first_name", "id", "last_name", "main_office_id", "middle_initial", "no_tax", "payment_terms_days", "pending_email", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postal_code", "province", "send_statistic", "status", "tax_id", "tax_rate", "time_zone", "title", "version") VALUES (OLD."address_line_1", OLD."address_line_2", OLD."alt_phone", OLD."bcc", OLD."billing", OLD."billing_day", OLD."city", OLD."company_name", OLD."contact_person", OLD."country", OLD."created_at", OLD."credit_limit", OLD."currency", OLD."customer_class_id", OLD."email", OLD."extension_length", OLD."fax", OLD."first_name", OLD."id", OLD."last_name", OLD."main_office_id", OLD."middle_initial", OLD."no_tax", OLD."payment_terms_days", OLD."pending_email", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, clock_timestamp(), \'delete\', OLD."id", OLD."phone", OLD."postal_code", OLD."province", OLD."send_statistic", OLD."status", OLD."tax_id", OLD."tax_rate", OLD."time_zone", OLD."title", OLD."version"); RETURN NULL;',
                    hash="4c9dfb138112b95d9b136f2e33d3a7ee8cb8d69e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b3c96",
                    table="selfcare_customer",
                    when="AFTER",
                ),
            ),
        ),
    ]
