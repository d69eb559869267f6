"""The statements that judge staged calls, find their lines and make ledger rows of them, all calls at once.

Who came from where and which line it was is decided as `billing.operations.calls` decides it for a call to be rated.
"""

STAGE = """
CREATE TEMPORARY TABLE billing_staged (
    file_line bigint, external_id text, customer_id bigint, account text, cli text, cld text, account_e164 text,
    cli_e164 text, cld_e164 text, started_at timestamptz, seconds int, cause text, service text,
    amount numeric(18,5), currency text, country text, destination text
) ON COMMIT DROP
"""
COLUMNS = (
    *("file_line", "external_id", "customer_id", "account", "cli", "cld", "account_e164", "cli_e164", "cld_e164"),
    *("started_at", "seconds", "cause", "service", "amount", "currency", "country", "destination"),
)
# An empty cell is NULL only where a number could not be read with certainty.
COPY = f"""
COPY billing_staged ({", ".join(COLUMNS)})
FROM STDIN (FORMAT csv, FORCE_NOT_NULL (account, cli, cld, cause, service, currency, country, destination))
"""
ANALYZE = "ANALYZE billing_staged"

# Whose a number is: an extension of his own office, else a line of anybody, else a number of anybody.
END = """
LEFT JOIN centrex_extension AS {end}_extension
    ON {end}_extension.customer_id = office.id AND {end}_extension.number = staged.{end}
LEFT JOIN centrex_line AS {end}_inside ON {end}_inside.id = {end}_extension.line_id
LEFT JOIN centrex_line AS {end}_line
    ON {end}_extension.id IS NULL
    AND {end}_line.account_id = coalesce(staged.{end}_e164, regexp_replace(staged.{end}, '^[+]', ''))
LEFT JOIN centrex_did AS {end}_did
    ON {end}_extension.id IS NULL AND {end}_line.id IS NULL AND {end}_did.customer_id IS NOT NULL
    AND {end}_did.number = coalesce(staged.{end}_e164, regexp_replace(staged.{end}, '^[+]', ''))
"""
OWNER = """
CASE WHEN {end}_extension.id IS NOT NULL THEN coalesce({end}_inside.customer_id, office.id)
     ELSE coalesce({end}_line.customer_id, {end}_did.customer_id) END AS {end}_owner,
CASE WHEN {end}_extension.id IS NOT NULL THEN {end}_extension.line_id
     WHEN {end}_line.id IS NOT NULL THEN {end}_line.id ELSE {end}_did.line_id END AS {end}_line
"""
ENDS = ("account", "cli", "cld")
FULL_NUMBER = "^[+]?[0-9]{7,}$"

JUDGE = f"""
CREATE TEMPORARY TABLE billing_judged ON COMMIT DROP AS
WITH found AS (
    SELECT staged.*, service.id AS service_id, customer.id IS NOT NULL AS known, customer.currency AS own_currency,
        money.tariff_id,
        {", ".join(OWNER.format(end=end) for end in ENDS)}
    FROM billing_staged AS staged
    LEFT JOIN selfcare_customer AS customer ON customer.id = staged.customer_id
    LEFT JOIN selfcare_customer AS office ON office.id = coalesce(customer.main_office_id, customer.id)
    LEFT JOIN billing_account AS money ON money.customer_id = customer.id
    LEFT JOIN unnest(%(services)s::text[], %(service_ids)s::smallint[]) AS service (name, id)
        ON service.name = lower(staged.service)
    {"".join(END.format(end=end) for end in ENDS)}
), directed AS (
    SELECT found.*, coalesce(CASE
        WHEN num_nulls(account_owner, cli_owner, cld_owner) = 3 AND cld !~ '{FULL_NUMBER}' THEN cli ~ '{FULL_NUMBER}'
        WHEN cld_owner IS DISTINCT FROM customer_id OR cli_owner = customer_id THEN false
        ELSE cli_e164 IS NOT NULL OR account_owner IS DISTINCT FROM customer_id
            OR (account_owner, account_line) IS NOT DISTINCT FROM (cld_owner, cld_line)
    END, false) AS incoming
    FROM found
)
SELECT directed.file_line, directed.customer_id, directed.service_id, directed.started_at, directed.amount,
    directed.started_at + make_interval(secs => directed.seconds) AS ended_at,
    %(source)s || ':' || directed.customer_id || ':' || directed.external_id AS external_id,
    directed.external_id AS call_id,
    coalesce(
        CASE WHEN incoming AND cld_owner = customer_id THEN cld_line END,
        CASE WHEN account_owner = customer_id THEN account_line END,
        CASE WHEN NOT incoming AND cli_owner = customer_id THEN cli_line END
    ) AS line_id,
    coalesce(cli_e164, cli) AS cli, coalesce(cld_e164, cld) AS cld,
    coalesce(place.country, directed.country) AS country,
    coalesce(place.destination, directed.destination) AS destination,
    CASE WHEN incoming THEN %(incoming)s ELSE '' END AS description,
    CASE WHEN cause = '' THEN 'ANSWERED' ELSE cause END AS cause,
    seconds AS quantity, seconds AS charged_quantity, false AS failed, NULL::numeric AS rate, 0 AS connect_fee,
    0 AS discount, 0 AS tax, NULL::uuid AS terms_id, NULL::jsonb AS pieces,
    CASE
        WHEN NOT known THEN format('there is no customer %%s', directed.customer_id)
        WHEN service_id IS NULL THEN format('unknown service %%L', service)
        WHEN directed.started_at < %(first)s OR directed.started_at >= %(end)s
            THEN format('the date %%s is too far away', (directed.started_at AT TIME ZONE 'UTC')::date)
        WHEN currency <> own_currency
            THEN format('the amount is in %%s, the customer pays in %%s', currency, own_currency)
    END AS refusal
FROM directed
LEFT JOIN LATERAL (
    SELECT rate.country, rate.destination FROM billing_rate AS rate
    WHERE NOT incoming AND directed.destination = '' AND rate.tariff_id = directed.tariff_id
        AND rate.prefix = ANY (ARRAY(SELECT left(cld_e164, digits) FROM generate_series(1, 15) AS digits))
        AND (rate.effective_from IS NULL OR rate.effective_from <= directed.started_at)
        AND (rate.effective_to IS NULL OR directed.started_at < rate.effective_to)
    ORDER BY length(rate.prefix) DESC, rate.effective_from DESC NULLS LAST, rate.time_slot LIMIT 1
) AS place ON true
"""  # noqa: S608  # our own constants
REFUSED = "SELECT file_line, refusal FROM billing_judged WHERE refusal IS NOT NULL ORDER BY file_line"
DROP_REFUSED = "DELETE FROM billing_judged WHERE refusal IS NOT NULL"
LAST_CALLS = "SELECT line_id, max(started_at) FROM billing_judged WHERE line_id IS NOT NULL GROUP BY line_id"
# Of the customers who want to hear of single calls; whether it is abroad or night is decided for each.
WORTH_TELLING = """
SELECT judged.customer_id, judged.service_id, judged.started_at, judged.line_id, judged.amount, judged.cld,
    judged.external_id
FROM billing_judged AS judged JOIN billing_spendlimits AS limits ON limits.customer_id = judged.customer_id
WHERE judged.service_id = %s AND judged.started_at > %s AND judged.amount > 0
    AND (judged.amount > limits.call_over OR limits.night_abroad)
ORDER BY judged.started_at
"""
DROP = "DROP TABLE billing_staged, billing_judged"
