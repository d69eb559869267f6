"""Proofs that the ledger adds up."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction

BALANCES = """
SELECT coalesce(account.customer_id, raw.customer_id), coalesce(account.balance, 0), coalesce(raw.amount, 0)
FROM billing_account AS account FULL JOIN (SELECT customer_id, sum(amount) AS amount FROM billing_xdr GROUP BY 1) AS raw
    ON raw.customer_id = account.customer_id
WHERE coalesce(account.balance, 0) <> coalesce(raw.amount, 0) ORDER BY 1
"""
TOTALS = """
SELECT customer_id, day, service_id, failed, kept.transactions, raw.transactions, kept.amount, raw.amount
FROM billing_xdrday AS kept FULL JOIN (
    SELECT customer_id, (started_at AT TIME ZONE customer.time_zone)::date AS day, service_id, failed,
        count(*) AS transactions, sum(charged_quantity) AS charged_quantity, sum(amount) AS amount
    FROM billing_xdr JOIN selfcare_customer AS customer ON customer.id = customer_id GROUP BY 1, 2, 3, 4
) AS raw USING (customer_id, day, service_id, failed)
WHERE (kept.transactions, kept.charged_quantity, kept.amount)
    IS DISTINCT FROM (raw.transactions, raw.charged_quantity, raw.amount)
ORDER BY 1, 2, 3, 4
"""
PLACES = """
SELECT customer_id, month, destination, kept.calls, raw.calls, kept.amount, raw.amount
FROM billing_callplace AS kept FULL JOIN (
    SELECT customer_id, date_trunc('month', started_at AT TIME ZONE customer.time_zone)::date AS month, xdr.country,
        destination, count(*) AS calls, sum(charged_quantity) AS charged_quantity, sum(amount) AS amount
    FROM billing_xdr AS xdr JOIN selfcare_customer AS customer ON customer.id = customer_id
    WHERE service_id = 1 AND NOT failed AND destination <> '' GROUP BY 1, 2, 3, 4
) AS raw USING (customer_id, month, country, destination)
WHERE (kept.calls, kept.charged_quantity, kept.amount) IS DISTINCT FROM (raw.calls, raw.charged_quantity, raw.amount)
ORDER BY 1, 2, 3
"""
HOURS = """
SELECT customer_id, day, hour, kept.calls, raw.calls
FROM (SELECT customer_id, day, ordinality::int - 1 AS hour, each AS calls
      FROM billing_xdrday, unnest(hours) WITH ORDINALITY AS each) AS kept
FULL JOIN (
    SELECT customer_id, at::date AS day, extract(hour FROM at)::int AS hour, count(*) AS calls
    FROM (SELECT customer_id, started_at AT TIME ZONE customer.time_zone AS at
          FROM billing_xdr JOIN selfcare_customer AS customer ON customer.id = customer_id
          WHERE service_id = 1 AND NOT failed) AS local GROUP BY 1, 2, 3
) AS raw USING (customer_id, day, hour)
WHERE coalesce(kept.calls, 0) <> coalesce(raw.calls, 0) ORDER BY 1, 2, 3
"""
KEYS = """
SELECT coalesce(key.external_id, raw.external_id), count(key.external_id), count(raw.external_id)
FROM billing_xdrkey AS key FULL JOIN billing_xdr AS raw USING (external_id)
GROUP BY 1 HAVING count(raw.external_id) <> 1 OR count(key.external_id) <> 1 ORDER BY 1
"""


def differences() -> Iterator[str]:
    """A sentence for each balance, daily or monthly total and external id that is not what the rows of the ledger say.

    Reads the whole ledger as it was at one moment, however long it takes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(BALANCES)
        for customer, balance, raw in cursor.fetchall():
            yield f"customer {customer}: the balance is {balance}, the rows sum to {raw}"
        cursor.execute(TOTALS)
        for customer, day, service, failed, kept, raw, amount, raw_amount in cursor.fetchall():
            what = "failed" if failed else "successful"
            yield (
                f"customer {customer}, {day}, service {service}, {what}: the daily total is {kept or 0} rows"
                f" for {amount or 0}, in the ledger are {raw or 0} for {raw_amount or 0}"
            )
        cursor.execute(PLACES)
        for customer, month, place, kept, raw, amount, raw_amount in cursor.fetchall():
            yield (
                f"customer {customer}, {month:%Y-%m}, {place}: the monthly total is {kept or 0} calls"
                f" for {amount or 0}, in the ledger are {raw or 0} for {raw_amount or 0}"
            )
        cursor.execute(HOURS)
        for customer, day, hour, kept, raw in cursor.fetchall():
            yield (
                f"customer {customer}, {day}, hour {hour}: {kept or 0} calls are counted, in the ledger are {raw or 0}"
            )
        cursor.execute(KEYS)
        for external_id, keys, rows in cursor.fetchall():
            yield f"external id {external_id}: {keys} keys, {rows} rows"
