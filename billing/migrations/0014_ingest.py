"""Sums that cost less to keep and follow a customer's time zone, and a ledger that is append-only by its months too."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

# What was there before, for the way back.
summary = import_module("billing.migrations.0012_summary")
make_month_once = import_module("billing.migrations.0004_make_month_once")

# Half of what a call writes for its hour; no month has two thousand million calls.
SMALLER_HOURS = "ALTER TABLE billing_callhours ALTER COLUMN calls TYPE {type}[];"

# Whoever books holds this lock with others who book; whoever moves a customer to another time zone has it alone. So no
# row is summed by one zone and counted again by another.
LOCK = "pg_advisory_xact_lock{shared}(hashtext('billing_zone'))"

# Rows are taken in key order, so that two batches cannot deadlock. Any order will do for that; bytes are the fastest.
SUMS = """
    INSERT INTO billing_xdrday AS total
        (customer_id, day, service_id, failed, transactions, charged_quantity, amount)
    SELECT row.customer_id, (row.started_at AT TIME ZONE customer.time_zone)::date, row.service_id, row.failed,
           count(*), sum(row.charged_quantity), sum(row.amount)
    FROM {rows} row JOIN selfcare_customer customer ON customer.id = row.customer_id
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (customer_id, day, service_id, failed) DO UPDATE SET
        transactions = total.transactions + excluded.transactions,
        charged_quantity = total.charged_quantity + excluded.charged_quantity,
        amount = total.amount + excluded.amount;

    INSERT INTO billing_callplace AS total
        (customer_id, month, country, destination, calls, charged_quantity, amount)
    SELECT row.customer_id, date_trunc('month', row.started_at AT TIME ZONE customer.time_zone)::date AS month,
           row.country, row.destination, count(*), sum(row.charged_quantity), sum(row.amount)
    FROM {rows} row JOIN selfcare_customer customer ON customer.id = row.customer_id
    WHERE row.service_id = 1 AND NOT row.failed AND row.destination <> ''
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, row.country COLLATE "C", row.destination COLLATE "C"
    ON CONFLICT (customer_id, month, country, destination) DO UPDATE SET
        calls = total.calls + excluded.calls,
        charged_quantity = total.charged_quantity + excluded.charged_quantity,
        amount = total.amount + excluded.amount;

    -- Hours are added where calls are, in an array that stays in place: adding 168 numbers of each customer and month to
    -- the 168 that are there takes four times as long.
    INSERT INTO billing_callhours (customer_id, month, calls)
    SELECT DISTINCT row.customer_id, date_trunc('month', row.started_at AT TIME ZONE customer.time_zone)::date,
           array_fill(0, ARRAY[168])
    FROM {rows} row JOIN selfcare_customer customer ON customer.id = row.customer_id
    WHERE row.service_id = 1 AND NOT row.failed ORDER BY 1, 2
    ON CONFLICT DO NOTHING;

    UPDATE billing_callhours AS total SET calls = billing_add_hours(total.calls, fresh.slots, fresh.calls)
    FROM (
        SELECT locked.customer_id, locked.month, grouped.slots, grouped.calls
        FROM billing_callhours AS locked JOIN (
            SELECT counted.customer_id, counted.month, array_agg(counted.slot) AS slots,
                   array_agg(counted.calls) AS calls
            FROM (
                SELECT local.customer_id, date_trunc('month', local.at)::date AS month,
                       (extract(isodow FROM local.at)::int - 1) * 24 + extract(hour FROM local.at)::int + 1 AS slot,
                       count(*)::int AS calls
                FROM (SELECT row.customer_id, row.started_at AT TIME ZONE customer.time_zone AS at
                      FROM {rows} row JOIN selfcare_customer customer ON customer.id = row.customer_id
                      WHERE row.service_id = 1 AND NOT row.failed) AS local
                GROUP BY 1, 2, 3
            ) AS counted GROUP BY 1, 2
        ) AS grouped USING (customer_id, month)
        ORDER BY 1, 2 FOR UPDATE OF locked
    ) AS fresh
    WHERE total.customer_id = fresh.customer_id AND total.month = fresh.month;
"""
BALANCES = """
    INSERT INTO billing_account AS account (customer_id, balance)
    SELECT customer_id, sum(amount) FROM new_rows GROUP BY 1 ORDER BY 1
    ON CONFLICT (customer_id) DO UPDATE SET balance = account.balance + excluded.balance;
"""

FUNCTIONS = f"""
-- Adds these calls to the hours of the week with these numbers (1: Monday 0:00).
CREATE FUNCTION billing_add_hours(hours int[], slots int[], calls int[]) RETURNS int[] LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    FOR i IN 1..cardinality(slots) LOOP
        hours[slots[i]] := hours[slots[i]] + calls[i];
    END LOOP;
    RETURN hours;
END $$;

CREATE OR REPLACE FUNCTION billing_roll_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {LOCK.format(shared="_shared")};
{SUMS.format(rows="new_rows")}{BALANCES}
    RETURN NULL;
END $$;

CREATE FUNCTION billing_sum_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {LOCK.format(shared="")};
    DELETE FROM billing_xdrday WHERE customer_id = NEW.id;
    DELETE FROM billing_callplace WHERE customer_id = NEW.id;
    DELETE FROM billing_callhours WHERE customer_id = NEW.id;
{SUMS.format(rows="(SELECT * FROM billing_xdr WHERE customer_id = NEW.id)")}
    RETURN NULL;
END $$;

CREATE TRIGGER billing_zone AFTER UPDATE OF time_zone ON selfcare_customer FOR EACH ROW
    WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION billing_sum_again();

CREATE OR REPLACE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'rows go into billing_xdr, which keeps its sums, and not into one of its months'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RAISE EXCEPTION 'the ledger is append-only: correct it by a new row' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""  # noqa: S608  # our own constants

# Triggers of statements count for the table that a statement names only: each month needs its own.
GUARDS = """
DROP TRIGGER billing_xdr_append_only ON billing_xdr;
CREATE TRIGGER billing_xdr_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_xdr
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER billing_xdrkey_append_only BEFORE UPDATE OR DELETE ON billing_xdrkey
    FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change();

CREATE FUNCTION billing_guard_month(month regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE TRIGGER billing_xdr_append_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
        'FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change()', month);
END $$;

SELECT billing_guard_month(inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'billing_xdr'::regclass;

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
        PERFORM billing_guard_month(name::regclass);
    END IF;
END $$;
"""

# Django makes it for searches by beginning, which nobody does; it made every booking write two indexes of texts.
NO_SECOND_INDEX = """
DO $$
DECLARE
    name regclass;
BEGIN
    FOR name IN SELECT indexrelid::regclass FROM pg_index
                WHERE indrelid = 'billing_xdrkey'::regclass AND NOT indisunique LOOP
        EXECUTE format('DROP INDEX %s', name);
    END LOOP;
END $$;
"""


NO_FUNCTIONS = f"""
DROP TRIGGER billing_zone ON selfcare_customer;
DROP FUNCTION billing_sum_again();
{summary.roll_up(summary.CALLS)}
DROP FUNCTION billing_add_hours(int[], int[], int[]);
"""
NO_GUARDS = f"""
DROP TRIGGER billing_xdrkey_append_only ON billing_xdrkey;
{make_month_once.MAKE_MONTH}
DROP FUNCTION billing_guard_month(regclass);
DO $$
DECLARE
    month regclass;
BEGIN
    FOR month IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'billing_xdr'::regclass LOOP
        EXECUTE format('DROP TRIGGER billing_xdr_append_only ON %s', month);
    END LOOP;
END $$;
"""  # noqa: S608  # our own constants


class Migration(migrations.Migration):
    dependencies = [("billing", "0013_reports")]
    operations = [
        migrations.RunSQL(SMALLER_HOURS.format(type="int"), SMALLER_HOURS.format(type="bigint")),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(NO_SECOND_INDEX, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="callhours",
            name="calls",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), size=168, verbose_name="calls"
            ),
        ),
    ]
