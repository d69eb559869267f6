"""The PDF of an invoice, kept for ever, and which ledger rows an invoice has."""

import django.db.models.deletion
from django.db import migrations, models

# What was sent to a customer stays as it was sent, whatever anybody runs against the table.
KEEP_PDF = """
CREATE FUNCTION billing_keep_pdf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the PDF of an invoice is made once and never changed'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER billing_invoice_keep_pdf BEFORE UPDATE OF pdf, pdf_sha256, pdf_made_at ON billing_invoice
    FOR EACH ROW WHEN (OLD.pdf <> '' AND (OLD.pdf, OLD.pdf_sha256, OLD.pdf_made_at)
        IS DISTINCT FROM (NEW.pdf, NEW.pdf_sha256, NEW.pdf_made_at))
    EXECUTE FUNCTION billing_keep_pdf();
"""
LET_GO = """
DROP TRIGGER billing_invoice_keep_pdf ON billing_invoice;
DROP FUNCTION billing_keep_pdf();
"""
# Which row was booked when is not known any more; what is there now is taken for what was there then.
COVER_EXISTING = """
INSERT INTO billing_invoicecover (invoice_id, start, "end", after, last)
SELECT id, period_start, period_end, 0, (SELECT coalesce(max(id), 0) FROM billing_xdr) FROM billing_invoice
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0016_pay_core"),
        ("selfcare", "0012_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoiceCover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.DateTimeField(verbose_name="from")),
                ("end", models.DateTimeField(verbose_name="till")),
                ("after", models.BigIntegerField(verbose_name="after row")),
                ("last", models.BigIntegerField(verbose_name="last row")),
            ],
            options={
                "verbose_name": "covered rows",
                "verbose_name_plural": "covered rows",
                "ordering": ["start", "after"],
            },
        ),
        migrations.AddField(
            model_name="invoice",
            name="pdf",
            field=models.FileField(blank=True, editable=False, max_length=200, upload_to="", verbose_name="PDF"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="pdf_made_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="PDF made"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="pdf_next_try_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="next try to make the PDF"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="pdf_problem",
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name="why there is no PDF"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="pdf_sha256",
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name="SHA-256 of the PDF"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="pdf_tries",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="tries to make the PDF"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="xml_problem",
            field=models.CharField(
                blank=True, editable=False, max_length=300, verbose_name="why the PDF has no e-invoice"
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(condition=models.Q(("pdf", "")), fields=["id"], name="invoices_without_pdf"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pdf", ""), ("pdf_made_at", None), ("pdf_sha256", "")),
                    models.Q(
                        models.Q(("pdf", ""), _negated=True),
                        models.Q(("pdf_sha256", ""), _negated=True),
                        ("pdf_made_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="pdf_with_its_hash",
            ),
        ),
        migrations.AddField(
            model_name="invoicecover",
            name="invoice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="covers", to="billing.invoice"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicecover",
            constraint=models.CheckConstraint(
                condition=models.Q(("after__lte", models.F("last")), ("start__lt", models.F("end"))),
                name="cover_is_a_span",
            ),
        ),
        migrations.RunSQL(KEEP_PDF, LET_GO),
        migrations.RunSQL(COVER_EXISTING, migrations.RunSQL.noop),
    ]
