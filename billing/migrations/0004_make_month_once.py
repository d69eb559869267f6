"""Two importers that need the same new month at the same time: the second waits, then sees the first one's."""

from django.db import migrations

# to_regclass answers from a cache that waiting for an advisory lock does not refresh; a query has a new snapshot.
MAKE_MONTH = """
CREATE OR REPLACE FUNCTION billing_make_month(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', day);
    name text := 'billing_xdr_' || to_char(first, 'YYYYMM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('billing_make_month'));
    IF NOT EXISTS (SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                   WHERE inhparent = 'billing_xdr'::regclass AND relname = name) THEN
        EXECUTE format(
            'CREATE TABLE %I PARTITION OF billing_xdr FOR VALUES FROM (%L) TO (%L) '
            'WITH (autovacuum_vacuum_insert_scale_factor = 0.01)',
            name, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_ledger")]
    operations = [migrations.RunSQL(MAKE_MONTH, migrations.RunSQL.noop)]
