"""Calls by month and destination, and by month and hour of the week: kept by the trigger that keeps the daily sums."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# A year is at most 13 rows of hours, however many calls there are: 168 numbers in a row, Monday 0:00 first.
TABLES = """
CREATE TABLE billing_callplace (
    customer_id bigint NOT NULL,
    month date NOT NULL,
    country text NOT NULL,
    destination text NOT NULL,
    calls bigint NOT NULL,
    charged_quantity numeric(20,3) NOT NULL,
    amount numeric(20,5) NOT NULL,
    PRIMARY KEY (customer_id, month, country, destination)
) WITH (fillfactor = 70);

CREATE TABLE billing_callhours (
    customer_id bigint NOT NULL,
    month date NOT NULL,
    calls bigint[] NOT NULL CHECK (cardinality(calls) = 168),
    PRIMARY KEY (customer_id, month)
) WITH (fillfactor = 50);
"""

PLACES = """
    SELECT row.customer_id, date_trunc('month', row.started_at AT TIME ZONE customer.time_zone)::date,
           row.country, row.destination, count(*), sum(row.charged_quantity), sum(row.amount)
    FROM {rows} row JOIN selfcare_customer customer ON customer.id = row.customer_id
    WHERE row.service_id = 1 AND NOT row.failed AND row.destination <> ''
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
HOURS = """
    WITH counted AS MATERIALIZED (
        SELECT local.customer_id, date_trunc('month', local.at)::date AS month,
               (extract(isodow FROM local.at)::int - 1) * 24 + extract(hour FROM local.at)::int AS slot,
               count(*) AS calls
        FROM (SELECT row.customer_id, row.started_at AT TIME ZONE customer.time_zone AS at
              FROM {rows} row JOIN selfcare_customer customer ON customer.id = row.customer_id
              WHERE row.service_id = 1 AND NOT row.failed) local
        GROUP BY 1, 2, 3
    )
    SELECT each.customer_id, each.month, array_agg(coalesce(counted.calls, 0) ORDER BY slot)
    FROM (SELECT DISTINCT customer_id, month FROM counted) each
    CROSS JOIN generate_series(0, 167) slot LEFT JOIN counted USING (customer_id, month, slot)
    GROUP BY 1, 2 ORDER BY 1, 2
"""
FILL = (
    "INSERT INTO billing_callplace (customer_id, month, country, destination, calls, charged_quantity, amount)"
    + PLACES.format(rows="billing_xdr")
    + "; INSERT INTO billing_callhours (customer_id, month, calls)"
    + HOURS.format(rows="billing_xdr")
)

DAYS_AND_BALANCES = """
    INSERT INTO billing_xdrday AS total
        (customer_id, day, service_id, failed, transactions, charged_quantity, amount)
    SELECT row.customer_id, (row.started_at AT TIME ZONE customer.time_zone)::date, row.service_id, row.failed,
           count(*), sum(row.charged_quantity), sum(row.amount)
    FROM new_rows row JOIN selfcare_customer customer ON customer.id = row.customer_id
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    ON CONFLICT (customer_id, day, service_id, failed) DO UPDATE SET
        transactions = total.transactions + excluded.transactions,
        charged_quantity = total.charged_quantity + excluded.charged_quantity,
        amount = total.amount + excluded.amount;
{more}
    INSERT INTO billing_account AS account (customer_id, balance)
    SELECT customer_id, sum(amount) FROM new_rows GROUP BY 1 ORDER BY 1
    ON CONFLICT (customer_id) DO UPDATE SET balance = account.balance + excluded.balance;
"""
CALLS = """
    INSERT INTO billing_callplace AS total
        (customer_id, month, country, destination, calls, charged_quantity, amount)
{places}    ON CONFLICT (customer_id, month, country, destination) DO UPDATE SET
        calls = total.calls + excluded.calls,
        charged_quantity = total.charged_quantity + excluded.charged_quantity,
        amount = total.amount + excluded.amount;

    INSERT INTO billing_callhours AS total (customer_id, month, calls)
{hours}    ON CONFLICT (customer_id, month) DO UPDATE SET
        calls = ARRAY(SELECT kept + more FROM unnest(total.calls, excluded.calls)
                      WITH ORDINALITY AS hours(kept, more, slot) ORDER BY slot);
""".format(places=PLACES.format(rows="new_rows"), hours=HOURS.format(rows="new_rows"))  # noqa: S608  # our own constants


def roll_up(more: str) -> str:
    """The trigger's function. Rows are taken in key order, so that two batches cannot deadlock."""
    body = DAYS_AND_BALANCES.format(more=more)
    return (
        "CREATE OR REPLACE FUNCTION billing_roll_up() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN"
        f"{body}    RETURN NULL;\nEND $$;"
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0011_subs")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE billing_callplace; DROP TABLE billing_callhours;"),
        # What is there is counted before the trigger counts on; nobody may book between the two.
        migrations.RunSQL(
            "SET LOCAL statement_timeout = 0; LOCK TABLE billing_xdr IN SHARE ROW EXCLUSIVE MODE",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(roll_up(CALLS), roll_up("")),
        migrations.CreateModel(
            name="CallPlace",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id",
                        "month",
                        "country",
                        "destination",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("country", models.TextField(verbose_name="country")),
                ("destination", models.TextField(verbose_name="destination")),
                ("calls", models.BigIntegerField(verbose_name="calls")),
                (
                    "charged_quantity",
                    models.DecimalField(decimal_places=3, max_digits=20, verbose_name="charged quantity"),
                ),
                ("amount", models.DecimalField(decimal_places=5, max_digits=20, verbose_name="charged amount")),
            ],
            options={
                "verbose_name": "calls to a destination",
                "verbose_name_plural": "calls to destinations",
                "db_table": "billing_callplace",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="CallHours",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "customer_id", "month", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                (
                    "calls",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=168, verbose_name="calls"
                    ),
                ),
            ],
            options={
                "verbose_name": "calls by hour",
                "verbose_name_plural": "calls by hour",
                "db_table": "billing_callhours",
                "managed": False,
            },
        ),
    ]
