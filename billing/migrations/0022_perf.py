"""Hours beside the daily sums in place of a table of their own, and few statements for a call that is booked alone."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

# What was there before, for the way back, and the locks that stay as they are.
summary = import_module("billing.migrations.0012_summary")
ingest = import_module("billing.migrations.0014_ingest")

# Nobody may book between the counting of what is there and the function that counts on.
NOBODY_BOOKS = "SET LOCAL statement_timeout = 0; LOCK TABLE billing_xdr IN SHARE ROW EXCLUSIVE MODE;"
COUNTS = "service_id = 1 AND NOT failed"
COUNTED = ", ".join(f"count(*) FILTER (WHERE hour = {hour})" for hour in range(24))
ADDED = ", ".join(f"total.hours[{n}] + excluded.hours[{n}]" for n in range(1, 25))

# The moment is brought to the customer's time zone once (OFFSET 0), not for each of the 24 hours. Rows are taken in key
# order, so that two batches cannot deadlock. Any order will do for that; bytes are the fastest.
DAYS = """
    INSERT INTO billing_xdrday AS total
        (customer_id, day, service_id, failed, transactions, charged_quantity, amount, hours)
    SELECT customer_id, at::date, service_id, failed, count(*), sum(charged_quantity), sum(amount),
           CASE WHEN {counts} THEN ARRAY[{counted}]::int[] END
    FROM (SELECT *, extract(hour FROM at)::int AS hour
          FROM (SELECT row.customer_id, row.started_at AT TIME ZONE customer.time_zone AS at, row.service_id,
                       row.failed, row.charged_quantity, row.amount
                FROM {rows} row JOIN selfcare_customer customer ON customer.id = row.customer_id OFFSET 0) AS moved
          OFFSET 0) AS local
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (customer_id, day, service_id, failed) DO UPDATE SET
        transactions = total.transactions + excluded.transactions,
        charged_quantity = total.charged_quantity + excluded.charged_quantity,
        amount = total.amount + excluded.amount,
        hours = CASE WHEN total.hours IS NOT NULL THEN ARRAY[{added}] END;
"""
PLACES = """
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
"""


def days_of(rows: str) -> str:
    return DAYS.format(rows=rows, counts=COUNTS, counted=COUNTED, added=ADDED)


def places_of(rows: str) -> str:
    return PLACES.format(rows=rows)


THESE = "(SELECT * FROM billing_xdr WHERE customer_id = NEW.id)"
FUNCTIONS = f"""
-- A call that is booked alone finds each of its sums by the key; only where there is none yet, or of many rows, they are
-- grouped first. An UPDATE that finds its row takes a third of the time.
CREATE OR REPLACE FUNCTION billing_roll_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    call record;
    alone boolean;
BEGIN
    PERFORM {ingest.LOCK.format(shared="_shared")};
    SELECT row.*, local.at::date AS day, date_trunc('month', local.at)::date AS month,
           extract(hour FROM local.at)::int + 1 AS hour
    INTO call FROM new_rows row JOIN selfcare_customer customer ON customer.id = row.customer_id
    CROSS JOIN LATERAL (SELECT row.started_at AT TIME ZONE customer.time_zone AS at) AS local
    WHERE {COUNTS} AND NOT EXISTS (SELECT FROM new_rows OFFSET 1);
    alone := FOUND;

    IF alone THEN
        UPDATE billing_xdrday AS total SET
            transactions = transactions + 1,
            charged_quantity = total.charged_quantity + call.charged_quantity,
            amount = total.amount + call.amount,
            hours[call.hour] = hours[call.hour] + 1
        WHERE customer_id = call.customer_id AND total.day = call.day AND service_id = 1 AND NOT failed;
    END IF;
    IF NOT (alone AND FOUND) THEN{days_of("new_rows")}
    END IF;

    -- Without a destination nothing is to be found, and what was found last is the day.
    IF alone AND call.destination <> '' THEN
        UPDATE billing_callplace AS total SET
            calls = calls + 1,
            charged_quantity = total.charged_quantity + call.charged_quantity,
            amount = total.amount + call.amount
        WHERE customer_id = call.customer_id AND total.month = call.month AND total.country = call.country
            AND total.destination = call.destination;
    END IF;
    IF NOT (alone AND FOUND) THEN{places_of("new_rows")}
    END IF;

    IF alone THEN
        UPDATE billing_account SET balance = balance + call.amount WHERE customer_id = call.customer_id;
    END IF;
    IF NOT (alone AND FOUND) THEN{ingest.BALANCES}
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION billing_sum_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM {ingest.LOCK.format(shared="")};
    DELETE FROM billing_xdrday WHERE customer_id = NEW.id;
    DELETE FROM billing_callplace WHERE customer_id = NEW.id;
{days_of(THESE)}{places_of(THESE)}
    RETURN NULL;
END $$;
"""  # noqa: S608  # our own constants

OLD_FUNCTIONS = ingest.FUNCTIONS.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

COUNT_OLD = f"""
UPDATE billing_xdrday AS total SET hours = counted.hours
FROM (
    SELECT customer_id, at::date AS day, ARRAY[{COUNTED}]::int[] AS hours
    FROM (SELECT *, extract(hour FROM at)::int AS hour
          FROM (SELECT customer_id, started_at AT TIME ZONE customer.time_zone AS at
                FROM billing_xdr JOIN selfcare_customer customer ON customer.id = customer_id
                WHERE {COUNTS} OFFSET 0) AS moved
          OFFSET 0) AS local
    GROUP BY 1, 2
) AS counted
WHERE total.customer_id = counted.customer_id AND total.day = counted.day AND {COUNTS};
"""  # noqa: S608  # our own constants

NO_HOURS_TABLE = """
DROP TABLE billing_callhours;
DROP FUNCTION billing_add_hours(int[], int[], int[]);
"""
HOURS_TABLE = f"""
{summary.TABLES[summary.TABLES.index("CREATE TABLE billing_callhours") :]}
INSERT INTO billing_callhours (customer_id, month, calls)
{summary.HOURS.format(rows="billing_xdr")};
{ingest.SMALLER_HOURS.format(type="int")}
"""

# A batch may touch every row of a page at once; only where each finds room there, rows stay where they are and no index
# is written.
ROOM = "ALTER TABLE billing_callplace SET (fillfactor = {part})"


class Migration(migrations.Migration):
    dependencies = [("billing", "0018_papers")]
    operations = [
        migrations.RunSQL(NOBODY_BOOKS, migrations.RunSQL.noop),
        migrations.RunSQL(
            f"ALTER TABLE billing_xdrday ADD COLUMN hours int[]; {COUNT_OLD}",
            "ALTER TABLE billing_xdrday DROP COLUMN hours",
        ),
        migrations.RunSQL(FUNCTIONS, OLD_FUNCTIONS),
        migrations.RunSQL(NO_HOURS_TABLE, HOURS_TABLE),
        migrations.RunSQL(ROOM.format(part=50), ROOM.format(part=70)),
        migrations.RunSQL(migrations.RunSQL.noop, NOBODY_BOOKS),
        migrations.DeleteModel(name="CallHours"),
        migrations.AddField(
            model_name="xdrday",
            name="hours",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), null=True, size=24, verbose_name="calls by hour"
            ),
        ),
    ]
